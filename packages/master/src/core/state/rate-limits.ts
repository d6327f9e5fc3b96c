/**
 * How fast messages of drivers are taken, by principal: one each `1/qps` seconds, the others wait in order. Drivers whose
 * principal is not named share one limit, if there is one for them.
 */
import { BoundedQueue } from '@mesolite/base';
import { MAX_WAITING_MESSAGES } from '../options.ts';

export interface RateLimit {
  /** Messages a second; unset: as many as come. */
  readonly qps?: number | undefined;
  /** Messages that may wait; what comes beyond is dropped. */
  readonly capacity?: number | undefined;
}

export interface RateLimitOptions {
  readonly byPrincipal: ReadonlyMap<string, RateLimit>;
  readonly others?: RateLimit | undefined;
}

/** What waits is done later. */
export type Waiting = () => void;

export class Limiter {
  /** Unset for the limit that several principals share. */
  readonly principal: string | undefined;
  readonly capacity: number;
  readonly #intervalMs: number;
  readonly #waiting = new BoundedQueue<Waiting>(MAX_WAITING_MESSAGES);
  #nextMs = Number.NEGATIVE_INFINITY;

  constructor(principal: string | undefined, { qps, capacity }: { readonly qps: number; readonly capacity: number }) {
    this.principal = principal;
    this.capacity = Math.min(capacity, MAX_WAITING_MESSAGES);
    this.#intervalMs = 1000 / qps;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get nextMs(): number {
    return this.#nextMs;
  }

  /** True: at once, and the permit is used. */
  permits(nowMs: number): boolean {
    if (this.#waiting.size > 0 || nowMs < this.#nextMs) return false;
    this.#nextMs = nowMs + this.#intervalMs;
    return true;
  }

  /** False when no more can wait. */
  wait(what: Waiting): boolean {
    return this.#waiting.push(what);
  }

  /** What is let through now. */
  take(nowMs: number): Waiting | undefined {
    if (nowMs < this.#nextMs) return undefined;
    const next = this.#waiting.shift();
    if (next !== undefined) this.#nextMs = nowMs + this.#intervalMs;
    return next;
  }
}

export class RateLimits {
  readonly #byPrincipal = new Map<string, Limiter | undefined>();
  readonly #others: Limiter | undefined;

  constructor(options: RateLimitOptions | undefined) {
    for (const [principal, limit] of options?.byPrincipal ?? [])
      this.#byPrincipal.set(principal, limiter(principal, limit));
    this.#others = options?.others === undefined ? undefined : limiter(undefined, options.others);
  }

  /** Nothing for those who are not limited. */
  of(principal: string | undefined): Limiter | undefined {
    return principal !== undefined && this.#byPrincipal.has(principal)
      ? this.#byPrincipal.get(principal)
      : this.#others;
  }
}

function limiter(principal: string | undefined, { qps, capacity }: RateLimit): Limiter | undefined {
  if (qps === undefined) return undefined;
  return new Limiter(principal, { qps, capacity: capacity ?? MAX_WAITING_MESSAGES });
}
