/**
 * The contract between an agent and whatever holds its containers.
 * Owns the words (spec, termination, failures) only. Must never know of masters, frameworks' protocols or updates.
 */
import type { ContainerId, Result } from '@mesolite/base';
import type { CommandInfo, Resource, ResourceStatistics, TaskStatusReason } from '@mesolite/wire';
import type { ContainerOwner } from './posix/owner-file.ts';

/** A signal by its POSIX name, as node spells it. */
export type ContainerSignal = NodeJS.Signals;

/** A persistent volume of a container. */
export interface ContainerVolume {
  /** Directory that holds the data. It exists already and stays when the container goes. */
  readonly source: string;
  /** Name in the sandbox, one level deep. */
  readonly containerPath: string;
}

/** What to run and where. Paths are absolute. */
export interface ContainerSpec {
  readonly containerId: ContainerId;
  /** Working directory of the command. Created with mode 0750, owned by the container's user. */
  readonly sandbox: string;
  /** `shell` unset or true: `sh -c value`; false: `value` is executed with `arguments` as its whole argv. */
  readonly command: CommandInfo;
  /** The whole environment but for PATH, which has a default. `command.environment` is laid over it. */
  readonly env: Readonly<Record<string, string>>;
  /** User to run as; `command.user` stands in when unset, and the agent's own user when both are. */
  readonly user?: string | undefined;
  /** The container may outlive the agent. */
  readonly checkpoint: boolean;
  /** The agent it belongs to, among those of this machine, and how long it may outlive it. */
  readonly owner?: ContainerOwner | undefined;
  /** Runtime directory of this one container: pid and exit status are recorded there, outside of the task's reach. */
  readonly stateDirectory: string;
  readonly resources: readonly Resource[];
  /** In the sandbox before anything is fetched, owned by the container's user. */
  readonly volumes?: readonly ContainerVolume[] | undefined;
}

export interface LaunchFailure {
  readonly reason: TaskStatusReason;
  /** For the framework to read. The agent prefixes `Failed to launch container: ` as the original does. */
  readonly message: string;
}

export interface LaunchedContainer {
  /** Root process of the container. It is the supervisor, which outlives the command by its last breath only. */
  readonly pid: number;
}

/** How a container ended. Neither `exitCode` nor `signal`: nobody knows (the supervisor was killed, the machine rebooted). */
export interface ContainerTermination {
  /** The word waitpid(2) gives, when known. */
  readonly status?: number | undefined;
  readonly exitCode?: number | undefined;
  /** `SIGKILL`, or `SIG35` for those without a name. */
  readonly signal?: string | undefined;
  readonly coreDumped?: boolean | undefined;
  /** As the original words it: `Command exited with status 3`, `Command terminated with signal Killed`. */
  readonly message: string;
  /** Set when the containerizer, not the command, is the cause. */
  readonly reason?: TaskStatusReason | undefined;
  /** `kill` or `destroy` was asked for before it ended. */
  readonly killed: boolean;
}

/** What an agent remembers of a container from before its restart. */
export interface RecoverableContainer {
  readonly containerId: ContainerId;
  readonly stateDirectory: string;
  readonly sandbox: string;
  readonly resources: readonly Resource[];
  readonly volumes?: readonly ContainerVolume[] | undefined;
  /** Its processes are gone for certain, as after a reboot: only how it ended is looked for. */
  readonly gone?: boolean | undefined;
}

export type ContainerState = 'preparing' | 'fetching' | 'running' | 'destroying' | 'ended';

export interface ContainerSummary {
  readonly containerId: ContainerId;
  readonly state: ContainerState;
  readonly pid?: number | undefined;
  readonly sandbox: string;
}

export interface Containerizer {
  /** Makes the sandbox, fetches, starts. Resolves when the command has been forked. One launch per container id. */
  launch(spec: ContainerSpec): Promise<Result<LaunchedContainer, LaunchFailure>>;
  /** Resolves when the container ended, also long after; at once with an unknown status for a container never heard of. */
  wait(containerId: ContainerId): Promise<ContainerTermination>;
  /** Signals the whole process tree, sessions and process groups followed. Nothing for unknown or ended containers. */
  kill(containerId: ContainerId, signal: ContainerSignal): void;
  /** Ends the container in any state, fetching too. Resolves when nothing of it is left. Idempotent. */
  destroy(containerId: ContainerId): Promise<void>;
  usage(containerId: ContainerId): Promise<ResourceStatistics | undefined>;
  /**
   * Changes what `usage` reports as limits (the posix isolation enforces none), and which volumes are in the sandbox when
   * this returns. The error is for the framework to read. Nothing for unknown or ended containers.
   */
  update(
    containerId: ContainerId,
    resources: readonly Resource[],
    volumes?: readonly ContainerVolume[],
  ): Result<undefined>;
  /** Takes over containers a previous agent started. They answer `wait` like own ones; answers those still running. */
  recover(list: readonly RecoverableContainer[]): Promise<readonly ContainerSummary[]>;
  /** Ends what is left of a container that nobody knows any more. */
  endOrphan(stateDirectory: string): Promise<void>;
  containers(): readonly ContainerSummary[];
  /** Lets go: stops watching, ends helpers. Containers live on. */
  close(): Promise<void>;
}
