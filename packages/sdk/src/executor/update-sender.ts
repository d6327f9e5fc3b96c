/**
 * Tells an agent updates one after the other, in the order they were made. One that the agent has no room for (503) is told
 * again after a while, and those behind it wait: order matters more than speed.
 *
 * Never: owns an update. What nobody acknowledged is told whole at the next subscription, whatever became of it here.
 */
import type { Result } from '@mesolite/base';
import type { TimerHandle, Timers } from '@mesolite/ports';
import type { ExecutorCallUpdate } from '@mesolite/wire';
import type { ApiError } from '../http/api-error.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const BUSY = 503;

export interface UpdateSenderOptions {
  readonly timers: Timers;
  readonly send: (update: ExecutorCallUpdate) => Promise<Result<void, ApiError>>;
}

export class UpdateSender {
  readonly #options: UpdateSenderOptions;
  /** The first is being told, or waits to be told again. No more than are unacknowledged. */
  #queue: ExecutorCallUpdate[] = [];
  #timer: TimerHandle | undefined;

  constructor(options: UpdateSenderOptions) {
    this.#options = options;
  }

  tell(update: ExecutorCallUpdate): void {
    this.#queue.push(update);
    if (this.#queue.length === 1) void this.#tellAll(this.#queue, FIRST_WAIT_MS);
  }

  /** The connection ended: nothing is owed to it any more. */
  reset(): void {
    this.#queue = [];
    this.#timer?.cancel();
  }

  async #tellAll(queue: ExecutorCallUpdate[], waitMs: number): Promise<void> {
    let nextWaitMs = waitMs;
    while (queue === this.#queue && queue[0] !== undefined) {
      const answer = await this.#options.send(queue[0]);
      if (!answer.ok && answer.error.status === BUSY) {
        if (queue !== this.#queue) return;
        const longerMs = Math.min(2 * nextWaitMs, LONGEST_WAIT_MS);
        this.#timer = this.#options.timers.after(nextWaitMs, () => void this.#tellAll(queue, longerMs));
        return;
      }
      queue.shift();
      nextWaitMs = FIRST_WAIT_MS;
    }
  }
}
