/**
 * Status updates on their way to the scheduler: a stream per task, of which the head is with the master and the rest
 * waits for its acknowledgement.
 *
 * Never: sends anything. Which updates exist and what was acknowledged is all it knows.
 */
import { BoundedMap, type FrameworkId, type TaskId } from '@mesolite/base';
import type { StatusUpdate } from '@mesolite/wire';
import type { Deadline } from './deadlines.ts';

/** Updates of one task that may wait; an executor that sends more is answered 503 until some are acknowledged. */
export const MAX_PENDING_UPDATES = 1_000;
/** Streams altogether. Updates for tasks nobody launched are ignored beyond it. */
export const MAX_STREAMS = 200_000;
/** Uuids remembered per stream, to know a repeated update. */
const MAX_REMEMBERED = 2_000;

export interface UpdateStream {
  readonly frameworkId: FrameworkId;
  readonly taskId: TaskId;
  /** Where its records are kept, when the framework checkpoints. */
  readonly path: string | undefined;
  /** Uuids in hex: true once acknowledged. */
  readonly seen: BoundedMap<string, boolean>;
  readonly pending: StatusUpdate[];
  retryMs: number;
  retryDeadline: Deadline | undefined;
}

export class UpdateStreams {
  readonly #frameworks = new Map<FrameworkId, Map<TaskId, UpdateStream>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(frameworkId: FrameworkId, taskId: TaskId): UpdateStream | undefined {
    return this.#frameworks.get(frameworkId)?.get(taskId);
  }

  create(frameworkId: FrameworkId, taskId: TaskId, path: string | undefined): UpdateStream {
    const stream: UpdateStream = {
      frameworkId,
      taskId,
      path,
      seen: new BoundedMap(MAX_REMEMBERED),
      pending: [],
      retryMs: 0,
      retryDeadline: undefined,
    };
    let streams = this.#frameworks.get(frameworkId);
    if (streams === undefined) {
      streams = new Map();
      this.#frameworks.set(frameworkId, streams);
    }
    streams.set(taskId, stream);
    this.#size++;
    return stream;
  }

  remove(stream: UpdateStream): void {
    const streams = this.#frameworks.get(stream.frameworkId);
    if (streams?.delete(stream.taskId) !== true) return;
    this.#size--;
    if (streams.size === 0) this.#frameworks.delete(stream.frameworkId);
  }

  *of(frameworkId: FrameworkId): IterableIterator<UpdateStream> {
    yield* this.#frameworks.get(frameworkId)?.values() ?? [];
  }

  *all(): IterableIterator<UpdateStream> {
    for (const streams of this.#frameworks.values()) yield* streams.values();
  }

  /** Updates of the framework are still unacknowledged. */
  has(frameworkId: FrameworkId): boolean {
    return this.#frameworks.has(frameworkId);
  }
}
