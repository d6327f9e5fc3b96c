/**
 * Which offer each framework last gave back with a filter, agent by agent: what a refusal is told of. For each agent only
 * the frameworks that did so last are remembered; whom the memory lacks is still refused.
 */
import { type AgentId, BoundedMap, type FrameworkId, type OfferId } from '@mesolite/base';
import { MAX_DECLINES_PER_AGENT } from '../options.ts';

export interface DeclineRecord {
  readonly offerId: OfferId;
  readonly role: string;
  readonly by: 'DECLINE' | 'ACCEPT';
  readonly wallMs: number;
  readonly refuseMs: number;
  /** Monotonic, as the allocator has it. */
  readonly untilMs: number;
}

export class Declines {
  readonly #byAgent = new Map<AgentId, BoundedMap<FrameworkId, DeclineRecord>>();

  note(agentId: AgentId, frameworkId: FrameworkId, decline: DeclineRecord): void {
    let declines = this.#byAgent.get(agentId);
    if (declines === undefined) {
      declines = new BoundedMap(MAX_DECLINES_PER_AGENT);
      this.#byAgent.set(agentId, declines);
    }
    declines.set(frameworkId, decline);
  }

  /** The last one, if it is the one that a refusal until `untilMs` in `role` goes back to. */
  find(agentId: AgentId, frameworkId: FrameworkId, role: string, untilMs: number): DeclineRecord | undefined {
    const decline = this.#byAgent.get(agentId)?.get(frameworkId);
    return decline?.role === role && decline.untilMs === untilMs ? decline : undefined;
  }

  forgetAgent(agentId: AgentId): void {
    this.#byAgent.delete(agentId);
  }

  /** Agents something is remembered of. */
  get agents(): IterableIterator<AgentId> {
    return this.#byAgent.keys();
  }
}
