/** The calls of `POST /api/v1` that change something, each as the demand it makes of the core. */
import type { AgentId, FrameworkId } from '@mesolite/base';
import { HttpError } from '@mesolite/daemon';
import { operationSizeError, Resources } from '@mesolite/resources';
import type { AgentID, Duration, MasterCall, MasterCallType, OfferOperation, Resource } from '@mesolite/wire';
import type { ConnectionId, MasterInput } from '../core/index.ts';

type WithoutConnection<I> = I extends { readonly connection: ConnectionId } ? Omit<I, 'connection'> : never;

/** Who is to be answered is added by whoever makes it. */
export type OperatorDemand = WithoutConnection<MasterInput>;

/** Sub-messages are there: calls without have been refused. */
export const DEMANDS: { readonly [T in MasterCallType]?: (call: MasterCall) => OperatorDemand } = {
  'TEARDOWN': of('teardown', ({ framework_id: id }) => ({
    kind: 'teardown-framework',
    frameworkId: id.value as FrameworkId,
  })),
  'UPDATE_WEIGHTS': of('update_weights', ({ weight_infos: weights = [] }) => ({ kind: 'update-weights', weights })),
  'UPDATE_QUOTA': of('update_quota', ({ quota_configs: configs = [], force = false }) => ({
    kind: 'update-quota',
    configs,
    force,
  })),
  'SET_QUOTA': of('set_quota', ({ quota_request: request }) => ({ kind: 'set-quota', request })),
  'REMOVE_QUOTA': of('remove_quota', ({ role }) => ({ kind: 'remove-quota', role })),
  'UPDATE_MAINTENANCE_SCHEDULE': of('update_maintenance_schedule', ({ schedule }) => ({
    kind: 'update-maintenance-schedule',
    schedule,
  })),
  'START_MAINTENANCE': of('start_maintenance', ({ machines = [] }) => ({ kind: 'start-maintenance', machines })),
  'STOP_MAINTENANCE': of('stop_maintenance', ({ machines = [] }) => ({ kind: 'stop-maintenance', machines })),
  'DRAIN_AGENT': of('drain_agent', ({ agent_id: id, max_grace_period: grace, mark_gone: markGone = false }) => ({
    kind: 'drain-agent',
    agentId: id.value as AgentId,
    config: {
      max_grace_period: grace === undefined ? undefined : { nanoseconds: nanosecondsOf(grace) },
      mark_gone: markGone,
    },
  })),
  'DEACTIVATE_AGENT': of('deactivate_agent', ({ agent_id: id }) => ({
    kind: 'deactivate-agent',
    agentId: id.value as AgentId,
  })),
  'REACTIVATE_AGENT': of('reactivate_agent', ({ agent_id: id }) => ({
    kind: 'reactivate-agent',
    agentId: id.value as AgentId,
  })),
  'MARK_AGENT_GONE': of('mark_agent_gone', ({ agent_id: id }) => ({
    kind: 'mark-agent-gone',
    agentId: id.value as AgentId,
  })),
  'RESERVE_RESOURCES': of('reserve_resources', ({ agent_id: id, ...reserve }) =>
    operate(id, { type: 'RESERVE', reserve }, reserve.resources),
  ),
  'UNRESERVE_RESOURCES': of('unreserve_resources', ({ agent_id: id, ...unreserve }) =>
    operate(id, { type: 'UNRESERVE', unreserve }, unreserve.resources),
  ),
  'CREATE_VOLUMES': of('create_volumes', ({ agent_id: id, ...create }) => operate(id, { type: 'CREATE', create })),
  'DESTROY_VOLUMES': of('destroy_volumes', ({ agent_id: id, ...destroy }) => operate(id, { type: 'DESTROY', destroy })),
  'GROW_VOLUME': of('grow_volume', ({ agent_id: id, ...part }) =>
    operate(id, { type: 'GROW_VOLUME', grow_volume: part }),
  ),
  'SHRINK_VOLUME': of('shrink_volume', ({ agent_id: id, ...part }) =>
    operate(id, { type: 'SHRINK_VOLUME', shrink_volume: part }),
  ),
};

function of<K extends keyof MasterCall & string>(
  field: K,
  make: (part: NonNullable<MasterCall[K]>) => OperatorDemand,
): (call: MasterCall) => OperatorDemand {
  return (call) => make(call[field]!);
}

/** Throws what is wrong whatever the agent has, which is told before it is looked for. `resources`: to be looked at. */
function operate(id: AgentID | undefined, operation: OfferOperation, resources?: readonly Resource[]): OperatorDemand {
  if (id === undefined)
    throw invalid("Expecting 'agent_id' to be present; only agent default resources are supported right now");
  const error = operationSizeError(operation) ?? Resources.validate(resources);
  if (error !== undefined) throw invalid(error);
  return { kind: 'operate-agent', agentId: id.value as AgentId, operation };
}

function invalid(why: string): HttpError {
  return new HttpError(400, `Failed to validate master::Call: ${why}`);
}

const LONGEST_NS = 2n ** 63n - 1n;

/** What 64 bits cannot tell is as good as for ever. */
function nanosecondsOf({ seconds = 0, nanos = 0 }: Duration): bigint {
  const exact = BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
  return exact > LONGEST_NS ? LONGEST_NS : exact < -LONGEST_NS ? -LONGEST_NS : exact;
}
