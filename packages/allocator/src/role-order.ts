/**
 * In which order those who want offers are asked: roles by share, or by a weighted draw; within a role frameworks by
 * share, or by a draw. Never: knows agents.
 */
import type { RandomStream } from '@mesolite/base';
import type { Client } from './client.ts';
import { insert, type ShareNode, type ShareTree } from './share-tree.ts';

export type Sorter = 'drf' | 'random';

/** Clients of one role that want offers, in order. Not to be changed. */
export type Leaves = readonly ShareNode<Client>[];

/** Asked for each role; true ends the walk. */
export type Serve = (leaves: Leaves) => boolean;

export class RoleOrder {
  readonly #tree: ShareTree<Client>;
  readonly #random: RandomStream;
  readonly #walk: (serve: Serve) => void;
  readonly #drawsRoles: boolean;
  readonly #drawsFrameworks: boolean;
  /**
   * Roles to draw from, with the part of the cluster that their weights give each; good for one version of the tree. Parts
   * as logarithms: sums and ratios of weights may be beyond what a number can tell, in both directions.
   */
  #roles: Leaves[] = [];
  #parts: number[] = [];
  #even = true;
  #version = -1;
  /** Unmet roles in order, as long as the tree has not moved otherwise. */
  #unmet: ShareNode<Client>[] = [];
  #unmetAt = -1;

  constructor(tree: ShareTree<Client>, sorters: { roles: Sorter; frameworks: Sorter }, random: RandomStream) {
    this.#tree = tree;
    this.#random = random;
    this.#drawsRoles = sorters.roles === 'random';
    this.#drawsFrameworks = sorters.frameworks === 'random';
    this.#walk = this.#drawsRoles ? (serve) => this.#draw(serve) : (serve) => void walk(this.#tree.root, serve);
  }

  get isEmpty(): boolean {
    return this.#tree.root.order.length === 0;
  }

  /** Another number whenever others want offers. */
  get version(): number {
    return this.#tree.version;
  }

  /** Shares must not change on the way. */
  forEachRole(serve: Serve): void {
    if (!this.#drawsFrameworks) this.#walk(serve);
    else this.#walk((leaves) => serve(leaves.length < 2 ? leaves : this.#random.shuffle([...leaves])));
  }

  /** Only over top-level roles with unmet guarantees, when that is less work; `served` must be told of each visit. */
  forEachUnmet(serve: Serve): void {
    if (this.#drawsRoles || this.#drawsFrameworks) {
      this.forEachRole(serve);
      return;
    }
    const tree = this.#tree;
    if (this.#unmetAt !== tree.moves) this.#unmet = tree.root.order.filter((role) => this.#isUnmet(role));
    this.#unmetAt = tree.moves;
    for (const role of this.#unmet) if (serve(tree.ownLeaves(role))) return;
  }

  /** These have got something since the last walk over unmet roles, and nothing else has changed. */
  served(clients: Iterable<Client>): void {
    for (const { node } of clients) {
      let role = node;
      while (role.parent !== this.#tree.root && role.parent !== undefined) role = role.parent;
      const index = this.#unmet.indexOf(role);
      if (index < 0) continue;
      this.#unmet.splice(index, 1);
      if (this.#isUnmet(role)) insert(this.#unmet, role);
    }
    this.#unmetAt = this.#tree.moves;
  }

  /**
   * Who is asked before `client` as things stand: how many, and the first of them. Nothing where turns are drawn. Only for
   * one that wants offers.
   */
  ahead(client: Client, listed: number): { readonly count: number; readonly first: readonly Client[] } | undefined {
    if (this.#drawsRoles || this.#drawsFrameworks) return undefined;
    this.#tree.refresh();
    const first: Client[] = [];
    let count = 0;
    walk(this.#tree.root, (leaves) => {
      for (const { item } of leaves) {
        if (item === client) return true;
        count++;
        if (item !== undefined && first.length < listed) first.push(item);
      }
      return false;
    });
    return { count, first };
  }

  /** Quota has changed. */
  forgetUnmet(): void {
    this.#unmetAt = -1;
  }

  #isUnmet(role: ShareNode<Client>): boolean {
    return this.#tree.ownLeaves(role)[0]?.item?.quota.unmet === true;
  }

  #draw(serve: Serve): void {
    this.#measure();
    const count = this.#roles.length;
    if (!this.#even) {
      // The larger a part, the more often a small key: a draw without putting back.
      const keys = this.#parts.map((part) => Math.log(-Math.log(this.#random.next())) - part);
      const order = keys.map((_, i) => i).sort((a, b) => keys[a]! - keys[b]!);
      for (const i of order) if (serve(this.#roles[i]!)) return;
      return;
    }
    // Only as far as it is needed; what was drawn before is as good a start as any.
    for (let i = 0; i < count; i++) {
      const j = i + this.#random.below(count - i);
      const drawn = this.#roles[j]!;
      this.#roles[j] = this.#roles[i]!;
      this.#roles[i] = drawn;
      if (serve(drawn)) return;
    }
  }

  #measure(): void {
    if (this.#version === this.#tree.version) return;
    this.#version = this.#tree.version;
    this.#roles = [];
    this.#parts = [];
    this.#collect(this.#tree.root, 0);
    const [first] = this.#parts;
    this.#even = this.#parts.every((part) => part === first);
  }

  /** What a node has is parted among its active children by their weights. */
  #collect(node: ShareNode<Client>, part: number): void {
    // By name, so that the same draw gives the same order whatever happened before.
    const children = [...node.order].sort((a, b) => (a.path < b.path ? -1 : 1));
    if (children[0]?.item !== undefined) {
      this.#roles.push(node.order);
      this.#parts.push(part);
      return;
    }
    const heaviest = children.reduce((most, { weight }) => Math.max(most, weight), 0);
    const sum = children.reduce((all, { weight }) => all + weight / heaviest, 0);
    const rest = part - Math.log(heaviest) - Math.log(sum);
    for (const child of children) this.#collect(child, rest + Math.log(child.weight));
  }
}

/** Goes through a node's children in order. True when the walk is over. */
function walk(node: ShareNode<Client>, serve: Serve): boolean {
  for (const child of node.order) {
    if (child.item !== undefined) return serve(node.order);
    if (walk(child, serve)) return true;
  }
  return false;
}
