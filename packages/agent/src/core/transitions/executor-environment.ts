/** The environment an executor, or the task of a built-in one, starts with: the original's names and forms. */
import { formatDuration, must } from '@mesolite/base';
import type { AgentState } from '../state/agent-state.ts';
import type { Executor } from '../state/executor.ts';

/** From the order to shut down until the container is destroyed, in milliseconds. */
export function shutdownGraceMs(state: AgentState, info: Executor['info']): number {
  const given = info.shutdown_grace_period?.nanoseconds;
  return given === undefined ? state.options.executorShutdownGracePeriodMs : Number(given) / 1e6;
}

export function executorEnvironment(
  state: AgentState,
  executor: Executor,
  allocationRole: string | undefined,
): Record<string, string> {
  const { options } = state;
  const environment: Record<string, string> = {
    ...options.executorEnvironment,
    LIBPROCESS_PORT: '0',
  };
  Object.assign(environment, {
    MESOS_FRAMEWORK_ID: executor.frameworkId,
    MESOS_EXECUTOR_ID: executor.id,
    MESOS_DIRECTORY: executor.directory,
    MESOS_SANDBOX: executor.directory,
    'MESOS_SLAVE_ID': must(state.agentId, 'agent id'),
    'MESOS_SLAVE_PID': options.pid,
    MESOS_AGENT_ENDPOINT: options.pid.slice(options.pid.lastIndexOf('@') + 1),
    MESOS_CHECKPOINT: executor.checkpoint ? '1' : '0',
    MESOS_HTTP_COMMAND_EXECUTOR: options.httpCommandExecutor ? '1' : '0',
    MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: formatDuration(shutdownGraceMs(state, executor.info)),
  });
  if (executor.checkpoint) {
    environment['MESOS_RECOVERY_TIMEOUT'] = formatDuration(options.recoveryTimeoutMs);
    environment['MESOS_SUBSCRIPTION_BACKOFF_MAX'] = formatDuration(options.executorReregistrationTimeoutMs);
  }
  if (allocationRole !== undefined) environment['MESOS_ALLOCATION_ROLE'] = allocationRole;
  return environment;
}
