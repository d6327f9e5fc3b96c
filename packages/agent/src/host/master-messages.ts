/**
 * The agent's libprocess process: messages of masters and of drivers become inputs. What cannot be decoded, what names something that
 * could not be a path, or is not for an agent, is dropped, counted and logged; nobody waits for an answer.
 */
import { idError } from '@mesolite/base';
import { messageProcess } from '@mesolite/libprocess';
import type { LinkedProcess, Log, Metrics } from '@mesolite/ports';
import { Resources } from '@mesolite/resources';
import type { ExecutorInfo, FrameworkInfo, StatusUpdate, TaskInfo, UUID } from '@mesolite/wire';
import {
  type AgentInput,
  EXECUTOR_MESSAGE_TYPES,
  type ExecutorMessages,
  MASTER_MESSAGE_TYPES,
  type MasterMessages,
} from '../core/index.ts';

const UUID_BYTES = 16;

type Messages = MasterMessages & ExecutorMessages;

/** Why a well-formed message is refused all the same. */
const ERRORS: { readonly [K in keyof Messages]?: (message: Messages[K]) => string | undefined } = {
  'reregister-executor': ({ updates }) => first(updates, updateError),
  'update-status': ({ update }) => updateError(update),
  'agent-registered': ({ agent_id }) => named('agent_id', agent_id.value),
  'agent-reregistered': ({ reconciliations }) =>
    first(
      reconciliations,
      ({ framework_id, statuses }) =>
        named('framework_id', framework_id.value) ?? first(statuses, ({ task_id }) => named('task_id', task_id.value)),
    ),
  'run-task': ({ framework, task }) => frameworkError(framework) ?? taskError(task),
  'run-task-group': ({ framework, executor, task_group }) =>
    frameworkError(framework) ?? executorError(executor) ?? first(task_group.tasks, taskError),
  'apply-operation': ({ operation_uuid }) => uuidError('operation_uuid', operation_uuid),
  'operation-status-acknowledged': ({ operation_uuid, status_uuid }) =>
    uuidError('operation_uuid', operation_uuid) ?? uuidError('status_uuid', status_uuid),
  'reconcile-operations': ({ operations }) =>
    first(operations, ({ operation_uuid }) =>
      operation_uuid === undefined ? undefined : uuidError('operation_uuid', operation_uuid),
    ),
  'update-framework': ({ framework_id, framework_info }) =>
    framework_info === undefined || framework_info.id?.value === framework_id.value
      ? undefined
      : 'framework_info.id must equal framework_id',
};

export interface AgentProcessOptions {
  readonly submit: (input: AgentInput) => void;
  readonly metrics: Metrics;
  readonly log: Log;
}

export function agentProcess({ submit, metrics, log }: AgentProcessOptions): LinkedProcess {
  return messageProcess({
    types: { ...MASTER_MESSAGE_TYPES, ...EXECUTOR_MESSAGE_TYPES },
    receive: (kind, from, message, connection) => {
      const error = (ERRORS[kind] as ((message: object) => string | undefined) | undefined)?.(message);
      if (error === undefined) submit({ kind, from, message, connection } as AgentInput);
      return error;
    },
    exited: (pid) => submit({ kind: 'link-exited', pid }),
    dropped: metrics.counter('slave/dropped_messages'),
    log,
  });
}

function frameworkError({ id }: FrameworkInfo): string | undefined {
  return named('framework.id', id?.value ?? '');
}

function taskError({ task_id, resources, executor, command }: TaskInfo): string | undefined {
  const error = named('task_id', task_id.value) ?? resourcesError('task', resources);
  if (error !== undefined) return error;
  if (executor !== undefined) return executorError(executor);
  return command === undefined ? 'a task needs a command or an executor' : undefined;
}

function executorError({ executor_id, resources }: ExecutorInfo): string | undefined {
  return named('executor_id', executor_id.value) ?? resourcesError('executor', resources);
}

function resourcesError(whose: string, resources: TaskInfo['resources']): string | undefined {
  const error = Resources.validate(resources);
  return error === undefined ? undefined : `resources of the ${whose}: ${error}`;
}

/** Ids of tasks, executors and frameworks become names of directories. */
function named(field: string, id: string): string | undefined {
  const error = idError(id);
  return error === undefined ? undefined : `${field}: ${error}`;
}

function updateError({ uuid, status }: StatusUpdate): string | undefined {
  if (uuid !== undefined && uuid.length !== UUID_BYTES) return `update.uuid: a UUID has ${UUID_BYTES} bytes`;
  return named('task_id', status.task_id.value);
}

/** Uuids of operations become names of directories too. */
function uuidError(field: string, { value }: UUID): string | undefined {
  return value.length === UUID_BYTES ? undefined : `${field}: a UUID has ${UUID_BYTES} bytes`;
}

function first<T>(items: readonly T[] | undefined, error: (item: T) => string | undefined): string | undefined {
  for (const item of items ?? []) {
    const found = error(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
