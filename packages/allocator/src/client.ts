/** A framework as the allocator knows it, and a client: one framework in one role, the unit that is served. */
import { type FrameworkId, toMillis } from '@mesolite/base';
import type { Kind, Resources } from '@mesolite/resources';
import type { AgentRow } from './agent-row.ts';
import type { FrameworkOptions, MinAllocatable } from './allocator.ts';
import type { RoleQuota } from './quota-book.ts';
import type { ShareNode, ShareTree } from './share-tree.ts';

/** Amounts worth offering, as lists of names with thousandths: one list must be met in full. */
export type Thresholds = readonly (readonly (readonly [name: string, millis: number])[])[];

export function thresholdsOf(amounts: MinAllocatable): Thresholds {
  return amounts.map((one) => Object.entries(one).map(([name, units]) => [name, toMillis(units)] as const));
}

export class Framework {
  readonly id: FrameworkId;
  active: boolean;
  readonly options: FrameworkOptions;
  /** Its own, by role. */
  readonly thresholds: ReadonlyMap<string, Thresholds>;
  readonly knowsGpus: boolean;
  readonly knowsRegions: boolean;
  readonly hasManyRoles: boolean;
  readonly #understands: (kind: Kind) => boolean;
  readonly #understandsAll: boolean;

  constructor(id: FrameworkId, options: FrameworkOptions, active: boolean) {
    this.id = id;
    this.options = options;
    this.active = active;
    this.thresholds = new Map([...(options.minAllocatable ?? [])].map(([role, all]) => [role, thresholdsOf(all)]));
    const { capabilities } = options;
    const shared = capabilities.has('SHARED_RESOURCES');
    const revocable = capabilities.has('REVOCABLE_RESOURCES');
    const refined = capabilities.has('RESERVATION_REFINEMENT');
    this.knowsGpus = capabilities.has('GPU_RESOURCES');
    this.knowsRegions = capabilities.has('REGION_AWARE');
    this.hasManyRoles = capabilities.has('MULTI_ROLE');
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

export class Client {
  readonly frameworkId: FrameworkId;
  readonly role: string;
  /** A small number that no other client has now. */
  readonly slot: number;
  /** Of the top-level role it is in. */
  readonly quota: RoleQuota;
  /** Unset while only old holdings are known of the framework. */
  framework: Framework | undefined;
  /** The framework has this role now; if not, it still holds something there. */
  subscribed = false;
  suppressed = false;
  /** Where it holds something. */
  readonly agents = new Set<AgentRow>();
  /** Its leaf in the share tree. */
  readonly node: ShareNode<Client>;
  /** What the framework's offer constraints say of agents, by their slot. One byte a pair: there are millions. */
  #judgements: Uint8Array | undefined;

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

  /** Units of work that asking {@link excludes} takes: none when it was asked before. */
  judgingUnits(agent: AgentRow): number {
    const constraints = this.framework?.options.constraints;
    return constraints === undefined || this.#judgement(agent) !== UNJUDGED ? 0 : constraints.size(this.role);
  }

  /** The framework's offer constraints do not let it have the agent. */
  excludes(agent: AgentRow): boolean {
    const constraints = this.framework?.options.constraints;
    if (constraints === undefined) return false;
    const known = this.#judgement(agent);
    if (known !== UNJUDGED) return known === EXCLUDED;
    const excluded = constraints.excludes(this.role, agent.options);
    this.#judge(agent, excluded ? EXCLUDED : ADMITTED);
    return excluded;
  }

  /** The constraints, or the agent (all when not given), are not what they were. */
  forgetExclusions(agent?: AgentRow): void {
    if (agent === undefined) this.#judgements = undefined;
    else if (this.#judgement(agent) !== UNJUDGED) this.#judge(agent, UNJUDGED);
  }

  #judgement(agent: AgentRow): number {
    return this.#judgements?.[agent.slot] ?? UNJUDGED;
  }

  #judge(agent: AgentRow, judgement: number): void {
    const before = this.#judgements;
    if (before === undefined || before.length <= agent.slot) {
      this.#judgements = new Uint8Array(Math.max(SMALLEST_JUDGED, 2 * agent.slot));
      if (before !== undefined) this.#judgements.set(before);
    }
    this.#judgements![agent.slot] = judgement;
  }
}

const UNJUDGED = 0;
const ADMITTED = 1;
const EXCLUDED = 2;
const SMALLEST_JUDGED = 16;

/** Whether `resources` are something and reach one of the thresholds. */
export function isAllocatable(resources: Resources, thresholds: Thresholds): boolean {
  if (resources.isEmpty) return false;
  if (thresholds.length === 0) return true;
  for (const threshold of thresholds) if (meets(resources, threshold)) return true;
  return false;
}

function meets(resources: Resources, threshold: Thresholds[number]): boolean {
  for (const [name, millis] of threshold) if (resources.quantityMillis(name) < millis) return false;
  return true;
}
