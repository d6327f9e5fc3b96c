/** One agent in the allocator's books: what it has, who holds what of it, and who does not want it. */
import { type AgentId, assert, type FrameworkId } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type { AgentFacts, AgentOptions } from './allocator.ts';
import { type Reckoning, reckon, type ScalarNames } from './amounts.ts';
import type { Client } from './client.ts';
import type { RefusalBook } from './refusal-book.ts';
import { Refusals } from './refusals.ts';

export class AgentRow {
  readonly id: AgentId;
  /** A small number that no other agent has now. */
  readonly slot: number;
  options: Omit<AgentOptions, 'total' | 'used' | 'active'>;
  active: boolean;
  total: Resources;
  hasGpus = false;
  /** Some resources are not for every framework: shared, revocable, or reserved more than once. */
  hasSpecial = false;
  hasReserved = false;
  hasShared = false;
  /** Some are ranges or sets. */
  hasItems = false;
  /** It can tell roles of one framework apart. */
  takesManyRoles = false;
  /** Allocated to the role of the holder. */
  readonly held = new Map<Client, Resources>();
  readonly refusals: Refusals;
  /** More is held than there is, because the agent or the master said so rather than an offer. */
  strained = false;
  /** What is held, without allocation and without shared volumes (those are there for all). */
  #taken = Resources.empty;
  #available: Resources | undefined;
  /** What was taken last, and how things were before: most offers come back whole. */
  #lastTaken: Resources | undefined;
  #takenBefore = Resources.empty;
  #takenAfter = Resources.empty;
  #availableBefore: Resources | undefined;
  /** The last resources handed out, without allocation and with it. */
  #pair: { free: Resources; role: string; allocated: Resources; reckoning?: Reckoning } | undefined;

  constructor(name: { readonly id: AgentId; readonly slot: number }, options: AgentOptions, book: RefusalBook) {
    this.id = name.id;
    this.slot = name.slot;
    this.refusals = new Refusals(book, name.slot);
    this.options = options;
    this.active = options.active;
    this.takesManyRoles = options.capabilities.has('MULTI_ROLE');
    this.total = options.total;
    this.setTotal(options.total);
  }

  /** What nobody holds, without allocation. */
  get available(): Resources {
    this.#available ??= this.total.minus(this.#taken);
    return this.#available;
  }

  /** What nobody would hold if `held` came back. */
  availableIfBack(held: Resources): Resources {
    return this.total.minus(this.#taken.minus(held.unallocate().nonShared()));
  }

  setTotal(total: Resources): void {
    this.total = total;
    this.#available = undefined;
    this.#lastTaken = undefined;
    this.hasGpus = total.scalarMillis('gpus') > 0;
    this.hasSpecial = total.someKind(
      (kind) => kind.shared || kind.revocable || (kind.template.reservations?.length ?? 0) > 1,
    );
    this.hasReserved = total.someKind((kind) => kind.reservationRole !== undefined);
    this.hasItems = total.someKind((kind) => kind.type !== 'SCALAR');
    this.hasShared = total.someKind((kind) => kind.shared);
    this.measureStrain();
  }

  /**
   * Changed attributes, capabilities or places void all refusals: who refused did not know it so. Another hostname voids
   * none. Nothing when all is as it was.
   */
  setFacts(facts: AgentFacts): 'renamed' | 'changed' | undefined {
    const { options: before } = this;
    this.options = { ...before, ...facts };
    this.takesManyRoles = this.options.capabilities.has('MULTI_ROLE');
    if (factsKey(this.options) === factsKey(before)) return facts.hostname === before.hostname ? undefined : 'renamed';
    this.refusals.clear();
    return 'changed';
  }

  take(client: Client, resources: Resources): void {
    const held = this.held.get(client);
    this.held.set(client, held === undefined ? resources : held.plus(resources));
    client.agents.add(this);
    this.#lastTaken = resources;
    this.#takenBefore = this.#taken;
    this.#availableBefore = this.#available;
    this.#taken = this.#taken.plus(this.#withoutAllocation(resources));
    this.#takenAfter = this.#taken;
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
    if (this.#lastTaken === resources && this.#takenAfter === this.#taken) {
      this.#taken = this.#takenBefore;
      this.#available = this.#availableBefore;
    } else {
      this.#taken = this.#taken.minus(this.#withoutAllocation(resources));
      this.#available = undefined;
    }
    if (this.strained) this.measureStrain();
  }

  /** `resources`, free ones, allocated to `role`: the same object as long as the same is asked. */
  allocated(resources: Resources, role: string): Resources {
    if (this.#pair?.free !== resources || this.#pair.role !== role)
      this.#pair = { free: resources, role, allocated: resources.allocate(role) };
    return this.#pair.allocated;
  }

  /** What each framework holds, allocated, in sum over its roles. */
  heldByFramework(): Map<FrameworkId, Resources> {
    const sums = new Map<FrameworkId, Resources>();
    for (const [{ frameworkId }, resources] of this.held) {
      const before = sums.get(frameworkId);
      sums.set(frameworkId, before === undefined ? resources : before.plus(resources));
    }
    return sums;
  }

  /** By the role they are allocated to; no work when they were handed out last. */
  byRole(resources: Resources): Iterable<readonly [string, Resources]> {
    return this.#pair?.allocated === resources ? [[this.#pair.role, resources]] : resources.byRole();
  }

  /** The opposite of allocating. One object where possible, so that comparing a refusal with an offer costs nothing. */
  unallocated(resources: Resources): Resources {
    if (this.#pair?.allocated === resources) return this.#pair.free;
    const free = resources.unallocate();
    return free.equals(this.available) ? this.available : free;
  }

  /** The amounts in what is handed out or comes back. */
  reckon(resources: Resources, names: ScalarNames): Reckoning {
    const pair = this.#pair;
    if (pair?.allocated !== resources) return reckon(resources, names);
    pair.reckoning ??= reckon(resources, names);
    return pair.reckoning;
  }

  #withoutAllocation(resources: Resources): Resources {
    const free = this.#pair?.allocated === resources ? this.#pair.free : resources.unallocate();
    return free.nonShared();
  }

  measureStrain(): void {
    this.strained = !this.total.contains(this.#taken);
  }

  check(): void {
    const held = Resources.sum(this.held.values()).unallocate().nonShared();
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

function factsKey({ attributes, capabilities, region, zone }: AgentRow['options']): string {
  return JSON.stringify([attributes, [...capabilities].sort(), region, zone]);
}
