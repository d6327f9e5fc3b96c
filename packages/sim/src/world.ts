/**
 * Virtual time and the event log of one simulated run.
 *
 * Owns: the queue of what happens next, ordered by time and then by insertion, the seed's random streams, and the log.
 * Never: reads a real clock. Two runs of one seed produce the same log, line for line.
 */
import { createHash } from 'node:crypto';
import { assert, Heap, type RandomStream, RingBuffer, seededRandom } from '@mesolite/base';
import type { Clock, Timers } from '@mesolite/ports';

interface Event {
  readonly atMs: number;
  readonly sequence: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** Runs longer than this many events are taken for an endless loop. */
const MAX_EVENTS = 20_000_000;
/** And so many without any time going by. */
const MAX_EVENTS_AT_ONCE = 100_000;

/** Lines of the log that are kept unless told otherwise; the hash is of all. */
const DEFAULT_LOG_LINES = 100_000;

/** Lines that go into the hash together: it is cheaper so. */
const HASHED_AT_ONCE = 256;

/** The wall clock of simulated worlds starts here: 2026-01-01T00:00Z. */
const EPOCH_MS = 1_767_225_600_000;

export class World implements Clock, Timers {
  readonly seed: number;
  /** For faults and delays; nodes take forks of it. */
  readonly random: RandomStream;
  /** How often what happened, by name: faults, messages, calls. */
  readonly hits = new Map<string, number>();
  readonly #log: RingBuffer<string>;
  readonly #hash = createHash('sha256');
  #unhashed: string[] = [];
  readonly #queue = new Heap<Event>((a, b) => a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence));
  /** What comes next without time going by, in order: half of all there is. */
  #soon: Event[] = [];
  #soonTaken = 0;
  #nowMs = 0;
  #sequence = 0;
  #events = 0;
  #eventsNow = 0;

  constructor(seed: number, options: { readonly logLines?: number | undefined } = {}) {
    this.seed = seed;
    this.random = seededRandom(seed);
    this.#log = new RingBuffer(options.logLines ?? DEFAULT_LOG_LINES);
  }

  /** The last lines of the log, oldest first. */
  get log(): readonly string[] {
    return [...this.#log];
  }

  /** Of all lines so far, in hex: equal for two runs that did the same. */
  get hash(): string {
    this.#hashLines();
    return this.#hash.copy().digest('hex');
  }

  get events(): number {
    return this.#events;
  }

  /** Milliseconds since the run began. */
  get nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return EPOCH_MS + this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, fire: () => void): { cancel(): void } {
    assert(delayMs >= 0, 'a timer cannot fire in the past');
    const event: Event = { atMs: this.#nowMs + delayMs, sequence: this.#sequence++, run: fire, cancelled: false };
    if (delayMs === 0) this.#soon.push(event);
    else this.#queue.push(event);
    return {
      cancel: () => {
        event.cancelled = true;
      },
    };
  }

  /** One line: milliseconds, who, what. The line format is explained in packages/sim/README.md. */
  note(who: string, what: string): void {
    const line = `${this.#nowMs.toFixed(3).padStart(12)} ${who.padEnd(10)} ${what}`;
    this.#log.push(line);
    this.#unhashed.push(line);
    if (this.#unhashed.length >= HASHED_AT_ONCE) this.#hashLines();
  }

  #hashLines(): void {
    if (this.#unhashed.length === 0) return;
    this.#hash.update(`${this.#unhashed.join('\n')}\n`);
    this.#unhashed = [];
  }

  /** Counts that something happened. */
  hit(what: string): void {
    this.hits.set(what, (this.hits.get(what) ?? 0) + 1);
  }

  /** Runs events until `done` holds or virtual time reaches `untilMs`. True when `done` held. */
  run(untilMs: number, done: () => boolean = () => false): boolean {
    while (!done()) {
      const next = this.#next(untilMs);
      if (next === undefined) {
        this.#nowMs = Math.max(this.#nowMs, untilMs);
        return done();
      }
      if (next.cancelled) continue;
      this.#events++;
      this.#eventsNow = next.atMs > this.#nowMs ? 1 : this.#eventsNow + 1;
      if (this.#events > MAX_EVENTS || this.#eventsNow > MAX_EVENTS_AT_ONCE) {
        const last = this.log.slice(-5).join(' | ');
        assert(false, `no end at ${this.#nowMs} ms, after ${this.#events} events; the last lines are ${last}`);
      }
      this.#nowMs = next.atMs;
      next.run();
    }
    return true;
  }

  #next(untilMs: number): Event | undefined {
    const soon = this.#soon[this.#soonTaken];
    const later = this.#queue.peek();
    if (soon !== undefined && (later === undefined || later.atMs > soon.atMs || later.sequence > soon.sequence)) {
      if (++this.#soonTaken === this.#soon.length) {
        this.#soon = [];
        this.#soonTaken = 0;
      }
      return soon;
    }
    return later === undefined || later.atMs > untilMs ? undefined : this.#queue.pop();
  }
}
