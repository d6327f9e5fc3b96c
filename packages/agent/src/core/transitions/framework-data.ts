/** Data of an executor on its way to its scheduler: straight to a driver, through the master to everybody else. */
import type { ExecutorId } from '@mesolite/base';
import { ExecutorToFrameworkMessage } from '@mesolite/wire';
import type { AgentState } from '../state/agent-state.ts';
import type { Framework } from '../state/framework.ts';
import { sendTo, sendToMaster } from './messages.ts';

/** Dropped while nobody could take it; nobody repeats it. */
export function messageFramework(
  state: AgentState,
  framework: Framework | undefined,
  executorId: ExecutorId,
  data: Uint8Array,
): void {
  if (!state.registered || framework === undefined || framework.terminating || state.agentId === undefined) {
    state.options.log.warning(
      `Dropping message of executor '${executorId}' to framework ${framework?.id}: nobody to give it to`,
    );
    state.counters.invalidFrameworkMessages.add();
    return;
  }
  const message = {
    agent_id: { value: state.agentId },
    framework_id: { value: framework.id },
    executor_id: { value: executorId },
    data,
  };
  if (framework.pid === undefined) sendToMaster(state, ExecutorToFrameworkMessage, message);
  else sendTo(state, framework.pid, ExecutorToFrameworkMessage, message);
  state.counters.validFrameworkMessages.add();
}
