/**
 * In which order those who want offers are asked: roles by share, or by a weighted draw; within a role frameworks by
 * share, or by a draw. Never: knows agents.
 */
import type { RandomStream } from '@mesolite/base';
import type { Client } from './client.ts';
import type { ShareNode, ShareTree } from './share-tree.ts';

export type Sorter = 'drf' | 'random';

/** Clients of one role that want offers, in order. Not to be changed. */
export type Leaves = readonly ShareNode<Client>[];

/** Asked for each role; true ends the walk. */
export type Serve = (leaves: Leaves) => boolean;

export class RoleOrder {
  readonly #tree: ShareTree<Client>;
  readonly #random: RandomStream;
  readonly #walk: (serve: Serve) => void;
  readonly #drawsFrameworks: boolean;
  /** Roles to draw from, with the part of the cluster that their weights give each; good for one version of the tree. */
  #roles: Leaves[] = [];
  #weights: number[] = [];
  #even = true;
  #version = -1;

  constructor(tree: ShareTree<Client>, sorters: { roles: Sorter; frameworks: Sorter }, random: RandomStream) {
    this.#tree = tree;
    this.#random = random;
    this.#drawsFrameworks = sorters.frameworks === 'random';
    this.#walk =
      sorters.roles === 'random' ? (serve) => this.#draw(serve) : (serve) => void walk(this.#tree.root, serve);
  }

  get isEmpty(): boolean {
    return this.#tree.root.order.length === 0;
  }

  /** Shares must not change on the way. */
  forEachRole(serve: Serve): void {
    if (!this.#drawsFrameworks) this.#walk(serve);
    else this.#walk((leaves) => serve(leaves.length < 2 ? leaves : this.#random.shuffle([...leaves])));
  }

  #draw(serve: Serve): void {
    this.#measure();
    const count = this.#roles.length;
    if (!this.#even) {
      // The larger a weight, the more often a high key: a draw without putting back.
      const keys = this.#weights.map((weight) => this.#random.next() ** (1 / weight));
      const order = keys.map((_, i) => i).sort((a, b) => keys[b]! - keys[a]!);
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
    this.#weights = [];
    this.#collect(this.#tree.root, 1);
    const [first] = this.#weights;
    this.#even = this.#weights.every((weight) => weight === first);
  }

  /** What a node has is parted among its active children by their weights. */
  #collect(node: ShareNode<Client>, part: number): void {
    // By name, so that the same draw gives the same order whatever happened before.
    const children = [...node.order].sort((a, b) => (a.path < b.path ? -1 : 1));
    if (children[0]?.item !== undefined) {
      this.#roles.push(node.order);
      this.#weights.push(part);
      return;
    }
    const sum = children.reduce((all, child) => all + child.weight, 0);
    for (const child of children) this.#collect(child, (part * child.weight) / sum);
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
