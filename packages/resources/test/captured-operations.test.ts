/**
 * Recorded operations, replayed: what stock frameworks asked for passes our rules, and what the stock master then told
 * its agent, offered and showed is what the operations make of our resources.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  ApplyOperationMessage,
  MasterCall,
  MasterResponse,
  type Offer,
  OfferOperation,
  type OfferOperation as Operation,
  RecordParser,
  Resource,
  ResourceOffersMessage,
  SchedulerCall,
  type SchedulerCallSubscribe,
  SchedulerEvent,
  V0SchedulerCall,
} from '@mesolite/wire';
import { describe, expect, test } from 'vitest';
import { capturesDirectory, readExchange, readFlows } from '../../../conformance/captured-traffic.mjs';
import {
  type Asker,
  allocateOperation,
  applyOperation,
  checkpointedPart,
  createError,
  destroyError,
  growVolumeError,
  Resources,
  reserveError,
  shrinkVolumeError,
  toEndpointFormat,
  unallocateOperation,
  unreserveError,
  upgradeOperation,
} from '../src/index.ts';

const directory = capturesDirectory();
if (directory === undefined) console.log('skipped: no captures here (set MESOLITE_CAPTURES)');

const agentCapabilities = new Set(['HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT', 'RESIZE_VOLUME'] as const);

/** Whether rules refuse it, on an agent with that total on which nothing runs. */
function ruleError(operation: Operation, asker: Asker, total: Resources): string | undefined {
  const checkpointed = checkpointedPart(total);
  const { reserve, unreserve, create, destroy, grow_volume: grow, shrink_volume: shrink } = operation;
  if (reserve !== undefined) return reserveError(reserve, asker, agentCapabilities);
  if (unreserve !== undefined) return unreserveError(unreserve);
  if (create !== undefined) return createError(create, asker, { checkpointed, capabilities: agentCapabilities });
  if (destroy !== undefined) return destroyError(destroy, { checkpointed, used: [] });
  if (grow !== undefined) return growVolumeError(grow, agentCapabilities);
  return shrink === undefined ? 'no operation on resources' : shrinkVolumeError(shrink, agentCapabilities);
}

function upgraded(operation: Operation): Operation {
  const result = upgradeOperation(operation);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

function applied(held: Resources, operation: Operation): Resources {
  const result = applyOperation(held, operation);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

interface Recorded {
  subscribe: SchedulerCallSubscribe | undefined;
  readonly offers: Offer[];
  readonly accepts: { readonly offerId: string; readonly operations: readonly Operation[] }[];
  readonly told: Operation[];
}

/** What went over the wire, in order of each kind. */
function recorded(capture: string): Recorded {
  const all: Recorded = { subscribe: undefined, offers: [], accepts: [], told: [] };
  for (const flow of readFlows(join(directory ?? '', capture, 'flows')))
    flow.requests.forEach((request, i) => {
      const path = request.start.split(' ')[1] ?? '';
      if (path.endsWith('ApplyOperationMessage')) {
        all.told.push(ApplyOperationMessage.decode(request.body).operation_info);
      } else if (path.endsWith('ResourceOffersMessage')) {
        all.offers.push(...(ResourceOffersMessage.decode(request.body).offers ?? []));
      } else if (path.endsWith('scheduler.Call') || path.endsWith('/api/v1/scheduler')) {
        const type = path.endsWith('.Call') ? V0SchedulerCall : SchedulerCall;
        const { subscribe, accept } = type.decode(request.body);
        if (subscribe !== undefined) all.subscribe = subscribe;
        if (accept !== undefined)
          all.accepts.push({ offerId: accept.offer_ids?.[0]?.value ?? '', operations: accept.operations ?? [] });
        if (subscribe !== undefined) all.offers.push(...streamedOffers(flow.responses[i]?.chunks ?? []));
      }
    });
  return all;
}

function streamedOffers(chunks: readonly Buffer[]): Offer[] {
  const parser = new RecordParser();
  return chunks
    .flatMap((chunk) => parser.push(chunk))
    .flatMap((record) => SchedulerEvent.decode(record).offers?.offers ?? []);
}

describe.skipIf(directory === undefined)('recorded operations of frameworks', () => {
  test.each([
    ['v0-persistent-volume-framework', ['CREATE', 'LAUNCH', 'DESTROY']],
    ['v1-operation-feedback-framework', ['RESERVE', 'RESERVE', 'LAUNCH', 'LAUNCH', 'UNRESERVE', 'UNRESERVE']],
  ])('%s', (capture, expected) => {
    const { subscribe, offers, accepts, told } = recorded(capture);
    const info = subscribe!.framework_info;
    const asker: Asker = {
      principal: info.principal,
      framework: {
        id: 'F',
        roles: info.roles ?? [],
        capabilities: new Set((info.capabilities ?? []).map(({ type }) => type ?? 'UNKNOWN')),
      },
    };
    const done: string[] = [];
    let total = Resources.from(offers[0]?.resources).unallocate();
    for (const { offerId, operations } of accepts) {
      const offer = offers.find(({ id }) => id.value === offerId)!;
      let held = Resources.from(offer.resources);
      // Nothing runs when these frameworks are offered anything, so an offer is all there is.
      expect(String(held.unallocate().minus(total)) + String(total.minus(held.unallocate()))).toBe('{}{}');
      for (const operation of operations.map(upgraded)) {
        done.push(operation.type ?? '');
        if (operation.launch !== undefined) {
          for (const task of operation.launch.task_infos ?? []) {
            expect(held.contains(Resources.from(task.resources))).toBe(true);
            held = held.minus(Resources.from(task.resources));
          }
          continue;
        }
        expect(ruleError(operation, asker, total)).toBeUndefined();
        held = applied(held, operation);
        total = applied(total, unallocateOperation(operation));
        const ours = allocateOperation(operation, offer.allocation_info?.role ?? '');
        expect(OfferOperation.toJson(told.shift()!)).toBe(OfferOperation.toJson(ours));
      }
    }
    expect(done).toEqual(expected);
    expect(told).toEqual([]);
    // All was given back in the end.
    expect(total.equals(Resources.from(offers[0]?.resources).unallocate())).toBe(true);
  });
});

/** A v1 call or an old form of the operator, as an operation; nothing for other requests. */
function operatorOperation(request: { readonly start: string; readonly body: Buffer }): Operation | undefined {
  const text = request.body.toString();
  const form = /^POST \/(reserve|unreserve) /.exec(request.start)?.[1];
  if (form !== undefined) {
    const field = new URLSearchParams(text).get('resources');
    if (field === null) return undefined;
    const resources = (JSON.parse(field) as unknown[]).map((one) => Resource.fromJsonValue(one));
    return form === 'reserve'
      ? { type: 'RESERVE', reserve: { resources } }
      : { type: 'UNRESERVE', unreserve: { resources } };
  }
  const call = MasterCall.fromJson(text);
  switch (call.type) {
    case 'RESERVE_RESOURCES':
      return { type: 'RESERVE', reserve: { resources: call.reserve_resources?.resources } };
    case 'UNRESERVE_RESOURCES':
      return { type: 'UNRESERVE', unreserve: { resources: call.unreserve_resources?.resources } };
    case 'CREATE_VOLUMES':
      return { type: 'CREATE', create: { volumes: call.create_volumes?.volumes } };
    case 'DESTROY_VOLUMES':
      return { type: 'DESTROY', destroy: { volumes: call.destroy_volumes?.volumes } };
    case 'GROW_VOLUME':
      return { type: 'GROW_VOLUME', grow_volume: call.grow_volume! };
    case 'SHRINK_VOLUME':
      return { type: 'SHRINK_VOLUME', shrink_volume: call.shrink_volume! };
    default:
      return undefined;
  }
}

describe.skipIf(directory === undefined)('recorded operations of operators', () => {
  test('do what they did there, and are refused in the same words', () => {
    const folder = join(directory ?? '', 'operator-mutations-and-errors');
    const statuses: number[] = [];
    let total = Resources.empty;
    for (const file of readdirSync(folder).sort()) {
      if (!/^(059|06\d|07[0-2])_(v1|reserve|unreserve)_.*\.http$/.test(file)) continue;
      const { request, response } = readExchange(join(folder, file));
      if (request === undefined || response === undefined) continue;
      if (file.includes('GET_AGENTS')) {
        const [agent] = MasterResponse.fromJson(response.body.toString()).get_agents?.agents ?? [];
        expect(toEndpointFormat(total.toProto())).toEqual(agent?.total_resources);
        continue;
      }
      const given = operatorOperation(request);
      if (given === undefined) continue;
      // The agent's flags, as it had registered with them.
      if (total.isEmpty) total = Resources.from(initial);
      const operation = upgraded(given);
      const status = Number(response.start.split(' ')[1]);
      statuses.push(status);
      expect(ruleError(operation, {}, total)).toBeUndefined();
      const result = applyOperation(total, operation);
      expect(result.ok ? '' : result.error).toBe(response.body.toString());
      if (result.ok) total = result.value;
    }
    expect(statuses).toEqual([202, 409, 202, 202, 202, 202, 202, 202, 202]);
    expect(total.equals(Resources.from(initial))).toBe(true);
  });
});

const initial: Resource[] = [
  { name: 'cpus', type: 'SCALAR', scalar: { value: 8 } },
  { name: 'mem', type: 'SCALAR', scalar: { value: 8192 } },
  { name: 'disk', type: 'SCALAR', scalar: { value: 20480 } },
  { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31000, end: 32000 }] } },
];
