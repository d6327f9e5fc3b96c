/**
 * Who comes first, said the long way: the tree of roles is built anew for each question, and every share reckoned from
 * what is held. Only the counts of how often somebody was served are kept, since they cannot be reckoned.
 */
import { assert } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import { addAll, type Books, type Holding, isWithin, scalarMillis } from './books.ts';

export type ReferenceSorter = 'drf' | 'random';

/** What the specification leaves to chance, fed from outside: each answers the same items in an order of its own. */
export interface Chance {
  agents(candidates: readonly string[]): readonly string[];
  roles(wanted: readonly string[]): readonly string[];
  frameworks(role: string, wanted: readonly string[]): readonly string[];
}

interface Client {
  readonly path: string;
  readonly weight: number;
  readonly share: () => number;
}

export class FairOrder {
  readonly #books: Books;
  readonly #excluded: ReadonlySet<string>;
  readonly #chance: Chance;
  readonly #sorters: { readonly roles: ReferenceSorter; readonly frameworks: ReferenceSorter };
  readonly #served = new Map<string, number>();

  constructor(
    books: Books,
    excluded: readonly string[],
    sorters: { readonly roles: ReferenceSorter; readonly frameworks: ReferenceSorter },
    chance: Chance,
  ) {
    this.#books = books;
    this.#excluded = new Set(excluded);
    this.#sorters = sorters;
    this.#chance = chance;
  }

  /** Roles with somebody who wants offers, in the order in which they are asked. */
  roles(): string[] {
    if (this.#sorters.roles === 'drf') return this.#fairRoles('');
    return permuted(this.drawnParts().keys(), (wanted) => this.#chance.roles(wanted));
  }

  /** Frameworks that want offers for `role`, in the order in which they are asked. */
  frameworks(role: string): string[] {
    const wanting = this.#books
      .tracked()
      .filter((client) => client.role === role && this.#books.wants(client.frameworkId, role))
      .map(({ frameworkId }) => frameworkId);
    if (this.#sorters.frameworks === 'random')
      return permuted(wanting, (wanted) => this.#chance.frameworks(role, wanted));
    return this.#byFairness(
      wanting.map((path) => ({ path, weight: 1, share: () => this.#shareOfFramework(role, path) })),
      (path) => frameworkKey(role, path),
    );
  }

  /** Kernel 6.3, ties: the count of allocations made to the framework in the role, to the role and to those above it. */
  served(frameworkId: string, role: string): void {
    this.settle();
    for (const key of [frameworkKey(role, frameworkId), ...nodesAbove(role), virtualLeaf(role)])
      this.#served.set(key, (this.#served.get(key) ?? 0) + 1);
  }

  /** Kernel 6.3: what is tracked no longer is forgotten with its count. */
  settle(): void {
    const tracked = new Set<string>();
    for (const { role, frameworkId } of this.#books.tracked())
      for (const key of [frameworkKey(role, frameworkId), ...nodesAbove(role), virtualLeaf(role)]) tracked.add(key);
    for (const key of this.#served.keys()) if (!tracked.has(key)) this.#served.delete(key);
  }

  /** Kernel 6.3: dominant share of a role and those below it, over its weight. */
  dominantShare(role: string): number {
    return this.#shareOfRole(role) / this.#weight(role);
  }

  /** Kernel 6.3, hierarchy: children of a node against each other; a role with both is one more leaf beside its children. */
  #fairRoles(parent: string): string[] {
    const children = this.#children(parent);
    const clients = children.map((path) => ({
      path,
      weight: this.#weight(path),
      share: () => (path === virtualLeaf(parent) ? this.#shareOfLeaf(parent) : this.#shareOfRole(path)),
    }));
    return this.#byFairness(clients, (path) => path).flatMap((path) => this.#below(path, parent));
  }

  /** Kernel 6.3, DRF: smaller share first, then who was served less often, then the smaller path. */
  #byFairness(clients: readonly Client[], keyOf: (path: string) => string): string[] {
    const known = clients.map(({ path, weight, share }) => ({
      path,
      share: share() / weight,
      served: this.#served.get(keyOf(path)) ?? 0,
    }));
    known.sort((a, b) => a.share - b.share || a.served - b.served || byText(a.path, b.path));
    return known.map(({ path }) => path);
  }

  #below(path: string, parent: string): string[] {
    if (path === virtualLeaf(parent)) return this.#isWanted(parent) ? [parent] : [];
    if (this.#hasSubRoles(path)) return this.#fairRoles(path);
    return this.#isWanted(path) ? [path] : [];
  }

  /**
   * Kernel 6.3, random sorter: the chance of each wanted role to come first. A role gets its part of its parent's by its
   * weight, against those siblings that are wanted or have somebody wanted below them.
   */
  drawnParts(): Map<string, number> {
    const parts = new Map<string, number>();
    const part = (parent: string, whole: number): void => {
      const active = this.#children(parent).filter((path) => this.#below(path, parent).length > 0);
      const sum = active.reduce((all, path) => all + this.#weight(path), 0);
      for (const path of active.sort(byText)) {
        const own = (whole * this.#weight(path)) / sum;
        if (path === virtualLeaf(parent)) parts.set(parent, own);
        else if (this.#hasSubRoles(path)) part(path, own);
        else parts.set(path, own);
      }
    };
    part('', 1);
    return parts;
  }

  #isWanted(role: string): boolean {
    return this.#books.tracked().some((client) => client.role === role && this.#books.wants(client.frameworkId, role));
  }

  #hasSubRoles(role: string): boolean {
    return this.#books.tracked().some((client) => client.role.startsWith(`${role}/`));
  }

  /** Paths of what stands directly below `parent`; that of nothing is the top. */
  #children(parent: string): string[] {
    const found = new Set<string>();
    for (const { role } of this.#books.tracked()) {
      if (role === parent) found.add(virtualLeaf(parent));
      else if (parent === '' || role.startsWith(`${parent}/`)) {
        const rest = parent === '' ? role : role.slice(parent.length + 1);
        found.add(parent === '' ? rest.split('/')[0]! : `${parent}/${rest.split('/')[0]}`);
      }
    }
    return [...found];
  }

  /** Kernel 6.5: default 1; that of a role binds its node, so the virtual leaf below it has none of its own. */
  #weight(path: string): number {
    return this.#books.weights.get(path) ?? 1;
  }

  #shareOfRole(root: string): number {
    return this.#share(`role ${root}`, ({ role }) => isWithin(role, root));
  }

  #shareOfLeaf(leaf: string): number {
    return this.#share(`leaf ${leaf}`, ({ role }) => role === leaf);
  }

  #shareOfFramework(role: string, frameworkId: string): number {
    return this.#share(`of ${role} ${frameworkId}`, (held) => held.role === role && held.frameworkId === frameworkId);
  }

  /**
   * Kernel 6.3: the largest part of any scalar of the whole cluster. Names that are excluded do not count; what is
   * offered does; a shared volume counts once on its agent; of reservations only what is held.
   */
  #share(name: string, counts: (holding: Holding) => boolean): number {
    return this.#books.remember(`share of ${name}`, () => {
      const held = new Map<string, number>();
      for (const agentId of this.#books.agents.keys()) {
        const mine = this.#books.holdings.filter((holding) => holding.agentId === agentId && counts(holding));
        addAll(held, scalarMillis(Resources.sum(mine.map(({ resources }) => resources))));
      }
      let share = 0;
      for (const [scalar, total] of this.#clusterTotal())
        if (total > 0 && !this.#excluded.has(scalar)) share = Math.max(share, (held.get(scalar) ?? 0) / total);
      return share;
    });
  }

  #clusterTotal(): ReadonlyMap<string, number> {
    return this.#books.remember('cluster total', () => {
      const sums = new Map<string, number>();
      for (const { total } of this.#books.agents.values()) addAll(sums, scalarMillis(total));
      return sums;
    });
  }
}

/** The same items in the order that chance gives them. */
export function permuted(items: Iterable<string>, order: (items: readonly string[]) => readonly string[]): string[] {
  const before = [...items].sort(byText);
  const after = [...order(before)];
  assert([...after].sort(byText).join() === before.join(), `${after} is another set than ${before}`);
  return after;
}

function virtualLeaf(role: string): string {
  return `${role}/.`;
}

function frameworkKey(role: string, frameworkId: string): string {
  return `${role} ${frameworkId}`;
}

/** The role and all above it: `a`, `a/b`, `a/b/c`. */
function nodesAbove(role: string): string[] {
  const parts = role.split('/');
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
