/** The executor a command task gets: the original's names and figures, though ours is no process. */
import type { ExecutorInfo, FrameworkInfo, Resource, TaskInfo } from '@mesolite/wire';
import { COMMAND_EXECUTOR_CPUS, COMMAND_EXECUTOR_MEM_MB } from '../../options.ts';

/** Longest piece of a command that names show whole. */
const SHOWN_COMMAND = 15;
const CUT_COMMAND = 12;
/** What a kill may take beyond the task's grace period before the executor itself is late, in nanoseconds. */
const KILL_MARGIN_NS = 2_000_000_000n;

export function commandExecutorInfo(framework: FrameworkInfo, task: TaskInfo): ExecutorInfo {
  const { command, kill_policy } = task;
  const grace = kill_policy?.grace_period?.nanoseconds;
  const role = task.resources?.find((resource) => resource.allocation_info !== undefined)?.allocation_info;
  const overhead: Resource[] = [
    { name: 'cpus', type: 'SCALAR', scalar: { value: COMMAND_EXECUTOR_CPUS } },
    { name: 'mem', type: 'SCALAR', scalar: { value: COMMAND_EXECUTOR_MEM_MB } },
  ];
  return {
    executor_id: { value: task.task_id.value },
    framework_id: framework.id,
    name: `Command Executor (Task: ${task.task_id.value}) (Command: ${commandText(task)})`,
    source: task.task_id.value,
    command: {
      ...(command?.uris === undefined ? {} : { uris: command.uris }),
      ...(command?.environment === undefined ? {} : { environment: command.environment }),
      ...(command?.user === undefined ? {} : { user: command.user }),
    },
    resources: overhead.map((resource) => (role === undefined ? resource : { ...resource, allocation_info: role })),
    ...(task.container === undefined ? {} : { container: task.container }),
    ...(task.labels === undefined ? {} : { labels: task.labels }),
    ...(task.discovery === undefined ? {} : { discovery: task.discovery }),
    ...(grace === undefined ? {} : { shutdown_grace_period: { nanoseconds: grace + KILL_MARGIN_NS } }),
  };
}

function commandText({ command }: TaskInfo): string {
  const value = command?.value;
  if (command?.shell ?? true) {
    if (value === undefined) return 'NO COMMAND';
    return `sh -c '${cut(value)}'`;
  }
  if (value === undefined) return 'NO EXECUTABLE';
  return `[${cut(`${value}, ${(command?.arguments ?? []).join(', ')}`)}]`;
}

function cut(text: string): string {
  return text.length > SHOWN_COMMAND ? `${text.slice(0, CUT_COMMAND)}...` : text;
}
