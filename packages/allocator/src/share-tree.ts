/**
 * Who comes first: a tree of roles with the frameworks of each role as its leaves, every level in order of dominant
 * share. The share of a node is the largest fraction of any scalar of the cluster held at or below it, over its
 * weight. Equal shares: who has been served less often, then the smaller path.
 *
 * A role that has frameworks keeps them under a node `.`, which competes with the role's sub-roles as one of them.
 *
 * Never: knows agents, offers or filters. Amounts are thousandths, so sums never drift.
 */
import { assert, fromMillis } from '@mesolite/base';
import { type Amounts, accumulate, type ScalarNames, same } from './amounts.ts';

export class ShareNode<T> {
  readonly path: string;
  readonly parent: ShareNode<T> | undefined;
  /** What a leaf stands for; inner nodes have none. */
  readonly item: T | undefined;
  readonly children = new Map<string, ShareNode<T>>();
  /** Children with an active leaf at or below them, in order once the tree is refreshed. */
  readonly order: ShareNode<T>[] = [];
  readonly amounts: Amounts = [];
  /** How often something was handed out at or below this node. */
  served = 0;
  activeLeaves = 0;
  weight: number;
  share = 0;

  constructor(path: string, parent: ShareNode<T> | undefined, item: T | undefined, weight: number) {
    this.path = path;
    this.parent = parent;
    this.item = item;
    this.weight = weight;
  }
}

/** Name of the node that holds a role's own frameworks; no role component can be called so. */
const OWN = '.';

export class ShareTree<T> {
  readonly root = new ShareNode<T>('', undefined, undefined, 1);
  /** Another number whenever other leaves are active or weights have changed. */
  version = 0;
  /** Another number whenever shares or orders may have changed. */
  moves = 0;
  readonly #names: ScalarNames;
  readonly #excluded: ReadonlySet<string>;
  readonly #weights = new Map<string, number>();
  readonly #totals: Amounts = [];
  /** Counts roles that came and went. */
  #roleChanges = 0;
  /** Totals or weights have changed, so that every share and every order may be wrong. */
  #stale = false;

  constructor(names: ScalarNames, excludedNames: readonly string[]) {
    this.#names = names;
    this.#excluded = new Set(excludedNames);
  }

  get roleChanges(): number {
    return this.#roleChanges;
  }

  /** Of the whole cluster, in units by name: what there is, and what is held of it. */
  scalars(): Map<string, { readonly total: number; readonly held: number }> {
    const all = new Map<string, { readonly total: number; readonly held: number }>();
    for (const [i, name] of this.#names.list.entries()) {
      let held = 0;
      for (const role of this.root.children.values()) held += role.amounts[i] ?? 0;
      all.set(name, { total: fromMillis(this.#totals[i] ?? 0), held: fromMillis(held) });
    }
    return all;
  }

  /** Against its siblings, for a role that is there or may come. 1 is what roles have of themselves. */
  setWeight(role: string, weight: number): void {
    assert(weight > 0 && Number.isFinite(weight), `weight ${weight} of role '${role}'`);
    if (weight === 1) this.#weights.delete(role);
    else this.#weights.set(role, weight);
    this.version++;
    const node = this.role(role);
    if (node === undefined) return;
    node.weight = weight;
    this.#stale = true;
  }

  /** Other than 1. */
  get weights(): ReadonlyMap<string, number> {
    return this.#weights;
  }

  weightOf(role: string): number {
    return this.#weights.get(role) ?? 1;
  }

  /** Units of the scalar `name` held at a role or below it. */
  held(role: string, name: string): number {
    return fromMillis(this.role(role)?.amounts[this.#names.index(name)] ?? 0);
  }

  addTotals(amounts: Amounts, sign: 1 | -1): void {
    accumulate(this.#totals, amounts, sign);
    this.#stale = true;
  }

  /** A new leaf, inactive, under `role`. */
  addLeaf(role: string, name: string, item: T): ShareNode<T> {
    let node = this.root;
    for (const part of role.split('/'))
      node = this.#inner(node, part, node === this.root ? part : `${node.path}/${part}`);
    if (!node.children.has(OWN)) this.#roleChanges++;
    const own = this.#inner(node, OWN, `${role}/${OWN}`);
    assert(!own.children.has(name), `${name} stands under role ${role} already`);
    const leaf = new ShareNode<T>(name, own, item, 1);
    own.children.set(name, leaf);
    return leaf;
  }

  /** Only for an inactive leaf without amounts. Inner nodes that lose their last child go too. */
  removeLeaf(leaf: ShareNode<T>): void {
    assert(leaf.activeLeaves === 0, `${leaf.path} is removed while active`);
    assert(
      leaf.amounts.every((millis) => !millis),
      `${leaf.path} is removed while it holds something`,
    );
    let node = leaf;
    while (node.parent !== undefined && node.children.size === 0) {
      const { parent } = node;
      if (node.item === undefined && parent.children.get(OWN) === node) this.#roleChanges++;
      parent.children.delete(node.path.slice(node.path.lastIndexOf('/') + 1));
      node = parent;
    }
  }

  setActive(leaf: ShareNode<T>, active: boolean): void {
    if (leaf.activeLeaves === (active ? 1 : 0)) return;
    this.version++;
    this.moves++;
    for (let node = leaf; node.parent !== undefined; node = node.parent) {
      node.activeLeaves += active ? 1 : -1;
      if (active && node.activeLeaves === 1) {
        if (this.#stale) node.parent.order.push(node);
        else insert(node.parent.order, node);
      } else if (!active && node.activeLeaves === 0) {
        const { order } = node.parent;
        order.splice(this.#stale ? order.indexOf(node) : indexIn(order, node), 1);
      }
    }
  }

  /**
   * What a leaf and all nodes above it hold grows, or shrinks, by `all`, or by what `change` says of each node; `serves`
   * when it was handed out.
   */
  add(leaf: ShareNode<T>, all: Amounts, sign: 1 | -1, serves: boolean, change?: (node: ShareNode<T>) => Amounts): void {
    this.moves++;
    for (let node = leaf; node.parent !== undefined; node = node.parent) {
      const amounts = change === undefined ? all : change(node);
      if (this.#stale || node.activeLeaves === 0) {
        this.#change(node, amounts, sign, serves);
        continue;
      }
      const { order } = node.parent;
      // It is found by what it was; most of the way others only move by one, which a splice does at once.
      const from = indexIn(order, node);
      this.#change(node, amounts, sign, serves);
      if (isInPlace(order, from)) continue;
      order.splice(from, 1);
      insert(order, node);
    }
  }

  /** The node of a role, if it has frameworks or sub-roles. */
  role(role: string): ShareNode<T> | undefined {
    let node: ShareNode<T> | undefined = this.root;
    for (const part of role.split('/')) node = node?.children.get(part);
    return node;
  }

  /** Those of a role's own frameworks that are active, in order. */
  ownLeaves(role: ShareNode<T>): readonly ShareNode<T>[] {
    return role.children.get(OWN)?.order ?? [];
  }

  /** Paths of all roles that have leaves of their own, sorted. */
  rolePaths(): string[] {
    const paths: string[] = [];
    const visit = (node: ShareNode<T>): void => {
      if (node.children.has(OWN)) paths.push(node.path);
      for (const [name, child] of node.children) if (name !== OWN) visit(child);
    };
    visit(this.root);
    return paths.sort();
  }

  /** Brings shares and orders up to date; needed before orders are walked. Cheap when no total has changed. */
  refresh(): void {
    if (!this.#stale) return;
    this.#stale = false;
    this.moves++;
    const visit = (node: ShareNode<T>): void => {
      for (const child of node.children.values()) {
        child.share = this.#shareOf(child);
        visit(child);
      }
      node.order.sort(compare);
    };
    visit(this.root);
  }

  /** `twice`: what nodes count once although several of their children hold it. */
  check(totals: Amounts, twice: ReadonlyMap<ShareNode<T>, Amounts> = new Map()): void {
    this.refresh();
    assert(same(this.#totals, totals), 'the totals of the cluster differ from the sum over agents');
    const visit = (node: ShareNode<T>): void => {
      const { path } = node;
      if (node.item === undefined) {
        const sum: Amounts = [];
        let active = 0;
        for (const child of node.children.values()) {
          if (node.parent !== undefined) accumulate(sum, child.amounts, 1);
          active += child.activeLeaves;
          assert(node.order.includes(child) === child.activeLeaves > 0, `${child.path} is in the order iff active`);
          visit(child);
        }
        if (node.parent !== undefined) {
          accumulate(sum, twice.get(node) ?? [], -1);
          assert(same(sum, node.amounts), `what '${path}' holds differs from the sum below it`);
          assert(active === node.activeLeaves, `'${path}' counts ${node.activeLeaves} active leaves of ${active}`);
        }
      }
      const ordered = [...node.children.values()].filter((child) => child.activeLeaves > 0).length;
      assert(node.order.length === ordered, `the order under '${path}' lacks somebody`);
      for (const [i, child] of node.order.entries()) {
        assert(child.parent === node, `the order under '${path}' has a stranger`);
        assert(child.share === this.#shareOf(child), `the share of '${child.path}' is out of date`);
        const next = node.order[i + 1];
        assert(next === undefined || compare(child, next) < 0, `'${child.path}' stands out of order`);
      }
    };
    visit(this.root);
  }

  #shareOf(node: ShareNode<T>): number {
    let share = 0;
    for (let i = 0; i < node.amounts.length; i++) {
      const total = this.#totals[i] ?? 0;
      if (total <= 0 || this.#isExcluded(i)) continue;
      const fraction = (node.amounts[i] ?? 0) / total;
      if (fraction > share) share = fraction;
    }
    return share / node.weight;
  }

  #isExcluded(index: number): boolean {
    return this.#excluded.size > 0 && this.#excluded.has(this.#names.list[index]!);
  }

  #inner(parent: ShareNode<T>, name: string, path: string): ShareNode<T> {
    let node = parent.children.get(name);
    if (node === undefined) {
      node = new ShareNode<T>(path, parent, undefined, this.weightOf(path));
      parent.children.set(name, node);
    }
    return node;
  }

  #change(node: ShareNode<T>, amounts: Amounts, sign: 1 | -1, serves: boolean): void {
    accumulate(node.amounts, amounts, sign);
    if (serves) node.served++;
    if (!this.#stale) node.share = this.#shareOf(node);
  }
}

/** Where `node` stands, or would, in an order that is right but for it. */
function indexIn<T>(order: readonly ShareNode<T>[], node: ShareNode<T>): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(order[middle]!, node) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Puts `node` into an order that lacks it. */
export function insert<T>(order: ShareNode<T>[], node: ShareNode<T>): void {
  order.splice(indexIn(order, node), 0, node);
}

function isInPlace<T>(order: readonly ShareNode<T>[], index: number): boolean {
  const node = order[index]!;
  if (index > 0 && compare(order[index - 1]!, node) > 0) return false;
  return index + 1 >= order.length || compare(node, order[index + 1]!) < 0;
}

function compare<T>(a: ShareNode<T>, b: ShareNode<T>): number {
  if (a.share !== b.share) return a.share - b.share;
  if (a.served !== b.served) return a.served - b.served;
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
