/**
 * A simulated ensemble that elects masters: members in order of joining, each for as long as its session lives, and
 * watchers who hear late who leads. A master that is cut off hears of the end of its session by its own clock, which may
 * be after another one was elected: then two believe that they lead.
 *
 * Never: forgets a change. Who was cut off hears of the latest one when that is over.
 */
import type { RandomStream } from '@mesolite/base';
import type { Detector } from '@mesolite/ports';
import type { World } from './world.ts';

export interface Candidate {
  /** Of the master's process, never used twice. */
  readonly id: string;
  readonly pid: string;
  readonly hostname: string;
}

/** What a member is told. */
export interface MemberEnds {
  leader(candidate: Candidate | undefined): void;
  /** Its session is over: it stands no more. */
  lost(): void;
}

interface Member {
  readonly candidate: Candidate;
  readonly address: string;
  readonly ends: MemberEnds;
  /** Its process is alive. */
  alive: boolean;
  /** It is told of changes later than others. */
  lateMs: number;
  expiry: { cancel(): void } | undefined;
}

interface Watcher {
  readonly address: string;
  readonly lateMs: () => number;
  readonly changed: (candidate: Candidate | undefined) => void;
  told: string | undefined;
  first: boolean;
  stopped: boolean;
  /** Changes that came while it was cut off. */
  missed: boolean;
}

const SESSION_MS = 10_000;
/** A change is heard of within this time, mostly soon. */
const LONGEST_NEWS_MS = 4000;
/** How much later than the ensemble a member may find its session over. */
const LATEST_NOTICE_MS = 8000;

export class Ensemble {
  readonly #world: World;
  readonly #random: RandomStream;
  readonly #members: Member[] = [];
  readonly #watchers = new Set<Watcher>();
  readonly #parted = new Set<string>();

  constructor(world: World) {
    this.#world = world;
    this.#random = world.random.fork();
  }

  get leader(): Candidate | undefined {
    return this.#members[0]?.candidate;
  }

  /** Whether the session in which it stands goes on, whatever it knows of that itself. */
  hasSession(candidate: Candidate | undefined): boolean {
    return this.#members.some((member) => member.candidate === candidate);
  }

  /** Stands for election. Whoever joined first, of those whose sessions live, leads. */
  join(address: string, candidate: Candidate, ends: MemberEnds): { leave(): void } {
    const member: Member = { candidate, address, ends, alive: true, lateMs: 0, expiry: undefined };
    this.#members.push(member);
    const stop = this.#watch(
      address,
      (leader) => {
        if (member.alive) ends.leader(leader);
      },
      () => member.lateMs,
    );
    this.#changed();
    if (this.#parted.has(address)) this.#expire(member);
    return {
      leave: () => {
        member.alive = false;
        stop();
        // A process that ends without a word is missed when its session is over.
        this.#expire(member);
      },
    };
  }

  /** How a process at `address` learns who leads. */
  detector(address: string): Detector<Candidate> {
    return { watch: (changed) => this.#watch(address, changed, () => 0) };
  }

  /** The process at `address` cannot reach the ensemble until {@link heal}. */
  part(address: string): void {
    this.#parted.add(address);
    for (const member of this.#members) if (member.address === address) this.#expire(member);
  }

  heal(address: string): void {
    if (!this.#parted.delete(address)) return;
    for (const member of this.#members)
      if (member.address === address && member.alive) {
        member.expiry?.cancel();
        member.expiry = undefined;
      }
    for (const watcher of this.#watchers) if (watcher.address === address && watcher.missed) this.#tell(watcher);
  }

  healAll(): void {
    for (const address of [...this.#parted]) this.heal(address);
  }

  /** Whoever leads is to hear late, by so much, that another one does. */
  delayNews(address: string, lateMs: number): void {
    for (const member of this.#members) if (member.address === address) member.lateMs = lateMs;
  }

  /** The session of the leader ends although nothing is wrong with it. */
  expireLeader(): void {
    const [first] = this.#members;
    if (first !== undefined) this.#remove(first);
  }

  #expire(member: Member): void {
    member.expiry ??= this.#world.after(SESSION_MS * (0.7 + 0.3 * this.#random.next()), () => this.#remove(member));
  }

  #remove(member: Member): void {
    const index = this.#members.indexOf(member);
    if (index < 0) return;
    this.#world.note('ensemble', `ends the session of ${member.candidate.pid}`);
    this.#members.splice(index, 1);
    member.expiry?.cancel();
    this.#changed();
    this.#world.after(this.#random.next() ** 2 * LATEST_NOTICE_MS + member.lateMs, () => {
      if (!member.alive) return;
      member.alive = false;
      member.ends.lost();
    });
  }

  #watch(address: string, changed: (candidate: Candidate | undefined) => void, lateMs: () => number): () => void {
    const watcher: Watcher = {
      address,
      lateMs,
      changed,
      told: undefined,
      first: true,
      stopped: false,
      missed: false,
    };
    this.#watchers.add(watcher);
    this.#tell(watcher);
    return () => {
      watcher.stopped = true;
      this.#watchers.delete(watcher);
    };
  }

  #changed(): void {
    for (const watcher of this.#watchers) this.#tell(watcher);
  }

  #tell(watcher: Watcher): void {
    const afterMs = this.#random.next() ** 6 * LONGEST_NEWS_MS + watcher.lateMs();
    this.#world.after(afterMs, () => {
      if (watcher.stopped) return;
      if (this.#parted.has(watcher.address)) {
        watcher.missed = true;
        return;
      }
      watcher.missed = false;
      const { leader } = this;
      if (!watcher.first && leader?.id === watcher.told) return;
      watcher.first = false;
      watcher.told = leader?.id;
      watcher.changed(leader);
    });
  }
}
