/** Maintenance at a whole master: what survives a restart, what its endpoints refuse, and an answer in both encodings. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningDaemon } from '@mesolite/daemon';
import {
  AgentReregisteredMessage,
  MachineID,
  MaintenanceSchedule,
  MasterCall,
  MasterResponse,
  ReregisterAgentMessage,
  ShutdownMessage,
  wireName,
} from '@mesolite/wire';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AGENT_CAPABILITIES, AGENT_RESOURCES, frameworkInfo } from './core-harness.ts';
import {
  type Answer,
  type Codec,
  eventually,
  post,
  startTestMaster,
  TestAgent,
  TestScheduler,
} from './running-master.ts';

const JSON_HEADERS = { 'Content-Type': 'application/json', 'Accept': 'application/json' };
const HERE: MachineID = { hostname: '127.0.0.1', ip: '127.0.0.1' };
const SCHEDULE: MaintenanceSchedule = {
  windows: [{ machine_ids: [HERE], unavailability: { start: { nanoseconds: 1_795_227_920_169_807_872n } } }],
};

function write(master: RunningDaemon, path: string, body: string): Promise<Answer> {
  return post(master.port, body, JSON_HEADERS, { path });
}

async function read(master: RunningDaemon, path: string): Promise<string> {
  return (await post(master.port, '', {}, { path, method: 'GET' })).text;
}

const MACHINES = `[${MachineID.toJson(HERE)}]`;

describe('maintenance', () => {
  it('outlives the master: nobody is let in before the machine is up again', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'master-maintenance-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const argv = ['--registry=replicated_log', `--work_dir=${directory}`];
    const first = await startTestMaster(...argv);
    const agent = await TestAgent.register(first);
    expect((await write(first, '/maintenance/schedule', MaintenanceSchedule.toJson(SCHEDULE))).status).toBe(200);
    expect((await write(first, '/machine/down', MACHINES)).status).toBe(200);
    await eventually('the end of the agent', () => agent.names.includes(wireName(ShutdownMessage)));
    await eventually('its removal', async () => (await read(first, '/slaves')).includes('"slaves":[]'));
    await first.stop();

    const second = await startTestMaster(...argv);
    expect(JSON.parse(await read(second, '/maintenance/schedule'))).toEqual(
      JSON.parse(MaintenanceSchedule.toJson(SCHEDULE)),
    );
    expect(JSON.parse(await read(second, '/maintenance/status'))).toEqual({ down_machines: [HERE] });
    const register = (): void =>
      agent.send(
        ReregisterAgentMessage,
        {
          agent: { id: { value: agent.id }, hostname: '127.0.0.1', resources: AGENT_RESOURCES, checkpoint: true },
          version: '1.12.0',
          agent_capabilities: [...AGENT_CAPABILITIES],
        },
        second.pid,
      );
    const count = (name: string): number => agent.names.filter((one) => one === name).length;
    const before = count(wireName(ShutdownMessage));
    register();
    await eventually('the refusal', () => count(wireName(ShutdownMessage)) > before);
    expect((await write(second, '/machine/up', MACHINES)).status).toBe(200);
    expect(await read(second, '/maintenance/schedule')).toBe('{}');
    register();
    await eventually('the registration', () => count(wireName(AgentReregisteredMessage)) === 1);
  });

  it.each([
    ['/maintenance/schedule', '{', /./],
    ['/maintenance/schedule', '[]', /^Unexpected JSON type parsed$/],
    ['/maintenance/schedule', '{"windows":[{"machine_ids":[{"hostname":"a"}]}]}', /unavailability/],
    ['/maintenance/schedule', '{"windows":[{"machine_ids":[{"hostname":1}],"unavailability":{}}]}', /hostname|start/],
    ['/machine/down', '', /./],
    ['/machine/down', '{}', /^Unexpected JSON type parsed$/],
    ['/machine/down', '["a"]', /./],
    ['/machine/down', '[]', /^List of machines is empty$/],
    ['/machine/up', 'null', /^Unexpected JSON type parsed$/],
    ['/machine/up', '[{"ip":"::1"}]', /^Failed to parse IPv4: ::1$/],
  ])('POST %s refuses %s', async (path, body, text) => {
    const master = await startTestMaster();
    const answer = await write(master, path, body);
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(text);
    expect(await read(master, '/maintenance/schedule')).toBe('{}');
  });

  it.each([
    ['/maintenance/schedule', 'DELETE', "'GET', 'POST'"],
    ['/maintenance/status', 'POST', "'GET'"],
    ['/machine/down', 'GET', "'POST'"],
    ['/machine/up', 'GET', "'POST'"],
  ])('%s refuses %s', async (path, method, allowed) => {
    const master = await startTestMaster();
    const answer = await post(master.port, '', {}, { path, method });
    expect(answer).toMatchObject({
      status: 405,
      text: `405 Method Not Allowed. Expecting one of { ${allowed} }, but received '${method}'.`,
    });
  });

  it.each([
    'application/json',
    'application/x-protobuf',
  ] satisfies Codec[])('asks frameworks to leave, and shows operators their answers, in %s', async (codec) => {
    const master = await startTestMaster();
    await TestAgent.register(master);
    const scheduler = await TestScheduler.subscribe(master.port, frameworkInfo(), codec);
    const operate = async (call: MasterCall): Promise<MasterResponse | undefined> => {
      const body = codec === 'application/json' ? MasterCall.toJson(call) : MasterCall.encode(call);
      const answer = await post(
        master.port,
        body,
        { 'Content-Type': codec, 'Accept': 'application/json' },
        { path: '/api/v1' },
      );
      expect(answer.status, answer.text).toBe(200);
      return answer.text === '' ? undefined : MasterResponse.fromJson(answer.text);
    };
    await operate({ type: 'UPDATE_MAINTENANCE_SCHEDULE', update_maintenance_schedule: { schedule: SCHEDULE } });
    const answered = await operate({ type: 'GET_MAINTENANCE_SCHEDULE' });
    expect(answered?.get_maintenance_schedule?.schedule).toEqual(SCHEDULE);
    const inverse = () => scheduler.events.flatMap(({ inverse_offers: part }) => part?.inverse_offers ?? []);
    await eventually('an inverse offer', () => inverse().length > 0);
    expect(inverse()[0]?.unavailability).toEqual(SCHEDULE.windows?.[0]?.unavailability);
    await eventually('an offer that tells of it', () =>
      scheduler.offers().some(({ unavailability }) => unavailability !== undefined),
    );
    const ids = inverse().map(({ id }) => id);
    const call = { type: 'ACCEPT_INVERSE_OFFERS', accept_inverse_offers: { inverse_offer_ids: ids } } as const;
    expect((await scheduler.call(call)).status).toBe(202);
    const status = (await operate({ type: 'GET_MAINTENANCE_STATUS' }))?.get_maintenance_status?.status;
    expect(status).toMatchObject({
      draining_machines: [
        { id: HERE, statuses: [{ status: 'ACCEPT', framework_id: { value: scheduler.frameworkId } }] },
      ],
    });
    await operate({ type: 'START_MAINTENANCE', start_maintenance: { machines: [HERE] } });
    const down = (await operate({ type: 'GET_MAINTENANCE_STATUS' }))?.get_maintenance_status?.status;
    expect(down).toEqual({ down_machines: [HERE] });
    await operate({ type: 'STOP_MAINTENANCE', stop_maintenance: { machines: [HERE] } });
    await eventually('the loss of the agent', () =>
      scheduler.events.some(({ failure }) => failure?.agent_id !== undefined),
    );
    expect((await operate({ type: 'GET_MAINTENANCE_SCHEDULE' }))?.get_maintenance_schedule?.schedule).toEqual({});
  });
});
