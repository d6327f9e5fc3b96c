/** What an executor is told, and how it ends. */
import type { ExecutorEventAcknowledged, ExecutorEventSubscribed, KillPolicy, TaskInfo } from '@mesolite/wire';

/** Called one at a time, in the order of the stream. What one throws is logged, nothing more. */
export interface ExecutorHandlers {
  /** After each subscription. */
  subscribed?(event: ExecutorEventSubscribed): void;
  /** Run it, and tell TASK_RUNNING and how it ended by `update`. */
  launch?(task: TaskInfo): void;
  /** Run all of them; the executor is of type DEFAULT or knows task groups. */
  launchGroup?(tasks: readonly TaskInfo[]): void;
  kill?(taskId: string, policy: KillPolicy | undefined): void;
  message?(data: Uint8Array): void;
  acknowledged?(event: ExecutorEventAcknowledged): void;
  /**
   * End all tasks and tell so; the client ends when the promise is resolved and the updates are acknowledged, and the
   * program is made to exit after the grace period.
   */
  shutdown?(): void | Promise<void>;
  /** The stream is gone. When the framework checkpoints, the client goes on trying; tasks should run on. */
  disconnected?(reason: string): void;
}

/**
 * Why an executor client ended: told to (`shutdown`), `agent-lost` for too long, `refused` by the agent, or `closed` by
 * the program itself.
 */
export interface ExecutorEnd {
  readonly reason: 'shutdown' | 'agent-lost' | 'refused' | 'closed';
  readonly message: string;
}
