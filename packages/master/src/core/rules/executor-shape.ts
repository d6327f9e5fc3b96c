/** What an executor must hold, whatever the framework and the agent. */
import { idError } from '@mesolite/base';
import type { ExecutorInfo } from '@mesolite/wire';
import { commandError, containerError } from './command-rules.ts';

export function executorShapeError(executor: ExecutorInfo): string | undefined {
  return (
    typeError(executor) ??
    idError(executor.executor_id.value) ??
    gracePeriodError(executor) ??
    partError(executor.command, commandError, 'CommandInfo') ??
    partError(executor.container, containerError, 'ContainerInfo')
  );
}

function typeError(executor: ExecutorInfo): string | undefined {
  if (executor.type === 'CUSTOM')
    return executor.command === undefined ? "'ExecutorInfo.command' must be set for 'CUSTOM' executor" : undefined;
  if (executor.type !== 'DEFAULT') return undefined;
  if (executor.command !== undefined) return "'ExecutorInfo.command' must not be set for 'DEFAULT' executor";
  if (executor.container === undefined) return undefined;
  if (executor.container.type !== 'MESOS')
    return "'ExecutorInfo.container.type' must be 'MESOS' for 'DEFAULT' executor";
  return executor.container.mesos?.image === undefined
    ? undefined
    : "'ExecutorInfo.container.mesos.image' must not be set for 'DEFAULT' executor";
}

function gracePeriodError(executor: ExecutorInfo): string | undefined {
  return (executor.shutdown_grace_period?.nanoseconds ?? 0n) < 0n
    ? "ExecutorInfo's 'shutdown_grace_period' must be non-negative"
    : undefined;
}

function partError<T>(part: T | undefined, rule: (part: T) => string | undefined, name: string): string | undefined {
  const error = part === undefined ? undefined : rule(part);
  return error === undefined ? undefined : `Executor's \`${name}\` is invalid: ${error}`;
}
