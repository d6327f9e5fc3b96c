/**
 * Every message in recorded traffic of the original decodes and encodes back to the same bytes; every JSON body of a
 * v1 API reads and writes back to the same values, and to the same text where the original wrote it compactly.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type CapturedMessage,
  capturesDirectory,
  readExchange,
  readFlows,
} from '../../../conformance/captured-traffic.mjs';
import * as wire from '../src/index.ts';
import { type AnyMessageType, allMessageTypes } from './message-types.ts';

const directory = capturesDirectory();
if (directory === undefined) console.log('skipped: no captures here (set MESOLITE_CAPTURES)');

const byWireName = new Map(allMessageTypes().map((type) => [wire.wireName(type), type]));

interface Body {
  readonly where: string;
  readonly type: AnyMessageType;
  readonly json: boolean;
  /** Sent by a client: may hold unknown keys and leave defaults out. */
  readonly request: boolean;
  readonly bytes: Buffer;
}

const API: Record<string, readonly [call: AnyMessageType, answer: AnyMessageType]> = {
  scheduler: [wire.SchedulerCall, wire.SchedulerEvent] as unknown as [AnyMessageType, AnyMessageType],
  executor: [wire.ExecutorCall, wire.ExecutorEvent] as unknown as [AnyMessageType, AnyMessageType],
  5050: [wire.MasterCall, wire.MasterResponse] as unknown as [AnyMessageType, AnyMessageType],
  5051: [wire.AgentCall, wire.AgentResponse] as unknown as [AnyMessageType, AnyMessageType],
};

function apiOf(path: string, port: number): readonly [AnyMessageType, AnyMessageType] | undefined {
  const match = /\/api\/v1(?:\/(scheduler|executor))?$/.exec(path);
  return match === null ? undefined : API[match[1] ?? String(port)];
}

function answerBodies(where: string, type: AnyMessageType, response: CapturedMessage): Body[] {
  const contentType = response.headers['content-type'];
  const json = contentType === 'application/json';
  if ((!json && contentType !== 'application/x-protobuf') || !response.start.includes(' 200 ')) return [];
  if (response.chunks === undefined) return [{ where, type, json, request: false, bytes: response.body }];
  const parser = new wire.RecordParser();
  const event = type === (wire.MasterResponse as unknown as AnyMessageType) ? wire.MasterEvent : type;
  const bodies: Body[] = [];
  for (const chunk of response.chunks) {
    const records = parser.push(chunk);
    expect(records.length, `${where}: one chunk holds one record`).toBe(1);
    bodies.push({ where, type: event as unknown as AnyMessageType, json, request: false, bytes: records[0]! });
  }
  return bodies;
}

function flowBodies(folder: string): Body[] {
  const bodies: Body[] = [];
  for (const flow of readFlows(folder)) {
    flow.requests.forEach((request, i) => {
      const path = request.start.split(' ')[1]!;
      const where = `${folder}/${flow.name} #${i} ${path}`;
      const api = apiOf(path, flow.port);
      if (api !== undefined) {
        const json = request.headers['content-type'] === 'application/json';
        bodies.push({ where, type: api[0], json, request: true, bytes: request.body });
        const response = flow.responses[i];
        if (response !== undefined) bodies.push(...answerBodies(where, api[1], response));
        return;
      }
      const name = path.slice(path.lastIndexOf('/') + 1);
      const type = byWireName.get(name);
      if (type === undefined) throw new Error(`${where}: no message type is called ${name}`);
      bodies.push({ where, type, json: false, request: true, bytes: request.body });
    });
  }
  return bodies;
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString());
    return true;
  } catch {
    return false;
  }
}

function exchangeBodies(folder: string): Body[] {
  const bodies: Body[] = [];
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.http')) continue;
    const where = join(folder, file);
    const { request, response } = readExchange(where);
    if (request === undefined || response === undefined || !request.complete) continue;
    const port = Number(/:(\d+)$/.exec(request.headers['host'] ?? '')?.[1]);
    const api = apiOf(request.start.split(' ')[1]!, port);
    if (api === undefined || !request.start.startsWith('POST ')) continue;
    if (!/HTTP\/1.1 20[02] /.test(response.start)) continue;
    const json = request.headers['content-type'] === 'application/json';
    if (!json || isJson(request.body)) bodies.push({ where, type: api[0], json, request: true, bytes: request.body });
    bodies.push(...answerBodies(where, api[1], response));
  }
  return bodies;
}

function lineBodies(file: string): Body[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{"type"') || line.startsWith('{"<<<"'))
    .map((line) => {
      const value = JSON.parse(line) as Record<string, unknown>;
      const text = value['<<<'] === undefined ? line : JSON.stringify(value['<<<']);
      const type = wire.SchedulerEvent as unknown as AnyMessageType;
      return { where: file, type, json: true, request: false, bytes: Buffer.from(text) };
    });
}

/** What `want` holds that `got` lacks or has otherwise. Empty lists in `want` may be absent, as may `optional` keys. */
function differences(want: unknown, got: unknown, path: string, optional: (path: string) => boolean): string[] {
  if (Array.isArray(want) && Array.isArray(got)) {
    if (want.length !== got.length) return [`${path}: ${want.length} items became ${got.length}`];
    return want.flatMap((item, i) => differences(item, got[i], `${path}[]`, optional));
  }
  if (want !== null && typeof want === 'object' && got !== null && typeof got === 'object') {
    return Object.entries(want).flatMap(([key, item]) => {
      const at = `${path}.${key}`;
      const mine = (got as Record<string, unknown>)[key];
      if (mine === undefined) {
        const empty = Array.isArray(item) ? item.length === 0 : item === null;
        return empty || optional(at) ? [] : [`${at}: lost`];
      }
      return differences(item, mine, at, optional);
    });
  }
  return Object.is(want, got) ? [] : [`${path}: ${JSON.stringify(want)} became ${JSON.stringify(got)}`];
}

/** The original prints fractions with 17 digits where 15 do not suffice; we print the shortest that reads back equal. */
function shortestNumbers(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\d+\.\d+(?:e[-+]?\d+)?/g, (token) =>
    token[0] === '"' ? token : String(Number(token)),
  );
}

/** Answers that the master writes by hand hold `[]` for empty lists; those it converts from protobuf leave them out. */
function withoutEmptyLists(text: string): string {
  return text.replace(/,"\w+":\[\]/g, '').replace(/\{"\w+":\[\],?/g, '{');
}

const NOTHING = (): boolean => false;

function checkJson(body: Body): void {
  const text = body.bytes.toString();
  const message = body.type.fromJson(text);
  const written = body.type.toJson(message);
  const want = JSON.parse(text);
  const got = JSON.parse(written);
  expect(differences(want, got, '', NOTHING), body.where).toEqual([]);
  if (!body.request) expect(differences(got, want, '', NOTHING), `${body.where}: invented`).toEqual([]);
  expect(body.type.toJson(body.type.fromJson(written)), `${body.where}: read again`).toBe(written);
  expect(body.type.toJson(body.type.decode(body.type.encode(message))), `${body.where}: through bytes`).toBe(written);
}

/**
 * An agent's `checkpoint` (field 7) is unknown to the original's v1 schema, so it comes after `port` (field 8) wherever
 * an agent was converted, and in its place where the master wrote it by hand. We know the field and keep its place.
 */
function inOrder(bytes: Buffer): string {
  return bytes.toString('hex').replaceAll('40bb273801', '380140bb27');
}

function checkBinary(body: Body): void {
  const message = body.type.decode(body.bytes);
  expect(body.type.encode(message).toString('hex'), body.where).toBe(inOrder(body.bytes));
  const written = body.type.toJson(message);
  expect(body.type.toJson(body.type.fromJson(written)), `${body.where}: through JSON`).toBe(written);
}

describe.skipIf(directory === undefined)('captured traffic', () => {
  const root = directory ?? '';
  const folders =
    directory === undefined ? [] : readdirSync(root, { withFileTypes: true }).filter((e) => e.isDirectory());

  for (const { name } of folders) {
    for (const sub of ['flows', 'cram-md5-auth-flows']) {
      const folder = join(root, name, sub);
      if (!existsSync(folder)) continue;
      test(`${name}/${sub}`, () => {
        const bodies = flowBodies(folder);
        for (const body of bodies) {
          if (body.json) checkJson(body);
          else checkBinary(body);
        }
        expect(bodies.length).toBeGreaterThan(5);
      });
    }
  }

  const exchangeFolders = [
    'operator',
    ...['empty', 'running', 'finished', 'teardown'].flatMap((state) => [
      `operator/${state}/master-api-v1`,
      `operator/${state}/agent-api-v1`,
    ]),
    'operator-mutations-and-errors',
    'task-lifecycles-json',
  ];
  for (const name of exchangeFolders) {
    const folder = join(root, name);
    if (!existsSync(folder)) continue;
    test(name, () => {
      const bodies = exchangeBodies(folder);
      for (const body of bodies) {
        if (body.json) checkJson(body);
        else checkBinary(body);
      }
      expect(bodies.length).toBeGreaterThan(0);
    });
  }

  test('scheduler events kept as lines', () => {
    const bodies = [
      ...lineBodies(join(root, 'operator/scheduler-events-json.txt')),
      ...lineBodies(join(root, 'operator-mutations-and-errors/scheduler-events-during-errors.json')),
      ...lineBodies(join(root, 'task-lifecycles-json/events.jsonl')),
    ];
    for (const body of bodies) checkJson(body);
    expect(bodies.length).toBeGreaterThan(20);
  });

  test('JSON text is what the original wrote', () => {
    let same = 0;
    for (const name of [...exchangeFolders, 'v1-json-scheduler/flows', 'v1-json-executor/flows']) {
      const folder = join(root, name);
      if (!existsSync(folder)) continue;
      for (const body of name.endsWith('flows') ? flowBodies(folder) : exchangeBodies(folder)) {
        if (!body.json || body.request) continue;
        const text = body.bytes.toString();
        expect(shortestNumbers(body.type.toJson(body.type.fromJson(text))), body.where).toBe(
          shortestNumbers(withoutEmptyLists(text)),
        );
        same++;
      }
    }
    expect(same).toBeGreaterThan(100);
  });
});
