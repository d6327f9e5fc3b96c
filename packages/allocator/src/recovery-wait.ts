/**
 * After a failover with quota nothing is offered until enough agents are back, since a part of the cluster says nothing
 * of the whole, or until it has taken too long.
 */
import type { AllocatorOptions, Recovery } from './allocator.ts';

/** Defaults of `--allocator_agent_recovery_factor` and `--allocator_recovery_timeout`. */
const DEFAULT_FACTOR = 0.8;
const DEFAULT_TIMEOUT_MS = 600_000;

export class RecoveryWait {
  readonly #factor: number;
  readonly #timeoutMs: number;
  #awaited = 0;
  #untilMs = 0;

  constructor(options: AllocatorOptions) {
    this.#factor = options.agentRecoveryFactor ?? DEFAULT_FACTOR;
    this.#timeoutMs = options.recoveryTimeoutMs ?? DEFAULT_TIMEOUT_MS;
  }

  get isOn(): boolean {
    return this.#awaited > 0;
  }

  /** How many agents must be back, or when it is over at the latest; nothing when nobody is awaited at that time. */
  awaitedAt(nowMs: number): { readonly agents: number; readonly untilMs: number } | undefined {
    return this.isOn && nowMs < this.#untilMs ? { agents: this.#awaited, untilMs: this.#untilMs } : undefined;
  }

  /** Ends the wait when its time is over. */
  isOnAt(nowMs: number): boolean {
    if (this.isOn && nowMs >= this.#untilMs) this.#awaited = 0;
    return this.isOn;
  }

  begin({ knownAgents, nowMs }: Recovery): void {
    this.#awaited = Math.floor(knownAgents * this.#factor);
    this.#untilMs = nowMs + this.#timeoutMs;
  }

  noteAgents(count: number): void {
    if (count >= this.#awaited) this.#awaited = 0;
  }
}
