/** One agent in the allocator's books: what it has, who holds what of it, and who does not want it. */
import { type AgentId, assert } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type { AgentFacts, AgentOptions } from './allocator.ts';
import type { Client } from './client.ts';
import { type RefusalClock, Refusals } from './refusals.ts';

export class AgentRow {
  readonly id: AgentId;
  options: Omit<AgentOptions, 'total' | 'used' | 'active'>;
  active: boolean;
  total: Resources;
  hasGpus = false;
  /** Some resources are not for every framework: shared, revocable, or reserved more than once. */
  hasSpecial = false;
  hasReserved = false;
  hasShared = false;
  /** Allocated to the role of the holder. */
  readonly held = new Map<Client, Resources>();
  readonly refusals: Refusals;
  /** More is held than there is, because the agent or the master said so rather than an offer. */
  strained = false;
  /** What is held, without allocation and without shared volumes (those are there for all). */
  #taken = Resources.empty;
  #available: Resources | undefined;

  constructor(id: AgentId, options: AgentOptions, refusals: RefusalClock) {
    this.id = id;
    this.refusals = new Refusals(refusals);
    this.options = options;
    this.active = options.active;
    this.total = options.total;
    this.setTotal(options.total);
  }

  /** What nobody holds, without allocation. */
  get available(): Resources {
    this.#available ??= this.total.minus(this.#taken);
    return this.#available;
  }

  setTotal(total: Resources): void {
    this.total = total;
    this.#available = undefined;
    this.hasGpus = total.scalarMillis('gpus') > 0;
    this.hasSpecial = total.someKind(
      (kind) => kind.shared || kind.revocable || (kind.template.reservations?.length ?? 0) > 1,
    );
    this.hasReserved = total.someKind((kind) => kind.reservationRole !== undefined);
    this.hasShared = total.someKind((kind) => kind.shared);
    this.measureStrain();
  }

  /** Changed attributes, capabilities or places void all refusals: who refused did not know it so. True when changed. */
  setFacts(facts: AgentFacts): boolean {
    const before = factsKey(this.options);
    this.options = { ...this.options, ...facts };
    if (factsKey(this.options) === before) return false;
    this.refusals.clear();
    return true;
  }

  take(client: Client, resources: Resources): void {
    this.held.set(client, (this.held.get(client) ?? Resources.empty).plus(resources));
    client.agents.add(this);
    this.#taken = this.#taken.plus(withoutAllocation(resources));
    this.#available = undefined;
  }

  /** The client must hold them. */
  give(client: Client, resources: Resources): void {
    const held = this.held.get(client) ?? Resources.empty;
    if (!held.contains(resources))
      assert(false, `framework ${client.frameworkId} returns ${resources} of agent ${this.id} but holds ${held}`);
    const left = held.minus(resources);
    if (left.isEmpty) {
      this.held.delete(client);
      client.agents.delete(this);
    } else {
      this.held.set(client, left);
    }
    this.#taken = this.#taken.minus(withoutAllocation(resources));
    this.#available = undefined;
  }

  measureStrain(): void {
    this.strained = !this.total.contains(this.#taken);
  }

  /** The same resources as one object where possible, so that comparing them with an offer costs nothing. */
  intern(resources: Resources): Resources {
    return resources.equals(this.available) ? this.available : resources;
  }

  check(): void {
    const held = withoutAllocation(Resources.sum(this.held.values()));
    // Texts are made only when they are needed: this runs after every step of a simulation.
    if (!held.equals(this.#taken)) assert(false, `agent ${this.id}: taken ${this.#taken} but held ${held}`);
    if (!this.strained && !this.total.contains(held))
      assert(false, `agent ${this.id} has ${this.total} but ${held} were handed out`);
    for (const [client, resources] of this.held) {
      assert(!resources.isEmpty && client.agents.has(this), `agent ${this.id} and a holder contradict each other`);
      if (resources.someKind((kind) => kind.allocationRole !== client.role))
        assert(false, `framework ${client.frameworkId} holds ${resources} under role ${client.role}`);
    }
  }
}

function withoutAllocation(resources: Resources): Resources {
  return resources.nonShared().unallocate();
}

function factsKey({ attributes, capabilities, region, zone }: AgentRow['options']): string {
  return JSON.stringify([attributes, [...capabilities].sort(), region, zone]);
}
