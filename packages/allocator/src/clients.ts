/** All frameworks and clients the allocator knows. A client goes when it has no role, and nothing is held, any more. */
import { assert, type FrameworkId, must } from '@mesolite/base';
import { Client, type Framework } from './client.ts';
import type { QuotaBook } from './quota-book.ts';
import type { RefusalBook } from './refusal-book.ts';
import type { ShareTree } from './share-tree.ts';

export class Clients {
  readonly frameworks = new Map<FrameworkId, Framework>();
  readonly #byFramework = new Map<FrameworkId, Map<string, Client>>();
  readonly #freeSlots: number[] = [];
  #slots = 0;
  readonly #books: { tree: ShareTree<Client>; quotas: QuotaBook; refusals: RefusalBook };

  constructor(books: { tree: ShareTree<Client>; quotas: QuotaBook; refusals: RefusalBook }) {
    this.#books = books;
  }

  framework(id: FrameworkId): Framework {
    return must(this.frameworks.get(id), `framework ${id} in the allocator`);
  }

  get(id: FrameworkId, role: string): Client | undefined {
    return this.#byFramework.get(id)?.get(role);
  }

  of(id: FrameworkId): Client[] {
    return [...(this.#byFramework.get(id)?.values() ?? [])];
  }

  /** Those of the roles the framework has; no roles: all of them. */
  subscribed(id: FrameworkId, roles: readonly string[]): Client[] {
    this.framework(id);
    return this.of(id).filter((client) => client.subscribed && (roles.length === 0 || roles.includes(client.role)));
  }

  *all(): Generator<Client> {
    for (const clients of this.#byFramework.values()) yield* clients.values();
  }

  obtain(frameworkId: FrameworkId, role: string): Client {
    assert(role !== '', `resources of framework ${frameworkId} are not allocated to a role`);
    const clients = this.#byFramework.get(frameworkId) ?? new Map<string, Client>();
    this.#byFramework.set(frameworkId, clients);
    let client = clients.get(role);
    if (client === undefined) {
      const slot = this.#freeSlots.pop() ?? this.#slots++;
      client = new Client({ frameworkId, role }, slot, this.#books.quotas.join(role), this.#books.tree);
      client.framework = this.frameworks.get(frameworkId);
      clients.set(role, client);
    }
    return client;
  }

  /** Those of the role itself, not of roles below it. */
  refusalsIn(role: string): number {
    let count = 0;
    for (const leaf of this.#books.tree.role(role)?.children.get('.')?.children.values() ?? [])
      if (leaf.item !== undefined) count += this.#books.refusals.countOf(leaf.item.slot);
    return count;
  }

  /** Brings its place among those who want offers up to date. */
  refresh(client: Client): void {
    this.#books.tree.setActive(client.node, client.wantsOffers);
  }

  dropIfIdle(client: Client): void {
    if (client.subscribed || client.agents.size > 0) return;
    const clients = must(this.#byFramework.get(client.frameworkId), 'clients');
    clients.delete(client.role);
    if (clients.size === 0) this.#byFramework.delete(client.frameworkId);
    this.#books.refusals.voidAll(client.slot);
    this.#books.tree.removeLeaf(client.node);
    this.#books.quotas.release(client.quota);
    this.#freeSlots.push(client.slot);
  }

  /**
   * Brings clients in line with the framework's roles and suppressed roles. True when somebody wants offers who did not.
   */
  subscribe(framework: Framework): boolean {
    const { roles, suppressedRoles } = framework.options;
    let woken = false;
    for (const client of this.of(framework.id)) {
      client.framework = framework;
      client.forgetExclusions();
    }
    for (const role of new Set(roles)) {
      const client = this.obtain(framework.id, role);
      const wanted = client.wantsOffers;
      client.subscribed = true;
      const suppressed = suppressedRoles.includes(role);
      if (client.suppressed && !suppressed) this.#books.refusals.voidAll(client.slot);
      client.suppressed = suppressed;
      if (!wanted && client.wantsOffers) woken = true;
      this.refresh(client);
    }
    for (const client of this.of(framework.id)) {
      if (!client.subscribed || roles.includes(client.role)) continue;
      client.subscribed = false;
      client.suppressed = false;
      this.#books.refusals.voidAll(client.slot);
      this.refresh(client);
      this.dropIfIdle(client);
    }
    return woken;
  }
}
