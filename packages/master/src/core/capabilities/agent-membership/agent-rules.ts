/**
 * What a (re)registration must hold before it is looked at. Each rule answers the reason why it does not, or nothing;
 * such messages are dropped and the agent, if it is one, tries again.
 */
import { assert, idError, type Result } from '@mesolite/base';
import { applyCheckpointed, Resources, roleError } from '@mesolite/resources';
import {
  AgentInfo,
  type AgentInfoV0,
  type RegisterAgentMessage,
  type ReregisterAgentMessage,
  type Resource,
} from '@mesolite/wire';
import { MAX_AGENT_INFO_BYTES, MINIMUM_AGENT_VERSION } from '../../options.ts';
import { pidAddress } from '../../pid-address.ts';
import { executorShapeError } from '../../rules/executor-shape.ts';
import { frameworkInfoError } from '../../rules/framework-info.ts';

function agentInfoError(info: AgentInfoV0): string | undefined {
  const id = info.id === undefined ? undefined : idError(info.id.value);
  return id ?? Resources.validate(info.resources);
}

/** Asked before it goes into the registry: whoever is there already may say as much as before. */
export function registryError(info: AgentInfo): string | undefined {
  const bytes = AgentInfo.encode(info).length;
  return bytes <= MAX_AGENT_INFO_BYTES
    ? undefined
    : `what it says of itself takes ${bytes} bytes, at most ${MAX_AGENT_INFO_BYTES} go into the registry`;
}

/** Versions are compared by their first three numbers, of which missing ones count as 0; what has none is refused. */
export function versionError(version: string | undefined): string | undefined {
  const numbers = (text: string): number[] => text.split('.').map(Number);
  const match = /^(\d{1,6}(?:\.\d{1,6}){0,2})(?:[-+].*)?$/.exec(version ?? '');
  if (match === null) return `version '${version ?? ''}' cannot be parsed`;
  const given = numbers(match[1]!);
  const minimum = numbers(MINIMUM_AGENT_VERSION);
  for (let i = 0; i < minimum.length; i++) {
    const difference = (given[i] ?? 0) - minimum[i]!;
    if (difference > 0) return undefined;
    if (difference < 0)
      return `agent version is ${version}, minimum supported agent version is ${MINIMUM_AGENT_VERSION}`;
  }
  return undefined;
}

export function pidError(pid: string): string | undefined {
  return pidAddress(pid) === undefined ? `'${pid}' is no address of an agent` : undefined;
}

export function registrationError(message: RegisterAgentMessage): string | undefined {
  const error = agentInfoError(message.agent);
  if (error !== undefined) return error;
  if ((message.checkpointed_resources ?? []).length > 0 && message.agent.checkpoint !== true)
    return 'Checkpointed resources provided when checkpointing is not enabled';
  return checkpointedError(message) ?? versionError(message.version);
}

function checkpointedError(message: RegisterAgentMessage | ReregisterAgentMessage): string | undefined {
  const invalid = Resources.validate(message.checkpointed_resources);
  if (invalid !== undefined) return invalid;
  const total = reportedTotal(message);
  return total.ok ? undefined : total.error;
}

/** What a valid message says the agent has, with its reservations and volumes. */
export function reportedTotal(message: RegisterAgentMessage | ReregisterAgentMessage): Result<Resources> {
  const given = Resources.from(message.agent.resources).unallocate();
  return applyCheckpointed(given, Resources.from(message.checkpointed_resources).unallocate());
}

/** Of a message that has been admitted. */
export function admittedTotal(message: RegisterAgentMessage | ReregisterAgentMessage): Resources {
  const total = reportedTotal(message);
  assert(total.ok, 'checkpointed resources do not fit those of the agent');
  return total.value;
}

export function reregistrationError(message: ReregisterAgentMessage): string | undefined {
  if (message.agent.id === undefined) return 'Agent has no id';
  return (
    agentInfoError(message.agent) ??
    checkpointedError(message) ??
    frameworksError(message) ??
    executorsError(message) ??
    tasksError(message) ??
    versionError(message.version)
  );
}

function frameworksError(message: ReregisterAgentMessage): string | undefined {
  const seen = new Set<string>();
  for (const framework of message.frameworks ?? []) {
    const error = frameworkInfoError(framework);
    if (error !== undefined) return error;
    const id = framework.id?.value ?? '';
    if (id === '') return `Framework '${framework.name}' has no id`;
    if (seen.has(id)) return `Framework has a duplicate FrameworkID: '${id}'`;
    seen.add(id);
  }
  return undefined;
}

function executorsError(message: ReregisterAgentMessage): string | undefined {
  const frameworks = new Set((message.frameworks ?? []).map(({ id }) => id?.value));
  const seen = new Map<string, Set<string>>();
  for (const executor of message.executor_infos ?? []) {
    const error = executorShapeError(executor) ?? heldResourcesError(executor.resources);
    if (error !== undefined) return error;
    const frameworkId = executor.framework_id?.value;
    if (frameworkId === undefined || !frameworks.has(frameworkId))
      return `Executor has an invalid FrameworkID '${frameworkId ?? ''}'`;
    const ids = seen.get(frameworkId) ?? new Set();
    seen.set(frameworkId, ids);
    const id = executor.executor_id.value;
    if (ids.has(id)) return `Framework '${frameworkId}' has a duplicate ExecutorID '${id}'`;
    ids.add(id);
  }
  return undefined;
}

function tasksError(message: ReregisterAgentMessage): string | undefined {
  const frameworks = new Set((message.frameworks ?? []).map(({ id }) => id?.value));
  const executors = new Map<string | undefined, Set<string>>();
  for (const { framework_id: framework, executor_id: executor } of message.executor_infos ?? [])
    executors.set(framework?.value, (executors.get(framework?.value) ?? new Set()).add(executor.value));
  for (const task of message.tasks ?? []) {
    const error = idError(task.task_id.value);
    if (error !== undefined) return `Task has an invalid TaskID: ${error}`;
    if (task.agent_id.value !== message.agent.id?.value) return `Task has an invalid SlaveID '${task.agent_id.value}'`;
    if (!frameworks.has(task.framework_id.value)) return `Task has an invalid FrameworkID '${task.framework_id.value}'`;
    if (task.executor_id !== undefined && task.state === 'TASK_RUNNING')
      if (!executors.get(task.framework_id.value)?.has(task.executor_id.value))
        return `Task has an invalid ExecutorID '${task.executor_id.value}'`;
    const resources = heldResourcesError(task.resources);
    if (resources !== undefined) return `Task uses invalid resources: ${resources}`;
  }
  return undefined;
}

/** What tasks and executors hold is allocated to roles that can be; agents of old say nothing of roles. */
function heldResourcesError(resources: readonly Resource[] | undefined): string | undefined {
  const invalid = Resources.validate(resources);
  if (invalid !== undefined) return invalid;
  for (const { name, allocation_info: allocation } of resources ?? []) {
    const error = allocation === undefined ? undefined : roleError(allocation.role ?? '');
    if (error !== undefined) return `Resource '${name}' is allocated to no valid role: ${error}`;
  }
  return undefined;
}
