/** What an agent tells an executor through its environment (kernel names, `MESOS_*`), read and checked once. */
import { err, ok, parseDuration, type Result } from '@mesolite/base';

export interface ExecutorEnvironment {
  readonly frameworkId: string;
  readonly executorId: string;
  readonly agentId: string | undefined;
  /** Of the agent's HTTP server, such as `http://127.0.0.1:5051`. */
  readonly origin: string;
  /** Of the executor API on it. */
  readonly path: string;
  /** The executor's working directory; files there can be read through the agent. */
  readonly sandbox: string | undefined;
  /** True when the executor shall outlive a restart of its agent. */
  readonly checkpoint: boolean;
  /** How long a checkpointing executor waits for its agent to come back, in milliseconds. */
  readonly recoveryTimeoutMs: number;
  /** Longest wait between attempts to subscribe, in milliseconds. */
  readonly maxBackoffMs: number;
  /** From the order to shut down to the end by force, in milliseconds. */
  readonly shutdownGraceMs: number;
  /** Sent as bearer token where the agent asks executors to prove who they are. */
  readonly token: string | undefined;
}

/** The error names the variable that is missing or malformed: most likely the program was not started by an agent. */
export function readExecutorEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Result<ExecutorEnvironment> {
  const frameworkId = env['MESOS_FRAMEWORK_ID'];
  const executorId = env['MESOS_EXECUTOR_ID'];
  const endpoint = env['MESOS_AGENT_ENDPOINT'];
  if (!frameworkId) return missing('MESOS_FRAMEWORK_ID');
  if (!executorId) return missing('MESOS_EXECUTOR_ID');
  if (!endpoint) return missing('MESOS_AGENT_ENDPOINT');
  if (!/^[^\s/]+:\d{1,5}$/.test(endpoint)) return err(`MESOS_AGENT_ENDPOINT '${endpoint}': expecting host:port`);
  const recoveryTimeoutMs = duration(env, 'MESOS_RECOVERY_TIMEOUT', '15mins');
  if (!recoveryTimeoutMs.ok) return recoveryTimeoutMs;
  const maxBackoffMs = duration(env, 'MESOS_SUBSCRIPTION_BACKOFF_MAX', '2secs');
  if (!maxBackoffMs.ok) return maxBackoffMs;
  const shutdownGraceMs = duration(env, 'MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD', '5secs');
  if (!shutdownGraceMs.ok) return shutdownGraceMs;
  // Several agents may share one address; the process id in front of the `@` tells which one is ours.
  const processId = /^([^@/]+)@/.exec(env['MESOS_SLAVE_PID'] ?? '')?.[1];
  return ok({
    frameworkId,
    executorId,
    agentId: env['MESOS_SLAVE_ID'],
    origin: `http://${endpoint}`,
    path: processId === undefined ? '/api/v1/executor' : `/${processId}/api/v1/executor`,
    sandbox: env['MESOS_SANDBOX'] ?? env['MESOS_DIRECTORY'],
    checkpoint: env['MESOS_CHECKPOINT'] === '1',
    recoveryTimeoutMs: recoveryTimeoutMs.value,
    maxBackoffMs: maxBackoffMs.value,
    shutdownGraceMs: shutdownGraceMs.value,
    token: env['MESOS_EXECUTOR_AUTHENTICATION_TOKEN'],
  });
}

function missing(name: string): Result<never> {
  return err(`${name} is not set: an executor is started by an agent, not by hand`);
}

function duration(env: Readonly<Record<string, string | undefined>>, name: string, otherwise: string): Result<number> {
  const parsed = parseDuration(env[name] ?? otherwise);
  return parsed.ok ? parsed : err(`${name}: ${parsed.error}`);
}
