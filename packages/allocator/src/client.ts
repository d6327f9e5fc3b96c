/** A framework as the allocator knows it, and a client: one framework in one role, the unit that is served. */
import type { FrameworkId } from '@mesolite/base';
import type { Resources } from '@mesolite/resources';
import type { AgentRow } from './agent-row.ts';
import type { FrameworkOptions, MinAllocatable } from './allocator.ts';
import type { RefusalOwner } from './refusals.ts';
import type { ShareNode, ShareTree } from './share-tree.ts';

export class Framework {
  readonly id: FrameworkId;
  active: boolean;
  options: FrameworkOptions;

  constructor(id: FrameworkId, options: FrameworkOptions, active: boolean) {
    this.id = id;
    this.options = options;
    this.active = active;
  }

  /** The part of `resources` the framework understands. */
  understood(resources: Resources): Resources {
    const { capabilities } = this.options;
    const shared = capabilities.has('SHARED_RESOURCES');
    const revocable = capabilities.has('REVOCABLE_RESOURCES');
    const refined = capabilities.has('RESERVATION_REFINEMENT');
    if (shared && revocable && refined) return resources;
    return resources.filterKind(
      (kind) =>
        (shared || !kind.shared) &&
        (revocable || !kind.revocable) &&
        (refined || (kind.template.reservations?.length ?? 0) <= 1),
    );
  }
}

export class Client implements RefusalOwner {
  readonly frameworkId: FrameworkId;
  readonly role: string;
  readonly slot: number;
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

  constructor(frameworkId: FrameworkId, role: string, slot: number, tree: ShareTree<Client>) {
    this.frameworkId = frameworkId;
    this.role = role;
    this.slot = slot;
    this.node = tree.addLeaf(role, frameworkId, this);
  }

  get wantsOffers(): boolean {
    return this.subscribed && !this.suppressed && this.framework?.active === true;
  }

  /** Refusals on all agents are void from now on. */
  dropRefusals(): void {
    this.era++;
    this.refusals = 0;
  }
}

/** Whether `resources` are something and reach one of the thresholds. */
export function isAllocatable(resources: Resources, thresholds: MinAllocatable): boolean {
  if (resources.isEmpty) return false;
  if (thresholds.length === 0) return true;
  return thresholds.some((threshold) => {
    for (const name in threshold) if (resources.quantityMillis(name) < threshold[name]! * 1000) return false;
    return true;
  });
}
