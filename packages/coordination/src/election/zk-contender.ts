/**
 * Stands for election: an ephemeral node in the group, made anew until it is there, or until ZooKeeper says that it may not
 * be. That it is there does not mean to lead; who leads is for a detector to say.
 *
 * Never: has two nodes in the group because an answer was lost: it looks for the first before it makes a second.
 */
import { ok, type Result } from '@mesolite/base';
import type { Log, TimerHandle, Timers } from '@mesolite/ports';
import type { ZkError } from '../zookeeper/zk-error.ts';
import type { ZkSession } from '../zookeeper/zk-session.ts';
import { membersOf, RETRY_MS } from './members.ts';

export interface ContenderOptions {
  readonly session: ZkSession;
  readonly path: string;
  readonly label: string;
  /** Says who stands. */
  readonly data: Uint8Array;
  readonly timers: Timers;
  readonly log: Log;
  /** The node is there. */
  readonly joined: () => void;
  /** It is there no more, or soon will not be: its session is lost, or somebody removed it. Stands again by itself. */
  readonly lost: (why: string) => void;
  /** It may not stand, with these credentials, and tries no more. Called once. */
  readonly refused: (why: string) => void;
}

export class ZkContender {
  readonly #options: ContenderOptions;
  readonly #stopWatching: () => void;
  #node: string | undefined;
  #joining = false;
  #retry: TimerHandle | undefined;
  #withdrawn = false;

  constructor(options: ContenderOptions) {
    this.#options = options;
    this.#stopWatching = options.session.watch((event) => {
      if (event.kind === 'connected') void (this.#node === undefined ? this.#join() : this.#look());
      else if (event.kind === 'lost') this.#lose('the ZooKeeper session is lost');
      else if (event.kind === 'refused') this.#refuse(event.text);
    });
  }

  /** Takes the node away. */
  async withdraw(): Promise<void> {
    this.#withdrawn = true;
    this.#stopWatching();
    this.#retry?.cancel();
    const node = this.#node;
    this.#node = undefined;
    if (node !== undefined) await this.#options.session.remove(node);
  }

  async #join(): Promise<void> {
    const { session, path, label, data, log } = this.#options;
    if (this.#joining || this.#withdrawn) return;
    this.#joining = true;
    const there = await session.createPath(path);
    const found = there.ok ? await this.#find() : there;
    const made =
      found.ok && found.value === undefined
        ? await session.create(`${path}/${label}_`, data, 'ephemeral-sequential')
        : found;
    this.#joining = false;
    if (this.#withdrawn) {
      if (made.ok && made.value !== undefined) await session.remove(made.value);
      return;
    }
    if (!made.ok && made.error.kind === 'no-auth') return this.#refuse(made.error.text);
    if (!made.ok) {
      log.warning(`Cannot stand for election yet: ${made.error.text}`);
      this.#again();
      return;
    }
    this.#node = made.value;
    log.info(`Stands for election as ${made.value}`);
    this.#options.joined();
    await this.#look();
  }

  /** Our node from an attempt whose answer was lost. */
  async #find(): Promise<Result<string | undefined, ZkError>> {
    const { session, path, label, data } = this.#options;
    const children = await session.children(path);
    if (!children.ok) return children;
    for (const member of membersOf(children.value)) {
      if (member.label !== label) continue;
      const node = await session.read(`${path}/${member.name}`);
      if (!node.ok) return node;
      if (node.value?.isOurs === true && Buffer.compare(node.value.data, data) === 0)
        return ok(`${path}/${member.name}`);
    }
    return ok(undefined);
  }

  /** Sees to it that we hear when the node is removed. */
  async #look(): Promise<void> {
    const node = this.#node;
    if (node === undefined) return;
    const there = await this.#options.session.read(node, () => void this.#look());
    if (this.#node !== node) return;
    if (there.ok && there.value === undefined) this.#lose(`somebody removed ${node}`);
    else if (!there.ok && there.error.kind !== 'session-lost') this.#again();
  }

  #lose(why: string): void {
    if (this.#node === undefined) return;
    this.#node = undefined;
    this.#options.lost(why);
    if (this.#options.session.connected) void this.#join();
  }

  #refuse(why: string): void {
    if (this.#withdrawn) return;
    void this.withdraw();
    this.#options.refused(why);
  }

  #again(): void {
    this.#retry?.cancel();
    this.#retry = this.#options.timers.after(RETRY_MS, () => {
      if (this.#options.session.connected) void (this.#node === undefined ? this.#join() : this.#look());
    });
  }
}
