/**
 * Adds a returning agent with what runs on it: frameworks this master does not know yet are remembered as recovered,
 * tasks that had been given up are live again, and frameworks that have ended here are shut down there.
 *
 * Departs from Mesos: executors of ended frameworks are not counted while they shut down.
 */
import type { AgentId, FrameworkId, TaskId } from '@mesolite/base';
import { allocatedTo, Resources } from '@mesolite/resources';
import {
  type AgentInfo,
  AgentReregisteredMessage,
  type ExecutorInfo,
  type FrameworkInfo,
  type ReregisterAgentMessage,
  type Resource,
  ShutdownFrameworkMessage,
  type Task,
  UpdateFrameworkMessage,
} from '@mesolite/wire';
import type { MasterContext } from '../../context.ts';
import { MAX_FRAMEWORKS } from '../../options.ts';
import { rolesOf } from '../../rules/framework-info.ts';
import type { AgentRecord } from '../../state/agents.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import type { TaskRecord } from '../../state/task.ts';
import { noticeDrained, tellToDrain } from '../../transitions/agent-drain.ts';
import { addAgent, connectionTerms, disconnectAgent } from '../../transitions/agent-membership.ts';
import { pidForAgents, sendUpdate } from '../../transitions/framework-events.ts';
import { addFramework } from '../../transitions/framework-membership.ts';
import { rememberFramework } from '../../transitions/framework-memory.ts';
import { awaitScheduler } from '../../transitions/framework-return.ts';
import { knownTaskStatus } from '../../transitions/master-status.ts';
import { reportedTask } from '../../transitions/task-record.ts';
import { forgetUnreachable } from '../../transitions/tasks.ts';
import { admittedTotal } from './agent-rules.ts';

export function restoreAgent(
  context: MasterContext,
  pid: string,
  info: AgentInfo,
  message: ReregisterAgentMessage,
): void {
  const { agents } = context.state;
  const agentId = info.id?.value as AgentId;
  const recovered = agents.recovered.has(agentId);
  const unreachable = agents.unreachable.get(agentId);
  const usurped = agents.byPid(pid);
  if (usurped?.connected) disconnectAgent(context, usurped);
  recoverFrameworks(context, message.frameworks ?? []);
  for (const [frameworkId, tasks] of unreachable?.tasks ?? []) {
    const framework = context.state.frameworks.registered.get(frameworkId);
    if (framework !== undefined) for (const id of tasks) forgetUnreachable(context, framework, id);
  }
  const tasks = liveTasks(context, message);
  context.counters.add('agentReregistrations');
  const agent = addAgent(
    context,
    {
      info,
      pid,
      version: message.version ?? '',
      capabilities: message.agent_capabilities ?? [],
      resourceVersion: message.resource_version_uuid?.value,
      total: admittedTotal(message),
    },
    { tasks, executors: liveExecutors(context, message), reregistered: true },
  );
  rememberCompleted(context, message);
  tellToDrain(context, agent);
  if (!agent.capabilities.has('RESOURCE_PROVIDER')) noticeDrained(context, agent);
  context.outbox.send(pid, AgentReregisteredMessage, {
    agent_id: { value: agent.id },
    connection: connectionTerms(context),
  });
  if (!recovered)
    tellReturned(
      context,
      tasks,
      unreachable === undefined ? 'Unknown agent reregistered' : 'Unreachable agent re-reregistered',
    );
  tellFrameworks(context, agent, message.frameworks ?? []);
  context.options.log.info(`Re-registered agent ${agent.id} at ${pid} (${info.hostname}) with ${agent.total}`);
}

/** Frameworks that neither run nor have ended here are known from now on, without a scheduler. */
export function recoverFrameworks(context: MasterContext, infos: readonly FrameworkInfo[]): void {
  const { frameworks } = context.state;
  for (const info of infos) {
    const id = info.id?.value as FrameworkId;
    if (frameworks.registered.has(id) || frameworks.completed.has(id)) continue;
    if (frameworks.registered.size >= MAX_FRAMEWORKS) {
      context.options.log.error(`Framework ${id} is not recovered: there are ${MAX_FRAMEWORKS} frameworks already`);
      continue;
    }
    context.options.log.info(`Recovering framework ${id} (${info.name}) from a returning agent`);
    const framework = addFramework(context, info);
    awaitScheduler(context, framework, undefined);
    rememberFramework(context, framework);
  }
}

/** Sends the agent what frameworks it runs look like now, and tells it to end those that ended here. */
export function tellFrameworks(context: MasterContext, agent: AgentRecord, infos: readonly FrameworkInfo[]): void {
  const { frameworks } = context.state;
  for (const { id } of infos) {
    const framework = frameworks.registered.get(id?.value as FrameworkId);
    if (framework !== undefined && framework.state !== 'recovered')
      context.outbox.send(agent.pid, UpdateFrameworkMessage, {
        framework_id: { value: framework.id },
        pid: pidForAgents(framework),
        framework_info: framework.info,
      });
    if (id !== undefined && frameworks.completed.has(id.value as FrameworkId))
      context.outbox.send(agent.pid, ShutdownFrameworkMessage, { framework_id: id });
  }
}

function liveTasks(context: MasterContext, message: ReregisterAgentMessage): TaskRecord[] {
  const seen = new Map<FrameworkId, Set<TaskId>>();
  const tasks: TaskRecord[] = [];
  for (const reported of message.tasks ?? []) {
    const framework = context.state.frameworks.registered.get(reported.framework_id.value as FrameworkId);
    if (framework === undefined) continue;
    const task = survivor(framework, reported);
    const ids = seen.get(framework.id) ?? new Set();
    seen.set(framework.id, ids);
    if (ids.has(task.id) || framework.tasks.has(task.id)) {
      context.options.log.error(
        `Agent ${task.agentId} reports task ${task.id} of framework ${framework.id}, which runs elsewhere`,
      );
      continue;
    }
    ids.add(task.id);
    forgetUnreachable(context, framework, task.id);
    framework.completedTasks.remove((completed) => completed.id === task.id);
    tasks.push(task);
  }
  return tasks;
}

/** A task as the agent that runs it tells of it. */
export function survivor(framework: FrameworkRecord, reported: Task): TaskRecord {
  return reportedTask({ ...reported, resources: allocated(reported.resources, framework.info) });
}

export function liveExecutors(context: MasterContext, message: ReregisterAgentMessage): ExecutorInfo[] {
  return (message.executor_infos ?? []).flatMap((info) => {
    const framework = context.state.frameworks.registered.get(info.framework_id?.value as FrameworkId);
    return framework === undefined ? [] : [{ ...info, resources: allocated(info.resources, framework.info) }];
  });
}

/** Agents that know no roles leave out what each resource is allocated to; their frameworks have just one role. */
function allocated(resources: readonly Resource[] | undefined, info: FrameworkInfo): Resource[] {
  return allocatedTo(rolesOf(info)[0] ?? '*', resources);
}

function rememberCompleted(context: MasterContext, message: ReregisterAgentMessage): void {
  for (const { framework_info: info, tasks } of message.completed_frameworks ?? []) {
    const framework = context.state.frameworks.registered.get(info.id?.value as FrameworkId);
    for (const task of tasks ?? [])
      if (Resources.validate(task.resources) === undefined)
        framework?.completedTasks.push({ ...reportedTask(task), released: true });
  }
}

export function tellReturned(context: MasterContext, tasks: readonly TaskRecord[], message: string): void {
  for (const task of tasks) {
    const framework = context.state.frameworks.registered.get(task.frameworkId);
    if (framework !== undefined)
      sendUpdate(
        context,
        framework,
        knownTaskStatus(context, task, { state: task.state, message, reason: 'REASON_AGENT_REREGISTERED' }),
      );
  }
}
