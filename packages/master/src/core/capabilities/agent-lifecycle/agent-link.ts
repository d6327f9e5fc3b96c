/**
 * The connection to an agent broke. It stays registered and has a time to come back; frameworks that do not checkpoint
 * lose what they run there, because such executors end with the connection.
 */
import type { Handler, MasterContext } from '../../context.ts';
import type { AgentRecord } from '../../state/agents.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import { disconnectAgent } from '../../transitions/agent-membership.ts';
import { removeExecutors } from '../../transitions/executors.ts';
import { sendUpdate } from '../../transitions/framework-events.ts';
import { masterStatus } from '../../transitions/master-status.ts';
import { applyStatus, removeTask } from '../../transitions/tasks.ts';

export const linkExited: Handler<'link-exited'> = (context, { pid }) => {
  const agent = context.state.agents.byPid(pid);
  if (agent === undefined || !agent.connected) return;
  context.options.log.info(`Agent ${agent.id} at ${pid} (${agent.info.hostname}) disconnected`);
  disconnectAgent(context, agent);
  for (const frameworkId of new Set([...agent.tasks.keys(), ...agent.executors.keys()])) {
    const framework = context.state.frameworks.registered.get(frameworkId);
    if (framework !== undefined && framework.info.checkpoint !== true) removeFromAgent(context, agent, framework);
  }
};

/** Even frameworks that know partitions are told LOST here, as by the original. */
function removeFromAgent(context: MasterContext, agent: AgentRecord, framework: FrameworkRecord): void {
  for (const task of [...(agent.tasks.get(framework.id)?.values() ?? [])]) {
    const status = masterStatus(context, {
      taskId: task.id,
      agentId: agent.id,
      executorId: task.executorId,
      state: 'TASK_LOST',
      message: `Agent ${agent.info.hostname} disconnected`,
      reason: 'REASON_AGENT_DISCONNECTED',
    });
    applyStatus(context, task, status);
    removeTask(context, task, 'completed');
    sendUpdate(context, framework, status);
  }
  removeExecutors(context, agent, framework);
}
