/**
 * Agents enter the table of registered ones, with what runs on them, and leave it: removed for good, or unreachable
 * with a chance to return.
 */
import { type AgentId, assert, type FrameworkId, must, type TaskId } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import {
  type AgentInfo,
  type AgentInfoCapability,
  type AgentInfoCapabilityType,
  type ExecutorInfo,
  type MasterAgentConnection,
  type OperationState,
  PingAgentMessage,
  type TaskState,
  type TaskStatusReason,
} from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import { pidAddress } from '../pid-address.ts';
import type { AgentRecord } from '../state/agents.ts';
import type { FrameworkRecord } from '../state/frameworks.ts';
import { machineKeyOf } from '../state/maintenance-plan.ts';
import { firmQuantities } from '../state/sums.ts';
import type { TaskRecord } from '../state/task.ts';
import { deactivateAgent } from './agent-activity.ts';
import { allocatorFacts } from './agent-domain.ts';
import { observerProcess, pingAgent } from './agent-pings.ts';
import { addExecutor, removeExecutors } from './executors.ts';
import { sendEvent, sendUpdate } from './framework-events.ts';
import { rescindInverseOffersOn } from './inverse-offers.ts';
import { masterStatus, stateFor } from './master-status.ts';
import { rescindOffer } from './offers.ts';
import { addTask, applyStatus, removeTask } from './tasks.ts';
import { learnUnavailability } from './unavailability.ts';

/** What a (re)registration says of an agent besides what runs there. */
export interface AgentFacts {
  /** Valid; resources in post-refinement format; `id` set. */
  readonly info: AgentInfo;
  readonly pid: string;
  readonly version: string;
  readonly capabilities: readonly AgentInfoCapability[];
  readonly resourceVersion: Uint8Array | undefined;
  /** With what it remembers of reservations and volumes. */
  readonly total: Resources;
}

export function capabilityTypes(list: readonly AgentInfoCapability[]): ReadonlySet<AgentInfoCapabilityType> {
  return new Set(list.flatMap(({ type }) => type ?? []));
}

/**
 * Adds an agent that is not registered, links to it and begins to ping it. Frameworks of its tasks and executors must
 * be known already.
 */
export function addAgent(
  context: MasterContext,
  facts: AgentFacts,
  runs: {
    readonly tasks: readonly TaskRecord[];
    readonly executors: readonly ExecutorInfo[];
    readonly reregistered: boolean;
  },
): AgentRecord {
  const { state, now } = context;
  const { info, pid } = facts;
  const address = must(pidAddress(pid), `address of agent ${pid}`);
  const id = must(info.id, 'id of an agent').value as AgentId;
  state.agents.removed.delete(id);
  state.agents.recovered.delete(id);
  state.agents.unreachable.delete(id);
  const active = !state.agents.deactivated.has(id);
  const agent: AgentRecord = {
    id,
    info,
    pid,
    ip: address.ip,
    port: address.port,
    machine: machineKeyOf({ hostname: info.hostname, ip: address.ip }),
    unavailability: undefined,
    version: facts.version,
    capabilityList: facts.capabilities,
    capabilities: capabilityTypes(facts.capabilities),
    registeredWallMs: now.wallMs,
    reregisteredWallMs: runs.reregistered ? now.wallMs : undefined,
    returnedMs: runs.reregistered ? now.monotonicMs : undefined,
    connected: true,
    active,
    observer: state.ids.observer(),
    missedPings: 0,
    pongReceived: true,
    epoch: 0,
    total: facts.total,
    used: new Map(),
    offers: new Set(),
    offered: Resources.empty,
    tasks: new Map(),
    executors: new Map(),
    killedTasks: new Map(),
    resourceVersion: facts.resourceVersion,
    drainStartWallMs: undefined,
  };
  state.agents.add(agent);
  state.totalQuantities = state.totalQuantities.plus(firmQuantities(agent.total));
  for (const executor of runs.executors)
    addExecutor(context, agent, frameworkOf(context, must(executor.framework_id, 'framework id').value), executor);
  for (const task of runs.tasks) addTask(context, agent, frameworkOf(context, task.frameworkId), task);
  context.allocator.addAgent(id, {
    ...allocatorFacts(agent),
    total: agent.total,
    used: new Map(agent.used),
    active,
  });
  learnUnavailability(context, agent);
  context.outbox.push({ kind: 'link', to: pid });
  context.outbox.push({ kind: 'spawn-observer', observer: agent.observer });
  pingAgent(context, agent);
  return agent;
}

function frameworkOf(context: MasterContext, id: string): FrameworkRecord {
  return must(context.state.frameworks.registered.get(id as FrameworkId), `framework ${id}`);
}

export function connectionTerms(context: MasterContext): MasterAgentConnection {
  const { agentPingTimeoutMs, maxAgentPingTimeouts } = context.options;
  return { total_ping_timeout_seconds: (agentPingTimeoutMs * maxAgentPingTimeouts) / 1000 };
}

/** The agent stays registered but gets no offers until it registers again, for which it has a time. */
export function disconnectAgent(context: MasterContext, agent: AgentRecord): void {
  const { agents } = context.state;
  deactivateAgent(context, agent);
  agents.setConnected(agent, false);
  agent.epoch++;
  context.state.clients.forget(agent.pid);
  context.state.deadlines.set(context.now.monotonicMs + context.options.agentReregisterTimeoutMs, {
    kind: 'agent-reregister-timeout',
    agentId: agent.id,
    epoch: agent.epoch,
  });
}

/** It has something else than it told: it gets no offers until it has registered again. */
export function askToReturn(context: MasterContext, agent: AgentRecord): void {
  disconnectAgent(context, agent);
  context.outbox.send(agent.pid, PingAgentMessage, { connected: false }, observerProcess(agent.observer));
}

/** What becomes of the tasks of an agent that leaves. */
export interface AgentFate {
  /** As frameworks are told. */
  readonly message: string;
  readonly reason: TaskStatusReason;
  /** For frameworks that know partitions. */
  readonly state: TaskState;
  /** Likewise, if it is not `reason`. */
  readonly awareReason?: TaskStatusReason | undefined;
  /** Tasks may come back: they are kept among the unreachable ones. */
  readonly unreachableWallMs?: number | undefined;
  /** Of operations, as their frameworks are told, if they are. */
  readonly operations?: { readonly state: OperationState; readonly message: string } | undefined;
}

/** Takes an agent out of the tables, ends what runs there in the frameworks' eyes and tells them. */
export function removeAgent(context: MasterContext, agent: AgentRecord, fate: AgentFate): void {
  const { state } = context;
  const unreachable = new Map<FrameworkId, TaskId[]>();
  if (fate.operations !== undefined) tellOperations(context, agent, fate.operations);
  context.allocator.setAgentActive(agent.id, false);
  for (const [frameworkId, tasks] of [...agent.tasks]) {
    const framework = frameworkOf(context, frameworkId);
    unreachable.set(frameworkId, [...tasks.keys()]);
    for (const task of [...tasks.values()]) {
      const status = masterStatus(context, {
        message: fate.message,
        unreachableWallMs: fate.unreachableWallMs,
        state: stateFor(framework, fate.state),
        reason: framework.capabilities.has('PARTITION_AWARE') ? (fate.awareReason ?? fate.reason) : fate.reason,
        taskId: task.id,
        agentId: agent.id,
        executorId: task.executorId,
      });
      applyStatus(context, task, status);
      removeTask(context, task, fate.unreachableWallMs === undefined ? 'completed' : 'unreachable');
      sendUpdate(context, framework, status);
    }
  }
  for (const frameworkId of [...agent.executors.keys()])
    removeExecutors(context, agent, frameworkOf(context, frameworkId));
  for (const offer of context.state.offers.withIds(agent.offers)) rescindOffer(context, offer);
  rescindInverseOffersOn(context, agent);
  assert(agent.used.size === 0 && agent.offers.size === 0, `agent ${agent.id} leaves something behind`);
  for (const operation of [...state.operations.onAgent(agent.id).values()]) {
    state.operations.remove(operation);
    if (fate.operations !== undefined) state.operations.counts.came(operation.info.type, fate.operations.state);
  }
  state.agents.remove(agent);
  state.clients.forget(agent.pid);
  state.declines.forgetAgent(agent.id);
  state.totalQuantities = state.totalQuantities.minus(firmQuantities(agent.total));
  if (fate.unreachableWallMs === undefined) state.agents.deactivated.delete(agent.id);
  else state.agents.setUnreachable(agent.id, { wallMs: fate.unreachableWallMs, tasks: unreachable });
  context.allocator.removeAgent(agent.id);
  context.outbox.push({ kind: 'terminate-observer', observer: agent.observer });
  tellAgentLost(context, agent.id);
}

/** A failure with an agent only: whatever ran there is gone from sight. */
export function tellAgentLost(context: MasterContext, agentId: AgentId): void {
  for (const framework of context.state.frameworks.registered.values())
    sendEvent(context, framework, { type: 'FAILURE', failure: { agent_id: { value: agentId } } });
}

/** A framework that hears nothing of this has to ask: nobody says it again. */
function tellOperations(
  context: MasterContext,
  agent: AgentRecord,
  { state, message }: { readonly state: OperationState; readonly message: string },
): void {
  for (const { info, frameworkId } of context.state.operations.onAgent(agent.id).values()) {
    const framework = frameworkId === undefined ? undefined : context.state.frameworks.registered.get(frameworkId);
    if (info.id === undefined || framework === undefined) continue;
    const status = { operation_id: info.id, state, message, agent_id: { value: agent.id } };
    sendEvent(context, framework, { type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status } });
  }
}
