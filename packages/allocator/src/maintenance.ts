/**
 * Agents that will be out for maintenance, and the inverse offers that ask frameworks to leave them: one at a time for
 * each framework that holds something there, until it has answered and the time of its refusal is over.
 *
 * Never: reads a clock, or takes anything from anybody.
 */
import type { AgentId, FrameworkId } from '@mesolite/base';
import type { InverseOfferStatus, Unavailability } from '@mesolite/wire';
import type { AgentRow } from './agent-row.ts';
import type { InverseAllocation, InverseOfferEnd } from './allocator.ts';

interface Plan {
  readonly unavailability: Unavailability;
  /** Frameworks that have an inverse offer now. */
  readonly out: Set<FrameworkId>;
  readonly statuses: Map<FrameworkId, InverseOfferStatus>;
}

export class Maintenance {
  readonly #plans = new Map<AgentRow, Plan>();
  /** Until when a framework wants no inverse offer for an agent. */
  readonly #refusedUntilMs = new Map<FrameworkId, Map<AgentRow, number>>();
  /** Agents that cycles came by, and for which all inverse offers owed have not been made since. */
  readonly #due = new Set<AgentRow>();

  plan(agent: AgentRow, unavailability: Unavailability | undefined): void {
    this.forgetRefusalsOf(agent);
    if (unavailability === undefined) this.#plans.delete(agent);
    else this.#plans.set(agent, { unavailability, out: new Set(), statuses: new Map() });
  }

  /** A cycle comes by these. */
  noteCandidates(agents: Iterable<AgentRow>): void {
    if (this.#plans.size === 0) return;
    for (const agent of agents) if (this.#plans.has(agent)) this.#due.add(agent);
  }

  /** For frameworks that are there and active; at most so many, the others stay due. */
  offers(nowMs: number, isActive: (id: FrameworkId) => boolean, most: number): InverseAllocation[] {
    const offers: InverseAllocation[] = [];
    for (const agent of this.#due) {
      const plan = this.#plans.get(agent);
      this.#due.delete(agent);
      if (plan === undefined) continue;
      for (const { frameworkId } of agent.held.keys()) {
        if (plan.out.has(frameworkId) || !isActive(frameworkId)) continue;
        if (nowMs < (this.#refusedUntilMs.get(frameworkId)?.get(agent) ?? 0)) continue;
        if (offers.length >= most) {
          this.#due.add(agent);
          return offers;
        }
        plan.out.add(frameworkId);
        offers.push({ frameworkId, agentId: agent.id, unavailability: plan.unavailability });
      }
    }
    return offers;
  }

  end(agent: AgentRow, frameworkId: FrameworkId, { status, nowMs, refuseMs = 0 }: InverseOfferEnd): void {
    const plan = this.#plans.get(agent);
    if (plan?.out.delete(frameworkId) === true && status !== undefined) plan.statuses.set(frameworkId, status);
    if (plan === undefined || refuseMs <= 0) return;
    let refused = this.#refusedUntilMs.get(frameworkId);
    if (refused === undefined) {
      refused = new Map();
      this.#refusedUntilMs.set(frameworkId, refused);
    }
    refused.set(agent, Math.max(nowMs + refuseMs, refused.get(agent) ?? 0));
  }

  statuses(): Map<AgentId, ReadonlyMap<FrameworkId, InverseOfferStatus>> {
    return new Map([...this.#plans].map(([agent, { statuses }]) => [agent.id, new Map(statuses)]));
  }

  forgetRefusalsBy(frameworkId: FrameworkId): void {
    this.#refusedUntilMs.delete(frameworkId);
  }

  forgetRefusalsOf(agent: AgentRow): void {
    for (const refused of this.#refusedUntilMs.values()) refused.delete(agent);
  }

  removeFramework(id: FrameworkId): void {
    this.forgetRefusalsBy(id);
    for (const { out, statuses } of this.#plans.values()) {
      out.delete(id);
      statuses.delete(id);
    }
  }

  removeAgent(agent: AgentRow): void {
    this.plan(agent, undefined);
    this.#due.delete(agent);
  }
}
