/** The read calls of the v1 operator API as messages, but those of roles. Pure reads of the tables. */
import { millisecondsToNanoseconds } from '@mesolite/base';
import { Resources, toEndpointFormat } from '@mesolite/resources';
import type {
  MasterResponseGetAgents,
  MasterResponseGetAgentsAgent,
  MasterResponseGetExecutors,
  MasterResponseGetExecutorsExecutor,
  MasterResponseGetFrameworks,
  MasterResponseGetFrameworksFramework,
  MasterResponseGetOperations,
  MasterResponseGetState,
  MasterResponseGetTasks,
  Resource,
  Task,
  TimeInfo,
} from '@mesolite/wire';
import type { AgentRecord } from '../../state/agents.ts';
import { type FrameworkRecord, isConnected } from '../../state/frameworks.ts';
import { operationToProto } from '../../state/operations.ts';
import type { MasterState } from '../../state/state.ts';
import { offeredTo, usedBy } from '../../state/sums.ts';
import { type TaskRecord, taskToProto } from '../../state/task.ts';
import { inverseOfferMessage } from '../../transitions/inverse-offers.ts';
import { offerMessage } from '../../transitions/offer-message.ts';

function timeInfo(wallMs: number | undefined): TimeInfo | undefined {
  return wallMs === undefined ? undefined : { nanoseconds: millisecondsToNanoseconds(wallMs) };
}

function endpointForm(resources: Resources): Resource[] {
  return toEndpointFormat(resources.toProto());
}

export function agentMessage(state: MasterState, agent: AgentRecord): MasterResponseGetAgentsAgent {
  const deactivation = state.agents.deactivated.get(agent.id);
  const { drainStartWallMs } = agent;
  return {
    agent_info: agent.info,
    active: agent.active,
    deactivated: deactivation !== undefined,
    version: agent.version,
    pid: agent.pid,
    registered_time: timeInfo(agent.registeredWallMs),
    reregistered_time: timeInfo(agent.reregisteredWallMs),
    total_resources: endpointForm(agent.total),
    allocated_resources: endpointForm(Resources.sum(agent.used.values())),
    offered_resources: endpointForm(agent.offered),
    capabilities: [...agent.capabilityList],
    drain_info: deactivation?.drain,
    // Of whole seconds, as the original tells it.
    estimated_drain_start_time: timeInfo(
      drainStartWallMs === undefined ? undefined : Math.floor(drainStartWallMs / 1000) * 1000,
    ),
  };
}

export function frameworkMessage(state: MasterState, framework: FrameworkRecord): MasterResponseGetFrameworksFramework {
  return {
    framework_info: framework.info,
    active: framework.state === 'active',
    connected: isConnected(framework),
    recovered: framework.state === 'recovered',
    registered_time: timeInfo(framework.registeredWallMs),
    reregistered_time: timeInfo(framework.reregisteredWallMs ?? framework.registeredWallMs),
    unregistered_time: timeInfo(framework.unregisteredWallMs),
    offers: [...framework.offers].flatMap((id) => {
      const offer = state.offers.get(id);
      const agent = offer && state.agents.registered.get(offer.agentId);
      return offer === undefined || agent === undefined ? [] : [offerMessage(framework, agent, offer)];
    }),
    inverse_offers: state.inverseOffers.ofFramework(framework.id).flatMap((offer) => {
      const agent = state.agents.registered.get(offer.agentId);
      return agent === undefined ? [] : [inverseOfferMessage(agent, offer)];
    }),
    allocated_resources: endpointForm(usedBy(framework)),
    offered_resources: endpointForm(offeredTo(framework, state.offers)),
    offer_constraints: framework.offerConstraints ?? {},
  };
}

export function getAgents(state: MasterState): MasterResponseGetAgents {
  return {
    agents: [...state.agents.registered.values()].map((agent) => agentMessage(state, agent)),
    recovered_agents: [...state.agents.recovered.values()],
  };
}

export function getFrameworks(state: MasterState): MasterResponseGetFrameworks {
  return {
    frameworks: [...state.frameworks.registered.values()].map((one) => frameworkMessage(state, one)),
    completed_frameworks: [...state.frameworks.completed.values()].map((one) => frameworkMessage(state, one)),
  };
}

export function getTasks(state: MasterState): MasterResponseGetTasks {
  const tasks: Task[] = [];
  const unreachable: Task[] = [];
  const completed: Task[] = [];
  const collect = (into: Task[], records: Iterable<TaskRecord>): void => {
    for (const task of records) into.push(taskToProto(task));
  };
  for (const frameworks of [state.frameworks.registered.values(), state.frameworks.completed.values()])
    for (const framework of frameworks) {
      collect(tasks, framework.tasks.values());
      collect(unreachable, framework.unreachableTasks.values());
      collect(completed, framework.completedTasks);
    }
  return { tasks, unreachable_tasks: unreachable, completed_tasks: completed };
}

export function getExecutors(state: MasterState): MasterResponseGetExecutors {
  const executors: MasterResponseGetExecutorsExecutor[] = [];
  for (const framework of state.frameworks.registered.values())
    for (const [agentId, ofAgent] of framework.executors)
      for (const { info } of ofAgent.values()) executors.push({ executor_info: info, agent_id: { value: agentId } });
  return { executors };
}

export function getOperations(state: MasterState): MasterResponseGetOperations {
  return { operations: [...state.operations.values()].map(operationToProto) };
}

export function getState(state: MasterState): MasterResponseGetState {
  return {
    get_tasks: getTasks(state),
    get_executors: getExecutors(state),
    get_frameworks: getFrameworks(state),
    get_agents: getAgents(state),
  };
}
