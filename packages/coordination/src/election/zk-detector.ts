/**
 * Tells who leads: whose node has the smallest number in the group. While there is no server the last answer stands, until
 * the session is lost; then nobody leads.
 */
import type { Detector, Log, TimerHandle, Timers } from '@mesolite/ports';
import type { ZkSession } from '../zookeeper/zk-session.ts';
import { type Member, membersOf, RETRY_MS } from './members.ts';

export interface DetectorOptions<Leader> {
  readonly session: ZkSession;
  readonly path: string;
  /** What a member's data says. Throws an Error with the reason when it cannot be understood. */
  readonly parse: (member: Member, data: Uint8Array) => Leader;
  readonly timers: Timers;
  readonly log: Log;
}

export class ZkDetector<Leader> implements Detector<Leader> {
  readonly #options: DetectorOptions<Leader>;
  readonly #watchers = new Set<(leader: Leader | undefined) => void>();
  readonly #stopWatching: () => void;
  #leader: Leader | undefined;
  /** Of the node that {@link #leader} was read from. */
  #node: string | undefined;
  /** Counts rounds of asking, so that an answer to an older one is ignored. */
  #round = 0;
  #retry: TimerHandle | undefined;

  constructor(options: DetectorOptions<Leader>) {
    this.#options = options;
    this.#stopWatching = options.session.watch((event) => {
      if (event.kind === 'connected') void this.#detect();
      else if (event.kind === 'lost' || event.kind === 'refused') this.#set(undefined, undefined);
    });
  }

  watch(changed: (leader: Leader | undefined) => void): () => void {
    this.#watchers.add(changed);
    changed(this.#leader);
    return () => this.#watchers.delete(changed);
  }

  close(): void {
    this.#stopWatching();
    this.#retry?.cancel();
    this.#watchers.clear();
    this.#round++;
  }

  async #detect(): Promise<void> {
    const { session, path, parse, log } = this.#options;
    const round = ++this.#round;
    const again = (): void => {
      if (round === this.#round) void this.#detect();
    };
    const children = await session.children(path, again);
    if (round !== this.#round) return;
    if (!children.ok) {
      if (children.error.kind === 'session-lost') return;
      if (children.error.kind !== 'no-node') {
        log.warning(`Cannot see who leads: ${children.error.text}`);
        this.#later();
        return;
      }
      // Nobody has ever stood for election; hear of it when somebody does.
      this.#set(undefined, undefined);
      const there = await session.read(path, again);
      if (round === this.#round && (!there.ok || there.value !== undefined)) this.#later();
      return;
    }
    const [first] = membersOf(children.value);
    if (first === undefined) return this.#set(undefined, undefined);
    if (first.name === this.#node) return;
    const node = await session.read(`${path}/${first.name}`);
    if (round !== this.#round) return;
    if (!node.ok) {
      if (node.error.kind !== 'session-lost') this.#later();
      return;
    }
    // Gone since: the watch on the children tells.
    if (node.value === undefined) return;
    try {
      this.#set(parse(first, node.value.data), first.name);
    } catch (error) {
      log.error(`${path}/${first.name} leads, but cannot be understood: ${(error as Error).message}`);
      this.#set(undefined, first.name);
    }
  }

  #later(): void {
    this.#retry?.cancel();
    this.#retry = this.#options.timers.after(RETRY_MS, () => {
      if (this.#options.session.connected) void this.#detect();
    });
  }

  #set(leader: Leader | undefined, node: string | undefined): void {
    const isNews = node !== this.#node || (leader === undefined) !== (this.#leader === undefined);
    this.#leader = leader;
    this.#node = node;
    if (isNews) for (const changed of [...this.#watchers]) changed(leader);
  }
}
