/** Agents taken out of service over HTTP: what a stock master was asked and answered, and what outlives the master. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { capturesDirectory, readExchange } from '../../../conformance/captured-traffic.mjs';
import { startMaster } from '../src/index.ts';
import { AGENT_CAPABILITIES, scalar } from './core-harness.ts';
import { type Answer, eventually, post, startTestMaster, TestAgent } from './running-master.ts';

const captures = capturesDirectory();
if (captures === undefined) console.log('skipped: no captures here (set MESOLITE_CAPTURES)');
const directory = join(captures ?? '', 'operator-mutations-and-errors');

const RECORDED_AGENT = /[\da-f]{8}-[\da-f-]{27}-S0/g;
/** Drain, reactivate, deactivate, reactivate; then gone. Without the agent's own state and the registry's document. */
const REPLAYED = [101, 102, 103, 105, 106, 107, 108, 117, 118, 119, 120];
const JSON_HEADERS = { 'Content-Type': 'application/json', 'Accept': 'application/json' };

/** Of an agent only what its service concerns; when it began is another time each time. */
function comparable(text: string): unknown {
  if (!/^[[{]/.test(text)) return text;
  const document = JSON.parse(text) as Record<string, Record<string, unknown>[]> & { get_agents?: never };
  const agents =
    document['slaves'] ?? (document.get_agents as unknown as typeof document | undefined)?.['agents'] ?? [];
  return agents.map((agent) => ({
    active: agent['active'],
    deactivated: agent['deactivated'],
    drain: agent['drain_info'],
    begun: Object.keys(agent).filter((key) => key.startsWith('estimated_drain_start_time')),
  }));
}

describe.skipIf(captures === undefined)('an agent out of service', () => {
  it('is spoken of as it was', async () => {
    const master = await startTestMaster();
    const agent = await TestAgent.register(master, { resources: [scalar('cpus', 8), scalar('mem', 8192)] });
    for (const number of REPLAYED) {
      const name = readdirSync(directory).find((file) => file.startsWith(`${number}_`)) ?? '';
      const { request, response } = readExchange(join(directory, name));
      const [method = '', path = ''] = request?.start.split(' ') ?? [];
      const body = String(request?.body ?? '').replace(RECORDED_AGENT, agent.id);
      const ask = (): Promise<Answer> => post(master.port, body, JSON_HEADERS, { method, path });
      const told = { status: Number(response?.start.split(' ')[1]), body: comparable(String(response?.body)) };
      // The end of the drain, and of the agent, is recorded first.
      if (method === 'GET' || body.includes('GET_AGENTS'))
        await eventually(
          name,
          async () => JSON.stringify(comparable((await ask()).text)) === JSON.stringify(told.body),
        );
      const answer = await ask();
      expect({ status: answer.status, body: comparable(answer.text) }, name).toEqual(told);
    }
  });
});

describe('the registry', () => {
  it('keeps a drain over a restart, and what is gone', async () => {
    const workDirectory = mkdtempSync(join(tmpdir(), 'master-drain-'));
    onTestFinished(() => rmSync(workDirectory, { recursive: true }));
    const argv = ['--ip=127.0.0.1', '--port=0', '--quiet', `--work_dir=${workDirectory}`];
    const start = async () => {
      const started = await startMaster({ argv, env: {} });
      if (!started.ok) throw new Error(started.error.text);
      onTestFinished(() => started.value.stop());
      return started.value;
    };
    const first = await start();
    const capabilities = AGENT_CAPABILITIES;
    const agent = await TestAgent.register(first, { resources: [scalar('cpus', 8)], capabilities });
    const call = async (port: number, type: string, more: object): Promise<Answer> =>
      post(port, JSON.stringify({ type, ...more }), JSON_HEADERS, { path: '/api/v1' });
    const named = { agent_id: { value: agent.id } };
    const grace = { max_grace_period: { seconds: 1, nanos: 500_000_000 } };
    expect(await call(first.port, 'DEACTIVATE_AGENT', { deactivate_agent: named })).toMatchObject({ status: 200 });
    expect(await call(first.port, 'DRAIN_AGENT', { drain_agent: { ...named, ...grace } })).toMatchObject({
      status: 200,
    });
    expect(await call(first.port, 'DRAIN_AGENT', {})).toMatchObject({
      status: 400,
      text: expect.stringContaining("Expecting 'drain_agent' to be present"),
    });
    const registry = async (port: number): Promise<Record<string, unknown>> =>
      JSON.parse((await post(port, '', {}, { path: '/registrar(1)/registry', method: 'GET' })).text);
    const drained = {
      deactivated: true,
      drain_info: { state: 'DRAINED', config: { max_grace_period: { nanoseconds: 1_500_000_000 }, mark_gone: false } },
    };
    await eventually('the end of the drain', async () =>
      JSON.stringify((await registry(first.port))['slaves']).includes('DRAINED'),
    );
    await first.stop();
    const second = await start();
    expect((await registry(second.port))['slaves']).toMatchObject({ ['slaves']: [drained] });
    expect(await call(second.port, 'MARK_AGENT_GONE', { mark_agent_gone: named })).toMatchObject({ status: 200 });
    await second.stop();
    const third = await start();
    expect(await registry(third.port)).toMatchObject({
      ['slaves']: {},
      'gone': { ['slaves']: [{ id: { value: agent.id } }] },
    });
  });
});
