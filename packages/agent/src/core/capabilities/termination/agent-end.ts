/** The end of the agent: asked for by the master or an operator, with all tasks; or of the process alone. */
import { UnregisterAgentMessage } from '@mesolite/wire';
import type { InputOf } from '../../inputs.ts';
import type { AgentState } from '../../state/agent-state.ts';
import { exitWhenDone } from '../../transitions/frameworks.ts';
import { sendToMaster } from '../../transitions/messages.ts';
import { shutdownFramework } from '../../transitions/shutdown-framework.ts';

/** The master refuses this agent, or an operator marked it as gone. */
export function shutdownByMaster(state: AgentState, { from, message }: InputOf<'shutdown-agent'>): void {
  const why = message.message === undefined || message.message === '' ? '' : ` because '${message.message}'`;
  const { log } = state.options;
  log.info(`Agent asked to shut down by ${from}${why}`);
  if (state.agentId !== undefined)
    log.info(
      `Agent ${state.agentId} ends with its executors; the next process in this work directory registers as a new agent`,
    );
  terminate(state);
}

export function unregister(state: AgentState): void {
  state.options.log.info('Unregistering and shutting down');
  if (state.agentId !== undefined) {
    sendToMaster(state, UnregisterAgentMessage, { agent_id: { value: state.agentId } });
  }
  terminate(state);
}

/** What may outlive the process is left alone, with its records. */
export function stop(state: AgentState): void {
  for (const executor of state.executorOfContainer.values()) {
    if (!executor.checkpoint && executor.state !== 'TERMINATED') {
      state.effect({ kind: 'destroy-container', containerId: executor.containerId });
    }
  }
}

function terminate(state: AgentState): void {
  if (state.phase === 'TERMINATING') return;
  state.phase = 'TERMINATING';
  state.registrationDeadline = state.deadlines.cancel(state.registrationDeadline);
  state.authentication.deadline = state.deadlines.cancel(state.authentication.deadline);
  for (const framework of [...state.frameworks.values()]) shutdownFramework(state, framework);
  exitWhenDone(state);
}
