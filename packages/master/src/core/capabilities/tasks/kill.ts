/** KILL: passed on to the agent, remembered while the agent is away. A task nobody knows is answered as reconciliation. */
import type { TaskId } from '@mesolite/base';
import { KillTaskMessage, type SchedulerCallKill } from '@mesolite/wire';
import type { MasterContext } from '../../context.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import { reconcileOne } from '../../transitions/reconciliation.ts';

export function kill(context: MasterContext, framework: FrameworkRecord, call: SchedulerCallKill): void {
  context.counters.add('killTaskMessages');
  const task = framework.tasks.get(call.task_id.value as TaskId);
  if (task === undefined) {
    context.counters.add('reconcileTasksMessages');
    reconcileOne(context, framework, { task_id: call.task_id, agent_id: call.agent_id });
    return;
  }
  if (call.agent_id !== undefined && call.agent_id.value !== task.agentId) {
    context.options.log.warning(
      `Ignoring kill of task ${task.id} of framework ${framework.id}: it runs on ${task.agentId}, not on ${call.agent_id.value}`,
    );
    return;
  }
  const agent = context.state.agents.registered.get(task.agentId);
  if (agent === undefined) return;
  const killed = agent.killedTasks.get(framework.id) ?? new Set();
  agent.killedTasks.set(framework.id, killed.add(task.id));
  // Sent each time: the one before may have been lost without anybody noticing.
  if (agent.connected)
    context.outbox.send(agent.pid, KillTaskMessage, {
      framework_id: { value: framework.id },
      task_id: call.task_id,
      kill_policy: call.kill_policy,
    });
}
