/**
 * What an executor must tell again when it subscribes again: updates nobody confirmed, in the order they were made, and
 * tasks of which no update was confirmed yet.
 *
 * Never: forgets an update before its acknowledgement.
 */
import type { ExecutorCallSubscribe, ExecutorCallUpdate, TaskInfo, TaskStatus } from '@mesolite/wire';

export class Unacknowledged {
  /** By the update's uuid in hex; a Map keeps the order of insertion. */
  readonly #updates = new Map<string, ExecutorCallUpdate>();
  readonly #tasks = new Map<string, TaskInfo>();

  get updates(): number {
    return this.#updates.size;
  }

  launched(task: TaskInfo): void {
    this.#tasks.set(task.task_id.value, task);
  }

  updated(status: TaskStatus): void {
    this.#updates.set(keyOf(status.uuid!), { status });
  }

  acknowledged(taskId: string, uuid: Uint8Array): void {
    this.#updates.delete(keyOf(uuid));
    this.#tasks.delete(taskId);
  }

  toSubscribe(): ExecutorCallSubscribe {
    return { unacknowledged_tasks: [...this.#tasks.values()], unacknowledged_updates: [...this.#updates.values()] };
  }
}

function keyOf(uuid: Uint8Array): string {
  return Buffer.from(uuid).toString('hex');
}
