import { AgentCall, AgentResponse, MasterCall, MasterEvent, MasterResponse } from '@mesolite/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentClient, MasterClient, readToEnd } from '../src/index.ts';
import { ScriptedServer, until } from './scripted-server.ts';

const FILE = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i & 0xff));
const CHUNK = 64 * 1024;

let master: ScriptedServer<MasterCall, MasterEvent>;
let agent: ScriptedServer<AgentCall, AgentResponse>;

beforeEach(async () => {
  master = await new ScriptedServer(MasterCall, MasterEvent).listen();
  agent = await new ScriptedServer(AgentCall, AgentResponse).listen();
});

afterEach(async () => {
  await master.close();
  await agent.close();
});

function respond(answers: (call: MasterCall) => MasterResponse | undefined): void {
  master.answer = ({ call, headers }, response) => {
    const answer = answers(call);
    if (answer === undefined) return undefined;
    const json = headers.accept === 'application/json';
    response
      .writeHead(200, { 'content-type': headers.accept })
      .end(json ? MasterResponse.toJson(answer) : MasterResponse.encode(answer));
    return true;
  };
}

describe.each(['protobuf', 'json'] as const)('a master, asked in %s', (codec) => {
  it('answers typed calls', async () => {
    respond(({ type }) =>
      type === 'GET_HEALTH'
        ? { type, get_health: { healthy: true } }
        : {
            type: 'GET_AGENTS',
            get_agents: { agents: [{ agent_info: { hostname: 'h' }, active: true, version: '1' }] },
          },
    );
    const client = new MasterClient(master.origin, { codec });
    expect(await client.getHealth()).toEqual({ ok: true, value: true });
    const agents = await client.getAgents();
    expect(agents.ok && agents.value.agents?.map(({ agent_info: info }) => info.hostname)).toEqual(['h']);
    expect(await client.teardown('F')).toMatchObject({ ok: true });
    expect(master.calls('TEARDOWN')).toMatchObject([{ teardown: { framework_id: { value: 'F' } } }]);
    await client.close();
  });
});

describe('a master', () => {
  it('is followed to the leader, which is remembered', async () => {
    const follower = await new ScriptedServer(MasterCall, MasterEvent).listen();
    follower.answer = (_received, response) => {
      response.writeHead(307, { location: `//${master.origin}/api/v1` }).end();
      return true;
    };
    respond(() => ({ type: 'GET_HEALTH', get_health: { healthy: true } }));
    const client = new MasterClient(follower.origin);
    expect((await client.getHealth()).ok).toBe(true);
    expect((await client.getHealth()).ok).toBe(true);
    expect(follower.received).toHaveLength(1);
    await client.close();
    await follower.close();
  });

  it('is looked for at each address', async () => {
    respond(() => ({ type: 'GET_HEALTH', get_health: { healthy: true } }));
    const client = new MasterClient(`127.0.0.1:1,${master.origin}`);
    expect((await client.getHealth()).ok).toBe(true);
    await client.close();
    expect(await new MasterClient('127.0.0.1:1').getHealth()).toMatchObject({
      ok: false,
      error: { kind: 'unreachable' },
    });
    expect(await new MasterClient('no address').getHealth()).toMatchObject({ ok: false, error: { kind: 'invalid' } });
  });

  it('says why it refuses', async () => {
    master.answer = (_received, response) => {
      response.writeHead(400).end('No framework found with specified ID');
      return true;
    };
    const client = new MasterClient(master.origin);
    expect(await client.teardown('F')).toMatchObject({
      ok: false,
      error: { kind: 'refused', status: 400, message: '/api/v1: No framework found with specified ID' },
    });
    await client.close();
  });

  it('that answers something else is malformed', async () => {
    respond(({ type }) => ({ type: 'GET_HEALTH', get_health: { healthy: type === 'GET_HEALTH' } }));
    const client = new MasterClient(master.origin);
    expect(await client.getTasks()).toMatchObject({ ok: false, error: { kind: 'malformed' } });
    await client.close();
  });

  it('streams events', async () => {
    const client = new MasterClient(master.origin);
    master.answer = ({ path }, response) => {
      if (path !== '/redirect') return undefined;
      response.writeHead(307, { location: `//${master.origin}` }).end();
      return true;
    };
    const types: (string | undefined)[] = [];
    const opening = client.call({ type: 'GET_HEALTH' });
    await opening;
    const stream = await client.subscribe();
    if (!stream.ok) throw stream.error;
    const reading = stream.value.read(({ type }) => types.push(type));
    master.send({ type: 'SUBSCRIBED', subscribed: { heartbeat_interval_seconds: 15 } });
    master.send({ type: 'AGENT_REMOVED', agent_removed: { agent_id: { value: 'A' } } });
    await until(() => types.length === 2, 'events');
    stream.value.close();
    await reading;
    expect(types).toEqual(['SUBSCRIBED', 'AGENT_REMOVED']);
    await client.close();
  });
});

describe('an agent', () => {
  it('answers the calls it shares with a master, and its own', async () => {
    const answers: Partial<Record<string, Partial<AgentResponse>>> = {
      GET_HEALTH: { get_health: { healthy: true } },
      GET_VERSION: { get_version: { version_info: { version: '1.12.0' } } },
      GET_AGENT: { get_agent: { agent_info: { hostname: 'h' } } },
      LIST_FILES: { list_files: {} },
    };
    agent.answer = ({ call: { type } }, response) => {
      const body = AgentResponse.encode({ ...answers[type ?? ''], type: 'GET_HEALTH' });
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end(type === 'GET_TASKS' ? '' : body);
      return true;
    };
    const client = new AgentClient(agent.origin);
    expect(await client.getHealth()).toEqual({ ok: true, value: true });
    expect(await client.getVersion()).toMatchObject({ ok: true, value: { version: '1.12.0' } });
    expect(await client.getAgent()).toMatchObject({ ok: true, value: { agent_info: { hostname: 'h' } } });
    expect(await client.listFiles('/sandbox')).toEqual({ ok: true, value: [] });
    expect(await client.getTasks()).toMatchObject({
      ok: false,
      error: { kind: 'malformed', message: 'GET_TASKS: the answer is empty' },
    });
    await client.close();
  });
});

describe('files of an agent', () => {
  it('come in chunks, byte for byte', async () => {
    agent.answer = ({ call }, response) => {
      const { offset = 0, length = CHUNK } = call.read_file ?? {};
      const data = FILE.subarray(offset, offset + Math.min(length, CHUNK));
      const body = AgentResponse.encode({ type: 'READ_FILE', read_file: { size: FILE.length, data } });
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end(body);
      return true;
    };
    const client = new AgentClient(agent.origin);
    const chunks: Uint8Array[] = [];
    for await (const chunk of readToEnd(client, '/sandbox/stdout', 10)) if (chunk.ok) chunks.push(chunk.value);
    expect(Buffer.concat(chunks).equals(FILE.subarray(10))).toBe(true);
    expect(chunks.length).toBe(4);
    await client.close();
  });
});
