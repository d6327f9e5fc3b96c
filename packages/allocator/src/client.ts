/** A framework as the allocator knows it, and a client: one framework in one role, the unit that is served. */
import { type FrameworkId, toMillis } from '@mesolite/base';
import type { Kind, Resources } from '@mesolite/resources';
import type { AgentRow } from './agent-row.ts';
import type { FrameworkOptions, MinAllocatable } from './allocator.ts';
import type { RoleQuota } from './quota-book.ts';
import type { RefusalOwner } from './refusals.ts';
import type { ShareNode, ShareTree } from './share-tree.ts';

export class Framework {
  readonly id: FrameworkId;
  active: boolean;
  readonly options: FrameworkOptions;
  readonly #understands: (kind: Kind) => boolean;
  readonly #understandsAll: boolean;

  constructor(id: FrameworkId, options: FrameworkOptions, active: boolean) {
    this.id = id;
    this.options = options;
    this.active = active;
    const { capabilities } = options;
    const shared = capabilities.has('SHARED_RESOURCES');
    const revocable = capabilities.has('REVOCABLE_RESOURCES');
    const refined = capabilities.has('RESERVATION_REFINEMENT');
    this.#understandsAll = shared && revocable && refined;
    this.#understands = (kind) =>
      (shared || !kind.shared) &&
      (revocable || !kind.revocable) &&
      (refined || (kind.template.reservations?.length ?? 0) <= 1);
  }

  /** The part of `resources` the framework understands. */
  understood(resources: Resources): Resources {
    return this.#understandsAll ? resources : resources.filterKind(this.#understands);
  }
}

export class Client implements RefusalOwner {
  readonly frameworkId: FrameworkId;
  readonly role: string;
  readonly slot: number;
  /** Of the top-level role it is in. */
  readonly quota: RoleQuota;
  /** Unset while only old holdings are known of the framework. */
  framework: Framework | undefined;
  /** The framework has this role now; if not, it still holds something there. */
  subscribed = false;
  suppressed = false;
  era = 0;
  refusals = 0;
  /** Where it holds something. */
  readonly agents = new Set<AgentRow>();
  /** Its leaf in the share tree. */
  readonly node: ShareNode<Client>;
  /** What the framework's offer constraints say of agents, once they were asked. */
  readonly #excluded = new Map<AgentRow, boolean>();

  constructor(
    name: { readonly frameworkId: FrameworkId; readonly role: string },
    slot: number,
    quota: RoleQuota,
    tree: ShareTree<Client>,
  ) {
    this.frameworkId = name.frameworkId;
    this.role = name.role;
    this.slot = slot;
    this.quota = quota;
    this.node = tree.addLeaf(name.role, name.frameworkId, this);
  }

  get wantsOffers(): boolean {
    return this.subscribed && !this.suppressed && this.framework?.active === true;
  }

  /** The framework's offer constraints do not let it have the agent. */
  excludes(agent: AgentRow): boolean {
    const constraints = this.framework?.options.constraints;
    if (constraints === undefined) return false;
    let excluded = this.#excluded.get(agent);
    if (excluded === undefined) {
      excluded = constraints.excludes(this.role, agent.options);
      this.#excluded.set(agent, excluded);
    }
    return excluded;
  }

  /** The constraints, or the agent (all when not given), are not what they were. */
  forgetExclusions(agent?: AgentRow): void {
    if (agent === undefined) this.#excluded.clear();
    else this.#excluded.delete(agent);
  }
}

/** Whether `resources` are something and reach one of the thresholds. */
export function isAllocatable(resources: Resources, thresholds: MinAllocatable): boolean {
  if (resources.isEmpty) return false;
  if (thresholds.length === 0) return true;
  return thresholds.some((threshold) => {
    for (const name in threshold) if (resources.quantityMillis(name) < toMillis(threshold[name]!)) return false;
    return true;
  });
}
