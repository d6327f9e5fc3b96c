/** TaskInfo, CommandInfo and ExecutorInfo from what one usually wants to say. The agent id is filled in by `launch`. */
import type {
  CommandInfo,
  CommandInfoURI,
  ContainerInfo,
  Environment,
  ExecutorInfo,
  Labels,
  Resource,
  TaskInfo,
} from '@mesolite/wire';
import { type ResourceNeeds, resources } from './resources.ts';

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Fetched into the sandbox first; a plain string is a URI with default treatment. */
  readonly uris?: readonly (string | CommandInfoURI)[] | undefined;
  readonly user?: string | undefined;
}

/** A shell command. */
export function shell(command: string, options: CommandOptions = {}): CommandInfo {
  return { shell: true, value: command, ...commandParts(options) };
}

/** A program with its arguments, without a shell. `argv[0]` becomes its own name for itself. */
export function program(path: string, args: readonly string[] = [], options: CommandOptions = {}): CommandInfo {
  return { shell: false, value: path, arguments: [path, ...args], ...commandParts(options) };
}

export function environment(variables: Readonly<Record<string, string>>): Environment {
  return { variables: Object.entries(variables).map(([name, value]) => ({ name, type: 'VALUE', value })) };
}

export function labels(values: Readonly<Record<string, string>>): Labels {
  return { labels: Object.entries(values).map(([key, value]) => ({ key, value })) };
}

export interface TaskOptions extends ResourceNeeds {
  /** Unique among the framework's live tasks; no `/`, at most 255 bytes. */
  readonly id: string;
  /** Default: the id. */
  readonly name?: string;
  /** Besides those given by amount: reserved ones, volumes. */
  readonly resources?: readonly Resource[];
  /** A shell command, or a whole CommandInfo. Either this or `executor`. */
  readonly command?: string | CommandInfo;
  readonly executor?: ExecutorInfo;
  /** Bytes for the executor. */
  readonly data?: Uint8Array;
  readonly container?: ContainerInfo;
  /** From SIGTERM to SIGKILL when the task is killed, in milliseconds. */
  readonly killGraceMs?: number;
  /** The task is failed when it runs longer, in milliseconds. */
  readonly maxCompletionMs?: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A task for `SchedulerClient.launch`. */
export function task(options: TaskOptions): TaskInfo {
  const { command, killGraceMs, maxCompletionMs } = options;
  return {
    name: options.name ?? options.id,
    task_id: { value: options.id },
    agent_id: { value: '' },
    resources: [...resources(options), ...(options.resources ?? [])],
    command: typeof command === 'string' ? shell(command) : command,
    executor: options.executor,
    container: options.container,
    data: options.data,
    labels: options.labels === undefined ? undefined : labels(options.labels),
    kill_policy: killGraceMs === undefined ? undefined : { grace_period: { nanoseconds: nanoseconds(killGraceMs) } },
    max_completion_time: maxCompletionMs === undefined ? undefined : { nanoseconds: nanoseconds(maxCompletionMs) },
  };
}

export interface ExecutorInfoOptions extends ResourceNeeds {
  readonly id: string;
  readonly name?: string;
  readonly command: string | CommandInfo;
  readonly data?: Uint8Array;
}

/** An executor of one's own. The framework id is filled in by `launch`. */
export function executor(options: ExecutorInfoOptions): ExecutorInfo {
  return {
    type: 'CUSTOM',
    executor_id: { value: options.id },
    name: options.name ?? options.id,
    command: typeof options.command === 'string' ? shell(options.command) : options.command,
    resources: resources(options),
    data: options.data,
  };
}

function commandParts(options: CommandOptions): Partial<CommandInfo> {
  const uris = options.uris?.map((uri) => (typeof uri === 'string' ? { value: uri } : uri));
  return {
    environment: options.env === undefined ? undefined : environment(options.env),
    uris,
    user: options.user,
  };
}

function nanoseconds(ms: number): bigint {
  return BigInt(Math.round(ms * 1e6));
}
