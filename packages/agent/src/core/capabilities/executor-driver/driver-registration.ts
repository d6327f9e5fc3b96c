/**
 * Executors of the old driver come by message: RegisterExecutor once, ReregisterExecutor when an agent that was started
 * again asked for them (kernel specification 4.4). Who is not expected is told to shut down.
 */
import type { ExecutorId, FrameworkId } from '@mesolite/base';
import type { StatusUpdate, TaskStatus } from '@mesolite/wire';
import type { InputOf } from '../../inputs.ts';
import type { AgentState } from '../../state/agent-state.ts';
import type { Executor } from '../../state/executor.ts';
import type { Framework } from '../../state/framework.ts';
import { executorArrived } from '../../transitions/executor-arrival.ts';
import { refuseExecutor } from '../../transitions/executor-transport.ts';

interface Ids {
  readonly framework_id: { readonly value: string };
  readonly executor_id: { readonly value: string };
}

export function registerExecutor(state: AgentState, { from, message }: InputOf<'register-executor'>): void {
  // A driver that had not registered when the agent went away shuts its executor down by itself.
  const recovering = state.phase === 'RECOVERING' ? 'the agent is still recovering' : undefined;
  const expected = recovering ?? expectedExecutor(state, message);
  if (typeof expected === 'string') {
    refuse(state, from, message, expected);
    return;
  }
  const { framework, executor } = expected;
  state.options.log.info(`Executor '${executor.id}' of framework ${framework.id} registers from ${from}`);
  executorArrived(state, framework, executor, { transport: { kind: 'pid', pid: from }, updates: [], tasks: [] });
}

export function reregisterExecutor(state: AgentState, { from, message }: InputOf<'reregister-executor'>): void {
  const expected = expectedExecutor(state, message);
  if (expected === 'it is RUNNING' && state.options.executorReconnectIntervalMs !== undefined) {
    // Who was called more than once may answer more than once.
    state.options.log.warning(`Ignoring executor '${message.executor_id.value}' at ${from}: it is registered already`);
    return;
  }
  if (typeof expected === 'string') {
    refuse(state, from, message, expected);
    return;
  }
  const { framework, executor } = expected;
  state.options.log.info(`Executor '${executor.id}' of framework ${framework.id} registers again from ${from}`);
  executorArrived(state, framework, executor, {
    transport: { kind: 'pid', pid: from },
    again: true,
    updates: (message.updates ?? []).map(statusOf),
    tasks: message.tasks ?? [],
  });
}

/** The executor that may come now, or why none may. */
function expectedExecutor(
  state: AgentState,
  { framework_id, executor_id }: Ids,
): { readonly framework: Framework; readonly executor: Executor } | string {
  if (state.phase === 'TERMINATING') return 'the agent is terminating';
  const framework = state.frameworks.get(framework_id.value as FrameworkId);
  if (framework === undefined) return 'its framework is unknown';
  if (framework.terminating) return 'its framework is terminating';
  const executor = framework.executors.get(executor_id.value as ExecutorId);
  if (executor === undefined) return 'it is unknown';
  if (executor.builtIn !== undefined) return 'it is built into the agent';
  return executor.state === 'REGISTERING' ? { framework, executor } : `it is ${executor.state}`;
}

function refuse(state: AgentState, from: string, { framework_id, executor_id }: Ids, why: string): void {
  state.options.log.warning(
    `Shutting down executor '${executor_id.value}' of framework ${framework_id.value} at ${from}: ${why}`,
  );
  refuseExecutor(state, from);
}

/** Drivers before 0.23 only name the update as a whole. */
function statusOf({ status, uuid, timestamp }: StatusUpdate): TaskStatus {
  return { ...status, uuid, timestamp: status.timestamp ?? timestamp };
}
