/**
 * What an agent core wants done, in order. Plain data: bytes and values, never a reference into a table.
 *
 * A host that writes `write-file` and `append-file` before it performs what follows them keeps the promise that an
 * update is on disk before it is acknowledged or forwarded.
 */
import type { ContainerId, ExecutorId, FrameworkId } from '@mesolite/base';
import type { ContainerVolume } from '@mesolite/containers';
import type { CommandInfo, ContainerInfo, ExecutorEvent, Resource } from '@mesolite/wire';
import type { ConnectionId } from './inputs.ts';
import type { VolumeChanges } from './volumes.ts';

export type KillSignal = 'SIGTERM' | 'SIGKILL';

export interface LaunchContainer {
  readonly kind: 'launch-container';
  readonly containerId: ContainerId;
  readonly frameworkId: FrameworkId;
  readonly executorId: ExecutorId;
  readonly command: CommandInfo;
  readonly container: ContainerInfo | undefined;
  readonly sandbox: string;
  /** A link that is to point at the sandbox by the time the container is launched. */
  readonly latestLink: string;
  /** The user to run as; unset: the agent's own. */
  readonly user: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly resources: readonly Resource[];
  readonly volumes: readonly ContainerVolume[];
  /** May outlive the agent. */
  readonly checkpoint: boolean;
}

/** A file that counts once `target` is renamed to `path`. */
export interface TargetedFile {
  readonly path: string;
  readonly target: string;
  readonly data: Uint8Array;
}

/**
 * Changes what the agent remembers of its resources: first the targets are written, then the volumes changed, then the
 * targets renamed in order, then what is discarded removed. Each step waits for the one before.
 */
export interface CommitResources {
  readonly kind: 'commit-resources';
  readonly files: readonly TargetedFile[];
  readonly volumes: VolumeChanges;
  readonly discard: readonly string[];
}

/** A container that an earlier process of this agent started. */
export interface ContainerToRecover {
  readonly containerId: ContainerId;
  readonly sandbox: string;
  readonly resources: readonly Resource[];
  readonly volumes: readonly ContainerVolume[];
  /** Root process as written down after its launch. */
  readonly forkedPid: number | undefined;
}

/**
 * Takes over containers that outlived an earlier process; answered by one `containers-recovered`, and by
 * `container-ended` for each in its time. Containers of this agent that are not listed are ended.
 */
export interface RecoverContainers {
  readonly kind: 'recover-containers';
  readonly containers: readonly ContainerToRecover[];
  /** The machine was started anew: no process of then is left, but an exit status may be. */
  readonly rebooted: boolean;
}

export type AgentEffect =
  | {
      readonly kind: 'send';
      readonly to: string;
      readonly name: string;
      readonly body: Uint8Array;
      /** Promises nothing that must be on disk first: may overtake what waits for the disk. */
      readonly urgent?: true;
      /**
       * Of which attempt to register: a host that had to wait drops it unless that attempt is still the one that counts. A
       * late one would tell a later master, at the same address, of an earlier state.
       */
      readonly attempt?: number;
    }
  | { readonly kind: 'link'; readonly to: string }
  /** Takes the place of an attempt under way; answered by `authentication-ended`, unless cancelled or replaced. */
  | { readonly kind: 'authenticate'; readonly attempt: number; readonly master: string }
  | { readonly kind: 'cancel-authentication' }
  /** Answers an executor's request. Without a text the body is empty. */
  | { readonly kind: 'reply'; readonly connection: ConnectionId; readonly status: number; readonly text?: string }
  /** Answers a SUBSCRIBE: 200 and a stream, known by the same id from now on. */
  | { readonly kind: 'open-stream'; readonly connection: ConnectionId }
  | { readonly kind: 'stream-event'; readonly connection: ConnectionId; readonly event: ExecutorEvent }
  | { readonly kind: 'close-stream'; readonly connection: ConnectionId }
  | LaunchContainer
  | RecoverContainers
  /** The container's tasks changed: what it may use now. */
  | {
      readonly kind: 'update-container';
      readonly containerId: ContainerId;
      readonly resources: readonly Resource[];
      readonly volumes: readonly ContainerVolume[];
    }
  | { readonly kind: 'signal-container'; readonly containerId: ContainerId; readonly signal: KillSignal }
  | { readonly kind: 'destroy-container'; readonly containerId: ContainerId }
  /** It has ended and every end of its tasks is acknowledged: what is kept to find its exit status may go. */
  | { readonly kind: 'forget-container'; readonly containerId: ContainerId }
  | { readonly kind: 'write-file'; readonly path: string; readonly data: Uint8Array }
  | { readonly kind: 'append-file'; readonly path: string; readonly data: Uint8Array }
  | CommitResources
  /** Written before what follows is done, like the others. */
  | { readonly kind: 'remove-file'; readonly path: string }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string }
  | { readonly kind: 'attach-files'; readonly realPath: string; readonly virtualPath: string }
  | { readonly kind: 'detach-files'; readonly virtualPath: string }
  /** Removes trees; answered by one `paths-removed`. */
  | { readonly kind: 'remove-paths'; readonly paths: readonly string[] }
  /** Answered by `disk-usage-measured`. */
  | { readonly kind: 'measure-disk' }
  /** Wants `timer-fired` at or after this monotonic time; replaces the earlier wish. Unset: none. */
  | { readonly kind: 'wake-at'; readonly monotonicMs: number | undefined }
  /** Asks to be told again who leads. */
  | { readonly kind: 'detect-leader' }
  | { readonly kind: 'exit'; readonly code: number; readonly text: string };
