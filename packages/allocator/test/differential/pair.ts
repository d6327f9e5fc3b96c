/**
 * An allocator and the reference, told the same and compared after each event. An event is a name and a seed: what it is
 * about is chosen among what there is, so that any event can be left out of a history.
 */
import { type RandomStream, seededRandom } from '@mesolite/base';
import type { Resource } from '@mesolite/wire';
import type { Allocation, Allocator } from '../../src/index.ts';
import type { Holding } from '../reference/books.ts';
import type { Chance } from '../reference/fair-order.ts';
import { ReferenceAllocator } from '../reference/reference-allocator.ts';
import { EVENTS, type EventName } from './events.ts';
import { chance, pick, THRESHOLDS, TOP_LEVEL } from './material.ts';
import { type Note, Recorder, type Turn } from './recorder.ts';

const INTERVAL_MS = 1000;
const RECOVERY_TIMEOUT_MS = 8000;

export interface Event {
  readonly name: EventName;
  readonly seed: number;
}

export class Pair {
  readonly allocator: Allocator;
  readonly reference: ReferenceAllocator;
  /** What happened, in words. */
  readonly log: string[] = [];
  /** How often what was seen. */
  readonly seen = new Map<string, number>();
  nowMs = 0;
  readonly #recorder: Recorder;
  #names = 0;
  #shuffled: readonly string[] = [];
  #turns: readonly Turn[] = [];
  #lines: string[] = [];

  /** `spoil` makes another allocator of the one under test, to see that it is found out. */
  constructor(seed: number, spoil: (allocator: Allocator) => void = () => undefined) {
    const random = seededRandom(seed);
    const sorter = (): 'drf' | 'random' => (chance(random, 6) ? 'random' : 'drf');
    const options = {
      allocationIntervalMs: INTERVAL_MS,
      minAllocatable: chance(random, 4) ? pick(random, THRESHOLDS)! : [{ cpus: 0.01 }, { mem: 32 }],
      excludedResourceNames: chance(random, 3) ? [pick(random, ['gpus', 'mem', 'disk'])!] : [],
      filterGpuResources: !chance(random, 4),
      roleSorter: sorter(),
      frameworkSorter: sorter(),
      agentRecoveryFactor: 0.8,
      recoveryTimeoutMs: RECOVERY_TIMEOUT_MS,
      region: 'here',
    };
    this.#recorder = new Recorder(seed, options);
    this.allocator = this.#recorder.allocator;
    spoil(this.allocator);
    this.reference = new ReferenceAllocator({ ...options, chance: this.#chance(), note: (rule) => this.count(rule) });
    if (chance(random, 8)) this.#await(random);
  }

  happen({ name, seed }: Event): void {
    const random = seededRandom(seed);
    const told = EVENTS[name](this, random);
    if (told !== undefined) {
      this.log.push(`${this.nowMs} ${name} ${told}`);
      this.count(name);
    }
    this.allocator.check();
    this.#compare(chance(random, 4));
    this.nowMs += random.below(700);
  }

  count(what: string, times = 1): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + times);
  }

  name(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }

  /** One cycle, or a slice of one, of both; then the decisions of both in their order. */
  decide(act: (allocator: Allocator) => readonly Allocation[]): string {
    const mine = act(this.allocator).map(lineOf);
    this.#lines = [];
    for (const note of this.#recorder.take()) this.#follow(note);
    const theirs = this.#lines;
    for (const line of theirs) this.log.push(`${' '.repeat(8)}${line}`);
    equal(mine.join('\n'), theirs.join('\n'), 'offers');
    this.count('offer', theirs.length);
    return '';
  }

  /**
   * Kernel 6.1: no framework gets two offers of an agent for one role in a cycle, unless things change on its way. Where
   * more is held than there is, the stages may have one each.
   */
  decideAtOnce(scope: 'all' | 'dirty'): string {
    const { books } = this.reference;
    const isStrained = [...books.agents.values()].some((agent) => !agent.total.contains(books.heldOn(agent)));
    const isWhole = !this.allocator.cycling && !isStrained;
    return this.decide((allocator) => {
      const allocations = allocator.allocate(this.nowMs, scope);
      const offers = allocations.map(({ frameworkId, role, agentId }) => `${frameworkId} ${role} ${agentId}`);
      if (isWhole) equal(offers.length, new Set(offers).size, 'different offers');
      return allocations;
    });
  }

  #await(random: RandomStream): void {
    const quotas = new Map([[pick(random, TOP_LEVEL)!, { guarantees: { cpus: 3 }, limits: {} }]]);
    const knownAgents = random.below(9);
    this.log.push(`await ${knownAgents} agents`);
    this.allocator.awaitAgents({ quotas, knownAgents, nowMs: 0 });
    this.reference.awaitAgents(quotas, knownAgents, 0);
  }

  #follow(note: Note): void {
    switch (note.kind) {
      case 'begin':
        this.#shuffled = note.agents;
        this.reference.begin(note.scope);
        return;
      case 'slice':
        if (this.reference.pausedAt(this.nowMs)) {
          this.count('paused');
          this.reference.abandon();
        }
        return;
      case 'agent':
        this.#turns = note.turns;
        for (const offer of this.reference.goByNextAgent(this.nowMs)) {
          this.#lines.push(lineOf(offer));
          for (const resource of offer.resources.toProto()) this.#countKind(resource);
        }
        return;
      case 'second-stage':
        this.#shuffled = note.agents;
        this.count('second-stage');
        this.reference.beginSecondStage();
        return;
      case 'end':
        if (this.reference.cycling) this.reference.end();
    }
  }

  #countKind({ shared, revocable, reservations, disk, type, name }: Resource): void {
    if (shared !== undefined) this.count('shared offered');
    if (revocable !== undefined) this.count('revocable offered');
    if ((reservations ?? []).length === 1) this.count('reserved offered');
    if ((reservations ?? []).length > 1) this.count('refined offered');
    if (disk?.source?.type === 'MOUNT') this.count('MOUNT offered');
    if (disk?.persistence !== undefined) this.count('volume offered');
    if (type !== 'SCALAR') this.count('ranges or set offered');
    if (name === 'gpus') this.count('gpus offered');
  }

  #chance(): Chance {
    return {
      agents: () => this.#shuffled,
      roles: (wanted) =>
        endingWith(
          this.#turns.map(({ role }) => role),
          wanted,
        ),
      frameworks: (role, wanted) =>
        endingWith(this.#turns.find((turn) => turn.role === role)?.frameworks ?? [], wanted),
    };
  }

  #compare(thoroughly: boolean): void {
    const { allocator, reference } = this;
    equal(allocator.pending, reference.asked, 'whether a cycle is asked for');
    equal(allocator.cycling, reference.cycling, 'whether a cycle is under way');
    for (const role of reference.books.quotas.keys()) {
      const consumed = [...reference.consumedQuota(role)].filter(([, millis]) => millis > 0);
      const mine = allocator.consumedQuota(role);
      for (const [name, millis] of consumed) equal(mine.get(name) ?? 0, millis / 1000, `${name} consumed by ${role}`);
    }
    if (!thoroughly) return;
    const roles = [...new Set(reference.books.tracked().map(({ role }) => role))].sort();
    equal(allocator.roles().join(), roles.join(), 'roles');
    for (const role of roles)
      equal(
        allocator.dominantShare(role).toFixed(9),
        reference.order.dominantShare(role).toFixed(9),
        `share of ${role}`,
      );
  }
}

/** What was heard stands first; those that were not asked any more come after it. */
function endingWith(heard: readonly string[], wanted: readonly string[]): string[] {
  return [...heard, ...wanted.filter((one) => !heard.includes(one))];
}

export function equal(mine: unknown, theirs: unknown, what: string): void {
  if (mine !== theirs) throw new Error(`${what}: the allocator says\n${mine}\nand the reference\n${theirs}`);
}

function lineOf({ frameworkId, role, agentId, resources }: Holding | Allocation): string {
  const parts = resources.unallocate().toString().split('; ').sort();
  return `${frameworkId} ${role} ${agentId} ${parts.join('; ')}`;
}
