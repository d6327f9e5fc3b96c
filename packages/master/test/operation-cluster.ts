import { Resources } from '@mesolite/resources';
import type {
  AgentInfoCapability,
  FrameworkInfo,
  OfferOperation,
  OperationStatus,
  Resource,
  SchedulerCall,
} from '@mesolite/wire';
import { getOperations } from '../src/core/capabilities/reads/operator-reads.ts';
import {
  AGENT_CAPABILITIES,
  CoreHarness,
  eventsIn,
  frameworkInfo,
  type RegisteredAgent,
  type Scheduler,
  scalar,
} from './core-harness.ts';

export const CAPABILITIES: readonly AgentInfoCapability[] = [
  ...AGENT_CAPABILITIES,
  { type: 'RESOURCE_PROVIDER' },
  { type: 'AGENT_OPERATION_FEEDBACK' },
  { type: 'RESIZE_VOLUME' },
];
export const VERSION = Buffer.alloc(16, 7);
export const OUTCOME = Buffer.alloc(16, 9);
export const AGENT_TOTAL = [scalar('cpus', 8), scalar('mem', 8192), scalar('disk', 1000)];

export const RESERVATIONS: Resource['reservations'] = [{ type: 'DYNAMIC', role: 'dev', principal: 'p' }];

export function reserved(name: string, value: number): Resource {
  return { ...scalar(name, value), reservations: RESERVATIONS };
}

export function volume(id: string, megabytes: number): Resource {
  return {
    ...reserved('disk', megabytes),
    disk: { persistence: { id, principal: 'p' }, volume: { mode: 'RW', container_path: 'data' } },
  };
}

export const reserve = (...resources: Resource[]): OfferOperation => ({ type: 'RESERVE', reserve: { resources } });
export const unreserve = (...resources: Resource[]): OfferOperation => ({
  type: 'UNRESERVE',
  unreserve: { resources },
});
export const create = (...volumes: Resource[]): OfferOperation => ({ type: 'CREATE', create: { volumes } });
export const destroy = (...volumes: Resource[]): OfferOperation => ({ type: 'DESTROY', destroy: { volumes } });

export function named(id: string, operation: OfferOperation): OfferOperation {
  return { ...operation, id: { value: id } };
}

export interface Cluster {
  readonly harness: CoreHarness;
  readonly agent: RegisteredAgent;
  readonly scheduler: Scheduler;
}

export function cluster(
  fields: {
    capabilities?: readonly AgentInfoCapability[];
    framework?: Partial<FrameworkInfo>;
    options?: ConstructorParameters<typeof CoreHarness>[0];
  } = {},
): Cluster {
  const harness = new CoreHarness(fields.options).start();
  const capabilities = fields.capabilities ?? CAPABILITIES;
  const agent = harness.addAgent({ resources: AGENT_TOTAL, capabilities });
  harness.step({
    kind: 'update-agent',
    from: agent.pid,
    message: { agent_id: { value: agent.id }, resource_version_uuid: { value: VERSION } },
  });
  const scheduler = harness.subscribe(frameworkInfo({ roles: ['dev'], principal: 'p', ...fields.framework }));
  return { harness, agent, scheduler };
}

export function accept({ harness, scheduler }: Cluster, operations: OfferOperation[], refuseSeconds = 0) {
  const [offer] = harness.offers(scheduler);
  return harness.accept(scheduler, [offer?.id.value ?? ''], operations, refuseSeconds);
}

export function totalOf({ harness, agent }: Cluster): Resources {
  return harness.core.state.agents.registered.get(agent.id)?.total ?? Resources.empty;
}

export function operations({ harness }: Cluster) {
  return getOperations(harness.core.state).operations ?? [];
}

export function statuses(effects: Parameters<typeof eventsIn>[0], scheduler: Scheduler): OperationStatus[] {
  return eventsIn(effects, scheduler.connection).flatMap(({ update_operation_status: part }) => part?.status ?? []);
}

/** The agent tells what came of the first operation that is not settled. */
export function report(
  all: Cluster,
  state: OperationStatus['state'] = 'OPERATION_FINISHED',
  uuid: Uint8Array | 'none' = OUTCOME,
) {
  const [operation] = operations(all);
  const agent_id = { value: all.agent.id };
  return all.harness.step({
    kind: 'operation-status-updated',
    from: all.agent.pid,
    message: {
      framework_id: operation?.framework_id,
      agent_id,
      status: { state, agent_id, ...(uuid !== 'none' && { uuid: { value: uuid } }) },
      operation_uuid: operation?.uuid,
    },
  });
}

export function acknowledge({ harness, agent, scheduler }: Cluster, id: string, uuid: Uint8Array = OUTCOME) {
  return harness.call(scheduler, {
    type: 'ACKNOWLEDGE_OPERATION_STATUS',
    acknowledge_operation_status: { agent_id: { value: agent.id }, uuid, operation_id: { value: id } },
  });
}

export function reconcile(
  { harness, scheduler }: Cluster,
  list: NonNullable<SchedulerCall['reconcile_operations']>['operations'],
) {
  const call = { type: 'RECONCILE_OPERATIONS' as const, reconcile_operations: { operations: list } };
  return statuses(harness.call(scheduler, call), scheduler);
}
