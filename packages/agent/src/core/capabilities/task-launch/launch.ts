/**
 * A launch as the agent handles it: one task or a group, with the executor it needs. Resources are in the
 * post-refinement format and allocated; ids are valid.
 */
import type { ExecutorId, FrameworkId } from '@mesolite/base';
import { allocatedTo } from '@mesolite/resources';
import type {
  ExecutorInfo,
  FrameworkInfo,
  Resource,
  ResourceVersionUUID,
  TaskGroupInfo,
  TaskInfo,
} from '@mesolite/wire';
import type { InputOf } from '../../inputs.ts';
import { rolesOf } from '../../state/framework.ts';
import { commandExecutorInfo } from './command-executor-info.ts';

export interface Launch {
  readonly framework: FrameworkInfo;
  readonly frameworkId: FrameworkId;
  readonly frameworkPid: string | undefined;
  readonly executor: ExecutorInfo;
  readonly executorId: ExecutorId;
  readonly tasks: readonly TaskInfo[];
  /** The tasks as one; unset for a single task. */
  readonly group: TaskGroupInfo | undefined;
  /** Runs in the built-in command executor. */
  readonly commandTask: TaskInfo | undefined;
  readonly resourceVersions: readonly ResourceVersionUUID[];
  /** Whether the master believes that the executor is not there yet; older masters do not say. */
  readonly launchExecutor: boolean | undefined;
}

export function launchOfTask({ message }: InputOf<'run-task'>, frameworkPid: string | undefined): Launch {
  const { framework } = message;
  const task = allocated(message.task, framework);
  const executor = task.executor ?? commandExecutorInfo(framework, task);
  return {
    framework,
    frameworkId: framework.id?.value as FrameworkId,
    frameworkPid,
    executor,
    executorId: executor.executor_id.value as ExecutorId,
    tasks: [task],
    group: undefined,
    commandTask: task.executor === undefined ? task : undefined,
    resourceVersions: message.resource_version_uuids ?? [],
    launchExecutor: message.launch_executor,
  };
}

export function launchOfGroup({ message }: InputOf<'run-task-group'>): Launch {
  const { framework, executor, task_group } = message;
  const tasks = (task_group.tasks ?? []).map((task) => allocated(task, framework));
  return {
    framework,
    frameworkId: framework.id?.value as FrameworkId,
    frameworkPid: undefined,
    executor: { ...executor, resources: allocatedResources(executor.resources, framework) },
    executorId: executor.executor_id.value as ExecutorId,
    tasks,
    group: { ...task_group, tasks },
    commandTask: undefined,
    resourceVersions: message.resource_version_uuids ?? [],
    launchExecutor: message.launch_executor,
  };
}

/** Masters from before multi-role frameworks do not say for which role resources were allocated. */
function allocated(task: TaskInfo, framework: FrameworkInfo): TaskInfo {
  const { executor } = task;
  return {
    ...task,
    resources: allocatedResources(task.resources, framework),
    ...(executor === undefined
      ? {}
      : { executor: { ...executor, resources: allocatedResources(executor.resources, framework) } }),
  };
}

function allocatedResources(resources: readonly Resource[] | undefined, framework: FrameworkInfo): Resource[] {
  return allocatedTo(rolesOf(framework)[0] ?? '*', resources);
}
