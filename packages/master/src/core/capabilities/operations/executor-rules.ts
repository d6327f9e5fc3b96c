/** What a framework's executor must hold to be launched, also against the one with the same id that runs already. */
import {
  allocatedToSingleRoleError,
  Resources,
  requestedResourcesError,
  revocableMixError,
  uniquePersistenceIdError,
} from '@mesolite/resources';
import { ExecutorInfo } from '@mesolite/wire';
import { executorShapeError } from '../../rules/executor-shape.ts';
import type { AgentRecord } from '../../state/agents.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import { executorOn } from '../../transitions/executors.ts';

import { sameExecutor } from './same-executor.ts';

/** For this framework on this agent. */
export function executorError(
  executor: ExecutorInfo,
  framework: FrameworkRecord,
  agent: AgentRecord,
): string | undefined {
  return (
    executorShapeError(executor) ??
    frameworkIdError(executor, framework) ??
    executorResourcesError(executor) ??
    compatibilityError(executor, framework, agent)
  );
}

function frameworkIdError(executor: ExecutorInfo, framework: FrameworkRecord): string | undefined {
  if (executor.framework_id === undefined) return "'ExecutorInfo.framework_id' must be set";
  const { value } = executor.framework_id;
  return value === framework.id
    ? undefined
    : `ExecutorInfo has an invalid FrameworkID (Actual: ${value} vs Expected: ${framework.id})`;
}

function executorResourcesError(executor: ExecutorInfo): string | undefined {
  const invalid = requestedResourcesError(executor.resources);
  if (invalid !== undefined) return `Executor uses invalid resources: ${invalid}`;
  const resources = Resources.from(executor.resources);
  const persistence = uniquePersistenceIdError(resources);
  if (persistence !== undefined) return `Executor uses duplicate persistence ID: ${persistence}`;
  const role = allocatedToSingleRoleError(resources);
  if (role !== undefined) return `Invalid executor resources: ${role}`;
  const mix = revocableMixError(resources);
  return mix === undefined ? undefined : `Executor mixes revocable and non-revocable resources: ${mix}`;
}

const RULER = '------------------------------------------------------------';

function compatibilityError(
  executor: ExecutorInfo,
  framework: FrameworkRecord,
  agent: AgentRecord,
): string | undefined {
  const running = executorOn(agent, framework, executor.executor_id.value);
  if (running === undefined || sameExecutor(running.info, executor)) return undefined;
  return (
    'ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID.\n' +
    `${RULER}\nExisting ExecutorInfo:\n${ExecutorInfo.toJson(running.info)}\n` +
    `${RULER}\nExecutorInfo:\n${ExecutorInfo.toJson(executor)}\n${RULER}\n`
  );
}
