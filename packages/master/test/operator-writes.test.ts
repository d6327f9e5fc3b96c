/** What operators changed on a stock cluster, asked again of a whole master: the same answers, in the same words. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { capturesDirectory, readExchange } from '../../../conformance/captured-traffic.mjs';
import { startMaster } from '../src/index.ts';
import { AGENT_CAPABILITIES, ports, scalar } from './core-harness.ts';
import { type Answer, eventually, post, startTestMaster, TestAgent } from './running-master.ts';

const captures = capturesDirectory();
if (captures === undefined) console.log('skipped: no captures here (set MESOLITE_CAPTURES)');
const directory = join(captures ?? '', 'operator-mutations-and-errors');

const FIRST = 39;
const LAST = 81;

const RECORDED_AGENT = /[\da-f]{8}-[\da-f-]{27}-S0/g;
/** Recorded documents that say a great deal more, of another agent. */
const LEFT_OUT = new Set([62, 64, 65]);
/** Of these only what concerns reservations is compared. */
const AGENTS = 63;
/** What was done to an agent has to have come back from it by then. */
const OPERATIONS = 66;

function reservations(text: string): unknown {
  const agents = (JSON.parse(text) as Record<string, Record<string, unknown>[]>)['slaves'];
  return ['reserved_resources', 'reserved_resources_full', 'unreserved_resources', 'unreserved_resources_full'].map(
    (name) => comparable(JSON.stringify(agents?.[0]?.[name])),
  );
}

/** Lists of roles come from hash tables there. */
function comparable(text: string): unknown {
  if (!/^[[{]/.test(text)) return text;
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
  };
  return sorted(JSON.parse(text));
}

describe.skipIf(captures === undefined)('what operators changed', () => {
  it('is answered as it was', async () => {
    const master = await startTestMaster();
    const agent = await TestAgent.register(master, {
      resources: [scalar('cpus', 8), scalar('mem', 8192), scalar('disk', 20480), ports(31000, 32000)],
      capabilities: [...AGENT_CAPABILITIES, { type: 'RESOURCE_PROVIDER' }, { type: 'RESIZE_VOLUME' }],
      resourceVersion: Buffer.alloc(16, 7),
    });
    let replayed = 0;
    for (const name of readdirSync(directory).sort()) {
      const number = Number(/^(\d{3})_.*\.http$/.exec(name)?.[1]);
      if (!(number >= FIRST && number <= LAST) || LEFT_OUT.has(number)) continue;
      const { request, response } = readExchange(join(directory, name));
      const [method = '', path = ''] = request?.start.split(' ') ?? [];
      const headers = Object.fromEntries(
        Object.entries(request?.headers ?? {}).filter(([key]) => key === 'content-type' || key === 'accept'),
      );
      const body = String(request?.body ?? '').replace(RECORDED_AGENT, agent.id);
      const ask = (): Promise<Answer> => post(master.port, body, headers, { method, path });
      replayed++;
      if (number === AGENTS) {
        expect(reservations((await ask()).text)).toEqual(reservations(String(response?.body)));
        continue;
      }
      const told = { status: Number(response?.start.split(' ')[1]), body: comparable(String(response?.body)) };
      if (number === OPERATIONS)
        await eventually('the end of all operations', async () => (await ask()).text === String(response?.body));
      const answer = await ask();
      expect({ status: answer.status, body: comparable(answer.text) }, name).toEqual(told);
    }
    expect(replayed).toBe(40);
  });
});

describe('what operators set', () => {
  it('outlives the master', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'master-settings-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const argv = ['--ip=127.0.0.1', '--port=0', '--quiet', `--work_dir=${directory}`];
    const start = async () => {
      const started = await startMaster({ argv, env: {} });
      if (!started.ok) throw new Error(started.error.text);
      onTestFinished(() => started.value.stop());
      return started.value;
    };
    const quota = { role: 'dev', guarantees: {}, limits: { cpus: { value: 2 } } };
    const first = await start();
    const write = (body: unknown, path: string, method: string): Promise<Answer> =>
      post(
        first.port,
        JSON.stringify(body),
        { 'Content-Type': 'application/json', 'Accept': 'application/json' },
        { path, method },
      );
    expect((await write([{ role: 'dev', weight: 2.5 }], '/weights', 'PUT')).status).toBe(200);
    const call = { type: 'UPDATE_QUOTA', update_quota: { quota_configs: [quota] } };
    expect((await write(call, '/api/v1', 'POST')).status).toBe(200);
    await first.stop();
    const second = await start();
    const read = async (path: string): Promise<unknown> =>
      JSON.parse((await post(second.port, '', {}, { path, method: 'GET' })).text);
    expect(await read('/weights')).toEqual([{ role: 'dev', weight: 2.5 }]);
    expect(await read('/quota')).toMatchObject({ configs: [{ role: 'dev', limits: { cpus: { value: 2 } } }] });
  });
});
