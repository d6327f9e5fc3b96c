/**
 * The agent's libprocess process: messages of masters become inputs. What cannot be decoded, what names something that
 * could not be a path, or is not for an agent, is dropped, counted and logged; nobody waits for an answer.
 */
import { idError } from '@mesolite/base';
import type { LinkedProcess, Log, Metrics } from '@mesolite/ports';
import { Resources } from '@mesolite/resources';
import {
  AcknowledgeOperationStatusMessage,
  AgentRegisteredMessage,
  AgentReregisteredMessage,
  ApplyOperationMessage,
  CheckpointResourcesMessage,
  DrainAgentMessage,
  type ExecutorInfo,
  type FrameworkInfo,
  FrameworkToExecutorMessage,
  KillTaskMessage,
  type MessageType,
  PingAgentMessage,
  ReconcileOperationsMessage,
  RunTaskGroupMessage,
  RunTaskMessage,
  ShutdownExecutorMessage,
  ShutdownFrameworkMessage,
  ShutdownMessage,
  StatusUpdateAcknowledgementMessage,
  type TaskInfo,
  UpdateFrameworkMessage,
  WireError,
  wireName,
} from '@mesolite/wire';
import type { AgentInput, MasterInput, MasterMessageKind, MasterMessages } from '../core/index.ts';

interface Rule<M extends object> {
  readonly type: MessageType<M>;
  /** Why a well-formed message is refused all the same. */
  readonly error?: (message: M) => string | undefined;
}

const RULES: { readonly [K in MasterMessageKind]: Rule<MasterMessages[K]> } = {
  'agent-registered': { type: AgentRegisteredMessage, error: ({ agent_id }) => named('agent_id', agent_id.value) },
  'agent-reregistered': {
    type: AgentReregisteredMessage,
    error: ({ reconciliations }) =>
      first(
        reconciliations,
        ({ framework_id, statuses }) =>
          named('framework_id', framework_id.value) ??
          first(statuses, ({ task_id }) => named('task_id', task_id.value)),
      ),
  },
  'ping-received': { type: PingAgentMessage },
  'run-task': { type: RunTaskMessage, error: ({ framework, task }) => frameworkError(framework) ?? taskError(task) },
  'run-task-group': {
    type: RunTaskGroupMessage,
    error: ({ framework, executor, task_group }) =>
      frameworkError(framework) ?? executorError(executor) ?? first(task_group.tasks, taskError),
  },
  'kill-task': { type: KillTaskMessage },
  'shutdown-framework': { type: ShutdownFrameworkMessage },
  'shutdown-executor': { type: ShutdownExecutorMessage },
  'update-framework': {
    type: UpdateFrameworkMessage,
    error: ({ framework_id, framework_info }) =>
      framework_info === undefined || framework_info.id?.value === framework_id.value
        ? undefined
        : 'framework_info.id must equal framework_id',
  },
  'status-update-acknowledged': { type: StatusUpdateAcknowledgementMessage },
  'message-executor': { type: FrameworkToExecutorMessage },
  'shutdown-agent': { type: ShutdownMessage },
  'drain-agent': { type: DrainAgentMessage },
  'apply-operation': { type: ApplyOperationMessage },
  'reconcile-operations': { type: ReconcileOperationsMessage },
  'operation-status-acknowledged': { type: AcknowledgeOperationStatusMessage },
  'checkpoint-resources': { type: CheckpointResourcesMessage },
};

const BY_NAME: ReadonlyMap<string, { readonly kind: MasterMessageKind; readonly rule: Rule<object> }> = new Map(
  Object.entries(RULES).map(([kind, rule]) => [
    wireName(rule.type as MessageType<object>),
    { kind: kind as MasterMessageKind, rule: rule as unknown as Rule<object> },
  ]),
);

export interface AgentProcessOptions {
  readonly submit: (input: AgentInput) => void;
  readonly metrics: Metrics;
  readonly log: Log;
}

export function agentProcess(options: AgentProcessOptions): LinkedProcess {
  const dropped = options.metrics.counter('slave/dropped_messages');
  const drop = (text: string): void => {
    dropped.add();
    options.log.warning(text);
  };
  return {
    message(from, name, body) {
      const known = BY_NAME.get(name);
      if (known === undefined) return drop(`Dropping message ${name} from ${from}: an agent does not take it`);
      let message: object;
      try {
        message = known.rule.type.decode(body);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        return drop(`Dropping malformed message ${name} from ${from}: ${error.message}`);
      }
      const error = known.rule.error?.(message);
      if (error !== undefined) return drop(`Dropping message ${name} from ${from}: ${error}`);
      options.submit({ kind: known.kind, from, message } as MasterInput);
    },
    exited(pid) {
      options.submit({ kind: 'link-exited', pid });
    },
  };
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

function first<T>(items: readonly T[] | undefined, error: (item: T) => string | undefined): string | undefined {
  for (const item of items ?? []) {
    const found = error(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
