/**
 * Messages that come a moment before this master leads: agents may hear of an election earlier than the elected does, and
 * reading the registry takes its time. They wait a little instead of being dropped, which would cost their senders a round
 * of backing off.
 *
 * Departs from Mesos, which drops them. Never: keeps a message for long, or more than a bound of bytes.
 */
import type { LinkedProcess } from '@mesolite/ports';

export interface EarlyMessagesOptions {
  readonly process: LinkedProcess;
  /** It leads, and has read the registry. */
  readonly leads: () => boolean;
  readonly dropped: { add(): void };
  readonly now: () => number;
}

/** Longer than reading a registry takes; shorter than what was meant for another master would stay interesting. */
const HELD_MS = 2000;
const MAX_HELD_BYTES = 64 * 1024 * 1024;

interface Held {
  readonly from: string;
  readonly name: string;
  readonly body: Uint8Array;
  readonly connection: number | undefined;
  readonly atMs: number;
}

export class EarlyMessages implements LinkedProcess {
  readonly #options: EarlyMessagesOptions;
  #held: Held[] = [];
  #bytes = 0;

  constructor(options: EarlyMessagesOptions) {
    this.#options = options;
  }

  message(from: string, name: string, body: Uint8Array, connection?: number): void {
    const { process, leads, dropped, now } = this.#options;
    if (leads()) {
      this.release();
      process.message(from, name, body, connection);
      return;
    }
    this.#forgetOld();
    if (this.#bytes + body.length > MAX_HELD_BYTES) {
      dropped.add();
      return;
    }
    this.#held.push({ from, name, body, connection, atMs: now() });
    this.#bytes += body.length;
  }

  exited(pid: string): void {
    if (this.#options.leads()) this.#options.process.exited(pid);
  }

  /** To be called once it leads: what waited goes on, in order. */
  release(): void {
    if (this.#held.length === 0) return;
    this.#forgetOld();
    const held = this.#held;
    this.#held = [];
    this.#bytes = 0;
    for (const { from, name, body, connection } of held) this.#options.process.message(from, name, body, connection);
  }

  #forgetOld(): void {
    const { now, dropped } = this.#options;
    const oldestMs = now() - HELD_MS;
    let old = 0;
    while (old < this.#held.length && this.#held[old]!.atMs < oldestMs) this.#bytes -= this.#held[old++]!.body.length;
    for (let i = 0; i < old; i++) dropped.add();
    if (old > 0) this.#held.splice(0, old);
  }
}
