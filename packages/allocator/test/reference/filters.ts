/** Refusals of offers and of inverse offers, one by one in a list (kernel 6.2). */
import type { Resources } from '@mesolite/resources';

interface Refusal {
  readonly frameworkId: string;
  readonly role: string;
  readonly agentId: string;
  readonly resources: Resources;
  readonly endsMs: number;
  readonly batchesBefore: number;
}

interface InverseRefusal {
  readonly frameworkId: string;
  readonly agentId: string;
  readonly endsMs: number;
}

export class Filters {
  readonly #intervalMs: number;
  #refusals: Refusal[] = [];
  #inverse: InverseRefusal[] = [];
  #batches = 0;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /**
   * Kernel 6.2: lives for the time of refusal, no shorter than an interval; 0 refuses nothing. A batch that is under way
   * is not the one it has to outlive.
   */
  refuse(
    refused: Omit<Refusal, 'endsMs' | 'batchesBefore'>,
    nowMs: number,
    refuseMs: number,
    batchUnderWay: boolean,
  ): void {
    if (refuseMs <= 0) return;
    const endsMs = nowMs + Math.max(refuseMs, this.#intervalMs);
    this.#refusals.push({ ...refused, endsMs, batchesBefore: this.#batches + (batchUnderWay ? 1 : 0) });
  }

  /** Kernel 6.2: an offer that is contained in what was refused is held back; a bigger one passes. */
  isRefused(frameworkId: string, role: string, agentId: string, offer: Resources, nowMs: number): boolean {
    return this.#refusals.some(
      (refusal) =>
        refusal.frameworkId === frameworkId &&
        refusal.role === role &&
        refusal.agentId === agentId &&
        !this.#hasEnded(refusal, nowMs) &&
        refusal.resources.contains(offer),
    );
  }

  /** Kernel 6.2: the end comes after the batch, so that a refusal cannot end just before the first one. */
  #hasEnded({ endsMs, batchesBefore }: Refusal, nowMs: number): boolean {
    return nowMs >= endsMs && this.#batches > batchesBefore;
  }

  batchDone(): void {
    this.#batches++;
  }

  /** Who has refused something, and for what role. */
  refusers(): readonly { readonly frameworkId: string; readonly role: string }[] {
    return this.#refusals;
  }

  /** Kernel 6.2: by REVIVE of the role, or when the framework leaves it. */
  dropOfRole(frameworkId: string, role: string): void {
    this.#refusals = this.#refusals.filter((one) => one.frameworkId !== frameworkId || one.role !== role);
  }

  /** Kernel 6.2: by deactivation or removal of the framework. */
  dropOfFramework(frameworkId: string): void {
    this.#refusals = this.#refusals.filter((one) => one.frameworkId !== frameworkId);
    this.dropInverseOfFramework(frameworkId);
  }

  /** Kernel 6.2: by removal of the agent, or because what frameworks know of it has changed. */
  dropOfAgent(agentId: string): void {
    this.#refusals = this.#refusals.filter((one) => one.agentId !== agentId);
    this.dropInverseOfAgent(agentId);
  }

  /** Kernel 6.5: delays the next inverse offer by the time of refusal, however short. */
  refuseInverse(frameworkId: string, agentId: string, nowMs: number, refuseMs: number): void {
    if (refuseMs > 0) this.#inverse.push({ frameworkId, agentId, endsMs: nowMs + refuseMs });
  }

  isInverseRefused(frameworkId: string, agentId: string, nowMs: number): boolean {
    return this.#inverse.some(
      (one) => one.frameworkId === frameworkId && one.agentId === agentId && nowMs < one.endsMs,
    );
  }

  /** Kernel 6.2: by any REVIVE of the framework. */
  dropInverseOfFramework(frameworkId: string): void {
    this.#inverse = this.#inverse.filter((one) => one.frameworkId !== frameworkId);
  }

  /** Kernel 6.2: when maintenance is scheduled; refusals of offers stay, as in the original. */
  dropInverseOfAgent(agentId: string): void {
    this.#inverse = this.#inverse.filter((one) => one.agentId !== agentId);
  }
}
