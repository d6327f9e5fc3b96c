/**
 * A registered agent registers again, as after a restart or a broken connection. The master's view stays, the agent is
 * asked about tasks it did not mention, executors without such tasks that it did not mention are gone, and kills it may
 * have missed are repeated.
 *
 * Departs from Mesos: tasks and executors that were given up when the connection broke (of frameworks that do not
 * checkpoint), but still run there, are live again. Otherwise their resources would be offered a second time.
 */
import type { FrameworkId, TaskId } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import {
  type AgentInfo,
  AgentReregisteredMessage,
  isTerminal,
  KillTaskMessage,
  type ReconcileTasksMessage,
  type ReregisterAgentMessage,
  type Task,
  type TaskStatus,
} from '@mesolite/wire';
import type { MasterContext } from '../../context.ts';
import { pidAddress } from '../../pid-address.ts';
import type { AgentRecord } from '../../state/agents.ts';
import type { TaskRecord } from '../../state/task.ts';
import { activateAgent } from '../../transitions/agent-activity.ts';
import { allocatorFacts } from '../../transitions/agent-domain.ts';
import { noticeDrained, tellToDrain } from '../../transitions/agent-drain.ts';
import { capabilityTypes, connectionTerms, disconnectAgent } from '../../transitions/agent-membership.ts';
import { addExecutor, executorOn, isNeeded, removeExecutor } from '../../transitions/executors.ts';
import { rescindOffer } from '../../transitions/offers.ts';
import { changeTotal, isFinal, sendCheckpointed, takesOperations } from '../../transitions/operations.ts';
import { addTask } from '../../transitions/tasks.ts';
import { liveExecutors, recoverFrameworks, survivor, tellFrameworks, tellReturned } from './restore-agent.ts';

export function refreshAgent(
  context: MasterContext,
  agent: AgentRecord,
  pid: string,
  info: AgentInfo,
  message: ReregisterAgentMessage,
  total: Resources,
): void {
  const { state } = context;
  const address = pidAddress(pid);
  if (address === undefined) return;
  const usurped = state.agents.byPid(pid);
  if (usurped !== undefined && usurped !== agent && usurped.connected) disconnectAgent(context, usurped);
  state.agents.setPid(agent, pid, address.ip, address.port);
  context.outbox.push({ kind: 'link', to: pid });
  agent.info = info;
  agent.version = message.version ?? '';
  forgetUnanswerable(context, agent, message);
  agent.capabilityList = message.agent_capabilities ?? [];
  agent.capabilities = capabilityTypes(agent.capabilityList);
  agent.resourceVersion = message.resource_version_uuid?.value;
  // Until it tells of them, after this.
  for (const operation of state.operations.onAgent(agent.id).values())
    operation.isUntold = operation.latest.state === 'OPERATION_PENDING';
  setTotal(context, agent, total);
  agent.reregisteredWallMs = context.now.wallMs;
  // It lives, whatever became of pings on a connection that may have broken.
  agent.missedPings = 0;
  agent.pongReceived = true;
  context.allocator.updateAgent(agent.id, allocatorFacts(agent));
  recoverFrameworks(context, message.frameworks ?? []);
  context.outbox.send(pid, AgentReregisteredMessage, {
    agent_id: { value: agent.id },
    reconciliations: missingTasks(context, agent, message),
    connection: connectionTerms(context),
  });
  dropMissingExecutors(context, agent, message);
  const held = executorsOn(agent);
  const back = takeBack(context, agent, message);
  // What is offered may just have turned out to be in use.
  if (back.length > 0 || executorsOn(agent) > held) rescindAll(context, agent);
  tellReturned(context, back, 'Disconnected agent reregistered');
  repeatKills(context, agent, message);
  if (!agent.connected) {
    state.agents.setConnected(agent, true);
    activateAgent(context, agent);
  }
  tellToDrain(context, agent);
  // Others tell of their operations only afterwards.
  if (!agent.capabilities.has('RESOURCE_PROVIDER')) noticeDrained(context, agent);
  tellFrameworks(context, agent, message.frameworks ?? []);
  if (!takesOperations(agent)) sendCheckpointed(context, agent);
  context.options.log.info(`Re-registered known agent ${agent.id} at ${pid} (${info.hostname})`);
}

/** An agent that takes no acknowledgements of operations any more would leave their ends here for ever. */
function forgetUnanswerable(context: MasterContext, agent: AgentRecord, message: ReregisterAgentMessage): void {
  const { operations } = context.state;
  const takes = capabilityTypes(message.agent_capabilities ?? []).has('AGENT_OPERATION_FEEDBACK');
  if (takes || !agent.capabilities.has('AGENT_OPERATION_FEEDBACK')) return;
  for (const operation of [...operations.onAgent(agent.id).values()])
    if (operation.info.id !== undefined && isFinal(operation.latest.state)) operations.remove(operation);
}

/** The registry has the new ones already. More may be held than there is now; that ends with the tasks. */
function setTotal(context: MasterContext, agent: AgentRecord, total: Resources): void {
  if (agent.total.equals(total)) return;
  rescindAll(context, agent);
  changeTotal(context, agent, total);
}

function rescindAll(context: MasterContext, agent: AgentRecord): void {
  for (const offer of context.state.offers.withIds(agent.offers)) rescindOffer(context, offer);
}

function toldTasks(message: ReregisterAgentMessage): ReadonlyMap<string, ReadonlySet<string>> {
  const told = new Map<string, Set<string>>();
  for (const { framework_id: framework, task_id: task } of message.tasks ?? [])
    told.set(framework.value, (told.get(framework.value) ?? new Set()).add(task.value));
  return told;
}

/** The launch was lost, or is still on its way to the agent: only the agent can tell. */
function missingTasks(
  context: MasterContext,
  agent: AgentRecord,
  message: ReregisterAgentMessage,
): ReconcileTasksMessage[] {
  const reported = toldTasks(message);
  return [...agent.tasks].flatMap(([frameworkId, tasks]) => {
    const statuses: TaskStatus[] = [];
    for (const task of tasks.values())
      if (!reported.get(frameworkId)?.has(task.id))
        statuses.push({
          task_id: { value: task.id },
          agent_id: { value: agent.id },
          state: task.statusUpdateState ?? task.state,
          source: 'SOURCE_MASTER',
          message: 'Reconciliation request',
          reason: 'REASON_RECONCILIATION',
          timestamp: context.now.wallMs / 1000,
        });
    if (statuses.length === 0) return [];
    const framework = context.state.frameworks.registered.get(frameworkId)?.info;
    return [{ framework_id: { value: frameworkId }, statuses, framework }];
  });
}

/**
 * What runs there although it was given up, and nothing was heard of its end; and what this master has never heard of: the
 * agent's first registration here may have been an old one, from before another master led. Ends of executors come later,
 * in order.
 */
function takeBack(context: MasterContext, agent: AgentRecord, message: ReregisterAgentMessage): TaskRecord[] {
  const tasks = (message.tasks ?? []).filter((task) => isMissing(context, agent, task));
  for (const executor of liveExecutors(context, message)) {
    const frameworkId = executor.framework_id?.value as FrameworkId;
    const framework = context.state.frameworks.registered.get(frameworkId);
    if (framework === undefined || executorOn(agent, framework, executor.executor_id.value) !== undefined) continue;
    context.allocator.use(framework.id, agent.id, Resources.from(executor.resources));
    addExecutor(context, agent, framework, executor);
  }
  const back: TaskRecord[] = [];
  for (const reported of tasks) {
    const framework = context.state.frameworks.registered.get(reported.framework_id.value as FrameworkId);
    const id = reported.task_id.value as TaskId;
    if (framework === undefined || framework.tasks.has(id)) continue;
    const task = survivor(framework, reported);
    framework.completedTasks.remove((completed) => completed.id === id);
    context.allocator.use(framework.id, agent.id, task.resources);
    addTask(context, agent, framework, task);
    back.push(task);
  }
  return back;
}

function executorsOn(agent: AgentRecord): number {
  let count = 0;
  for (const executors of agent.executors.values()) count += executors.size;
  return count;
}

function isMissing(context: MasterContext, agent: AgentRecord, reported: Task): boolean {
  const framework = context.state.frameworks.registered.get(reported.framework_id.value as FrameworkId);
  const id = reported.task_id.value as TaskId;
  if (framework === undefined || framework.tasks.has(id) || framework.unreachableTasks.has(id)) return false;
  if (isTerminal(reported.state)) return false;
  const completed = [...framework.completedTasks].filter((task) => task.id === id);
  return completed.length === 0 || (!agent.connected && completed.some(({ state }) => state === 'TASK_LOST'));
}

/** One whose launch may be on its way stays until the agent has told of its tasks, which it is asked about. */
function dropMissingExecutors(context: MasterContext, agent: AgentRecord, message: ReregisterAgentMessage): void {
  const reported = new Map<string | undefined, Set<string>>();
  for (const { framework_id: framework, executor_id: executor } of message.executor_infos ?? [])
    reported.set(framework?.value, (reported.get(framework?.value) ?? new Set()).add(executor.value));
  const told = toldTasks(message);
  for (const [frameworkId, executors] of [...agent.executors]) {
    const framework = context.state.frameworks.registered.get(frameworkId);
    if (framework === undefined) continue;
    for (const [id, record] of [...executors]) {
      record.unmentioned = !reported.get(frameworkId)?.has(id);
      if (record.unmentioned && !isNeeded(agent, framework, id, told.get(frameworkId)))
        removeExecutor(context, agent, framework, id);
    }
  }
}

function repeatKills(context: MasterContext, agent: AgentRecord, message: ReregisterAgentMessage): void {
  for (const { framework_id: framework, task_id: task, state } of message.tasks ?? [])
    if (!isTerminal(state) && agent.killedTasks.get(framework.value as FrameworkId)?.has(task.value as TaskId))
      context.outbox.send(agent.pid, KillTaskMessage, { framework_id: framework, task_id: task });
}
