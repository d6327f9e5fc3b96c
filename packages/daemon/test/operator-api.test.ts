/** `POST /api/v1` over a real socket: what every daemon answers alike. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentCall, AgentResponse, MasterCall, MasterResponse } from '@mesolite/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createLog,
  FilesApi,
  HttpServer,
  MetricsRegistry,
  mountOperatorApi,
  systemTimers,
  Verbosity,
} from '../src/index.ts';

const log = createLog({ program: 'test', level: 'ERROR', quiet: true });
const server = new HttpServer({ ip: '127.0.0.1', port: 0, log, processIds: ['master'] });
const agentServer = new HttpServer({ ip: '127.0.0.1', port: 0, log, processIds: ['slave(1)'] });
const metrics = new MetricsRegistry();
const files = new FilesApi();
const verbosity = new Verbosity(systemTimers);
const facts = { metrics, files, verbosity, flags: { port: '5050', quiet: 'false' } };

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'operator-api-'));
  await writeFile(join(directory, 'log'), 'some lines\n');
  files.attach(join(directory, 'log'), '/master/log');
  metrics.counter('master/calls').add();
  mountOperatorApi(server, {
    callName: 'master::Call',
    callType: MasterCall,
    responseType: MasterResponse,
    optionalParts: [],
    facts,
    answer: (call) =>
      call.type === 'GET_AGENTS'
        ? {
            kind: 'response',
            response: { type: 'GET_AGENTS', get_agents: {} },
            json: () => '{"type":"GET_AGENTS","get_agents":{"agents":[]}}',
          }
        : undefined,
  });
  mountOperatorApi(agentServer, {
    callName: 'agent::Call',
    callType: AgentCall,
    responseType: AgentResponse,
    optionalParts: ['get_containers'],
    facts,
    answer: (call) =>
      call.type === 'GET_CONTAINERS'
        ? { kind: 'response', response: { type: 'GET_CONTAINERS', get_containers: {} } }
        : undefined,
  });
  await server.listen();
  await agentServer.listen();
});

afterAll(async () => {
  await server.close();
  await agentServer.close();
});

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly to?: HttpServer;
}

async function ask(
  body: string | Uint8Array | undefined,
  options: Asked = {},
): Promise<{ status: number; text: string; type: string | null; bytes: Buffer }> {
  const { port } = (options.to ?? server).address;
  const response = await fetch(`http://127.0.0.1:${port}${options.path ?? '/api/v1'}`, {
    method: options.method ?? 'POST',
    headers: options.headers ?? { 'content-type': 'application/json', 'accept': 'application/json' },
    ...(body === undefined ? {} : { body }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, text: bytes.toString(), type: response.headers.get('content-type'), bytes };
}

describe('refusals, with the texts of the original', () => {
  const JSON_HEADERS = { 'content-type': 'application/json' };
  it.each([
    ['{', JSON_HEADERS, 400, 'Failed to parse body into JSON: syntax error at line 1 near: '],
    ['', JSON_HEADERS, 400, 'Failed to parse body into JSON: syntax error at line 1 near: '],
    ['{}', JSON_HEADERS, 400, "Failed to validate master::Call: Expecting 'type' to be present"],
    ['{"type":"NOPE"}', JSON_HEADERS, 400, "Failed to validate master::Call: Expecting 'type' to be present"],
    ['{"type":"TEARDOWN"}', JSON_HEADERS, 400, "Failed to validate master::Call: Expecting 'teardown' to be present"],
    [
      '{"type":"GET_METRICS"}',
      JSON_HEADERS,
      400,
      "Failed to validate master::Call: Expecting 'get_metrics' to be present",
    ],
    ['{"type":"READ_FILE"}', JSON_HEADERS, 400, "Failed to validate master::Call: Expecting 'read_file' to be present"],
    [
      '{"type":"READ_FILE","read_file":{}}',
      JSON_HEADERS,
      400,
      'Failed to convert JSON into Call protobuf: Missing required fields: read_file.path, read_file.offset',
    ],
    ['{"type":"SUBSCRIBE"}', JSON_HEADERS, 501, 'Call SUBSCRIBE is not built yet'],
    ['\xff\xff', { 'content-type': 'application/x-protobuf' }, 400, 'Failed to parse body into Call protobuf'],
    [
      '{"type":"GET_HEALTH"}',
      { 'content-type': 'text/plain' },
      415,
      "Expecting 'Content-Type' of application/json or application/x-protobuf",
    ],
    [
      '{"type":"GET_HEALTH"}',
      { ...JSON_HEADERS, 'accept': 'text/html' },
      406,
      "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'",
    ],
  ])('%j', async (body, headers, status, text) => {
    expect(await ask(Buffer.from(body, 'latin1'), { headers })).toMatchObject({ status, text });
  });

  it('names the allowed method', async () => {
    const answer = await ask(undefined, { method: 'GET' });
    expect(answer).toMatchObject({
      status: 405,
      text: "405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'.",
    });
  });

  it('refuses a call larger than 8 MiB', async () => {
    const answer = await ask(`{"type":"${'X'.repeat(9 * 1024 * 1024)}"}`);
    expect(answer.status).toBe(413);
  });

  it('calls the agent by its own name', async () => {
    const answer = await ask('{"type":"GET_ROLES"}', { to: agentServer });
    expect(answer).toMatchObject({
      status: 400,
      text: "Failed to validate agent::Call: Expecting 'type' to be present",
    });
  });
});

describe('calls about the process', () => {
  it.each([
    ['{"type":"GET_HEALTH"}', '{"type":"GET_HEALTH","get_health":{"healthy":true}}'],
    ['{"type":"GET_LOGGING_LEVEL"}', '{"type":"GET_LOGGING_LEVEL","get_logging_level":{"level":0}}'],
    [
      '{"type":"READ_FILE","read_file":{"path":"/master/log","offset":5}}',
      '{"type":"READ_FILE","read_file":{"size":11,"data":"bGluZXMK"}}',
    ],
    [
      '{"type":"GET_FLAGS"}',
      '{"type":"GET_FLAGS","get_flags":{"flags":[{"name":"port","value":"5050"},{"name":"quiet","value":"false"}]}}',
    ],
  ])('%s', async (call, expected) => {
    expect(await ask(call)).toMatchObject({ status: 200, type: 'application/json', text: expected });
  });

  it('speaks protobuf both ways', async () => {
    const headers = { 'content-type': 'application/x-protobuf', 'accept': 'application/x-protobuf' };
    const answer = await ask(MasterCall.encode({ type: 'GET_VERSION' }), { headers });
    expect(answer.type).toBe('application/x-protobuf');
    expect(MasterResponse.decode(answer.bytes).get_version?.version_info.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('answers metrics by name', async () => {
    const { text } = await ask('{"type":"GET_METRICS","get_metrics":{}}');
    expect(MasterResponse.fromJson(text).get_metrics?.metrics).toContainEqual({ name: 'master/calls', value: 1 });
  });

  it('raises the logging level for a while', async () => {
    const call = '{"type":"SET_LOGGING_LEVEL","set_logging_level":{"level":2,"duration":{"nanoseconds":60000000000}}}';
    expect(await ask(call)).toMatchObject({ status: 200, text: '' });
    expect((await ask('{"type":"GET_LOGGING_LEVEL"}')).text).toContain('"level":2');
    verbosity.set(0, { durationMs: 0 });
  });

  it('shows no file that is not attached', async () => {
    const answer = await ask('{"type":"READ_FILE","read_file":{"path":"/master/../etc/passwd","offset":0}}');
    expect(answer.status).toBe(404);
  });
});

describe('calls about the cluster', () => {
  it('lets the daemon write lists its own way in JSON', async () => {
    expect((await ask('{"type":"GET_AGENTS"}')).text).toBe('{"type":"GET_AGENTS","get_agents":{"agents":[]}}');
  });

  it('takes calls whose part is optional without it', async () => {
    expect((await ask('{"type":"GET_CONTAINERS"}', { to: agentServer })).status).toBe(200);
  });

  it('serves deeper paths and those with the process name too', async () => {
    for (const path of ['/master/api/v1', '/api/v1/operator', '/master/api/v1/'])
      expect((await ask('{"type":"GET_HEALTH"}', { path })).status).toBe(200);
  });
});
