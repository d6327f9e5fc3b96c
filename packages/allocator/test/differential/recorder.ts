/**
 * Listens to what an allocator leaves to chance, and to how far it gets in each slice, so that the reference can be fed
 * the same: agents are shuffled by the stream it is given, roles and frameworks are drawn by its random sorters.
 */
import { type RandomStream, seededRandom } from '@mesolite/base';
import { type Allocator, type AllocatorOptions, createAllocator } from '../../src/index.ts';
import { RoleOrder } from '../../src/role-order.ts';

export type Turn = { readonly role: string; readonly frameworks: readonly string[] };

export type Note =
  | { readonly kind: 'begin'; readonly scope: 'all' | 'dirty'; readonly agents: readonly string[] }
  | { readonly kind: 'slice' }
  | { readonly kind: 'agent'; readonly id: string; readonly turns: Turn[] }
  | { readonly kind: 'second-stage'; readonly agents: readonly string[] }
  | { readonly kind: 'end' };

/** What is listened to of the allocator, beside what it promises. */
interface Audible extends Allocator {
  mayOffer(agent: { readonly id: string }): boolean;
}

export class Recorder {
  readonly allocator: Allocator;
  #notes: Note[] = [];
  #beginning = false;

  constructor(seed: number, options: Omit<AllocatorOptions, 'random'>) {
    const allocator = createAllocator({ ...options, random: this.#listeningStream(seed) }) as Audible;
    this.allocator = allocator;
    const { beginCycle, continueCycle, mayOffer } = allocator;
    allocator.beginCycle = (scope) => {
      this.#beginning = true;
      beginCycle.call(allocator, scope);
      this.#beginning = false;
      const shuffled = this.#notes.pop();
      if (shuffled?.kind !== 'second-stage') throw new Error('a cycle begins with a shuffle');
      this.#notes.push({ kind: 'begin', scope, agents: shuffled.agents });
    };
    allocator.continueCycle = (nowMs, units) => {
      this.#notes.push({ kind: 'slice' });
      const allocations = this.#hearingTurns(() => continueCycle.call(allocator, nowMs, units));
      if (!allocator.cycling) this.#notes.push({ kind: 'end' });
      return allocations;
    };
    allocator.mayOffer = (agent) => {
      if (!this.#beginning) this.#notes.push({ kind: 'agent', id: agent.id, turns: [] });
      return mayOffer.call(allocator, agent);
    };
  }

  /** What was heard since the last call. */
  take(): readonly Note[] {
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }

  #listeningStream(seed: number): RandomStream {
    const stream = seededRandom(seed);
    return {
      ...stream,
      shuffle: (items) => {
        const shuffled = stream.shuffle(items);
        const agents = shuffled.map((item) => (item as { id?: string }).id);
        if (agents.every((id) => id !== undefined)) this.#notes.push({ kind: 'second-stage', agents });
        return shuffled;
      },
    };
  }

  #hearingTurns<T>(act: () => T): T {
    const { forEachRole } = RoleOrder.prototype;
    const notes = this.#notes;
    RoleOrder.prototype.forEachRole = function (serve): void {
      const agent = notes.at(-1);
      forEachRole.call(this, (leaves) => {
        const clients = leaves.flatMap(({ item }) => item ?? []);
        const turn = { role: clients[0]?.role ?? '', frameworks: clients.map(({ frameworkId }) => frameworkId) };
        if (agent?.kind === 'agent') agent.turns.push(turn);
        return serve(leaves);
      });
    };
    try {
      return act();
    } finally {
      RoleOrder.prototype.forEachRole = forEachRole;
    }
  }
}
