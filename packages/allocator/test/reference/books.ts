/**
 * What the reference allocator knows of a cluster, in the plainest form: lists of who is there, who holds what, who
 * refused what. Everything else is reckoned from them anew. Sums are remembered until the next change, only to be quick.
 */
import { Resources } from '@mesolite/resources';
import type { Attribute, InverseOfferStatus, SchedulerOfferConstraints, Unavailability } from '@mesolite/wire';

export type Quantities = Readonly<Record<string, number>>;

export interface ReferenceFramework {
  readonly id: string;
  roles: readonly string[];
  suppressed: Set<string>;
  active: boolean;
  capabilities: ReadonlySet<string>;
  minAllocatable?: ReadonlyMap<string, readonly Quantities[]> | undefined;
  constraints?: SchedulerOfferConstraints | undefined;
}

export interface Maintenance {
  readonly unavailability: Unavailability;
  /** Frameworks that have an inverse offer they have not answered. */
  readonly outstanding: Set<string>;
  readonly statuses: Map<string, InverseOfferStatus>;
}

export interface ReferenceAgent {
  readonly id: string;
  hostname: string;
  total: Resources;
  active: boolean;
  capabilities: ReadonlySet<string>;
  attributes: readonly Attribute[];
  region?: string | undefined;
  zone?: string | undefined;
  maintenance?: Maintenance | undefined;
}

/** What a framework has of an agent for a role, offered or in use; not marked as allocated. */
export interface Holding {
  readonly frameworkId: string;
  readonly role: string;
  readonly agentId: string;
  readonly resources: Resources;
}

export interface ReferenceQuota {
  readonly guarantees: Quantities;
  readonly limits: Quantities;
}

export class Books {
  readonly frameworks = new Map<string, ReferenceFramework>();
  readonly agents = new Map<string, ReferenceAgent>();
  readonly quotas = new Map<string, ReferenceQuota>();
  readonly weights = new Map<string, number>();
  whitelist: ReadonlySet<string> | undefined;
  #holdings: Holding[] = [];
  #remembered = new Map<string, unknown>();

  get holdings(): readonly Holding[] {
    return this.#holdings;
  }

  /** Whatever was reckoned from the books is out of date. */
  changed(): void {
    this.#remembered = new Map();
  }

  remember<T>(name: string, reckon: () => T): T {
    if (!this.#remembered.has(name)) this.#remembered.set(name, reckon());
    return this.#remembered.get(name) as T;
  }

  held(frameworkId: string, role: string, agentId: string): Resources {
    return this.#holdings.find((one) => isSame(one, { frameworkId, role, agentId }))?.resources ?? Resources.empty;
  }

  setHeld(frameworkId: string, role: string, agentId: string, resources: Resources): void {
    const holding = { frameworkId, role, agentId, resources };
    const index = this.#holdings.findIndex((one) => isSame(one, holding));
    if (index >= 0) this.#holdings.splice(index, 1, ...(resources.isEmpty ? [] : [holding]));
    else if (!resources.isEmpty) this.#holdings.push(holding);
    this.changed();
  }

  forget(gone: (holding: Holding) => boolean): void {
    this.#holdings = this.#holdings.filter((holding) => !gone(holding));
    this.changed();
  }

  /** Kernel 5.6: shared volumes are there for everybody; of all else, what nobody holds. */
  availableOn(agent: ReferenceAgent): Resources {
    return this.remember(`available ${agent.id}`, () =>
      agent.total.nonShared().minus(this.heldOn(agent)).plus(agent.total.shared()),
    );
  }

  /** What anybody holds of an agent, shared volumes apart. */
  heldOn({ id }: ReferenceAgent): Resources {
    const held = this.#holdings.filter(({ agentId }) => agentId === id);
    return Resources.sum(held.map(({ resources }) => resources.nonShared()));
  }

  /**
   * Kernel 6.3: a framework is tracked under the roles it is subscribed to and those it still has resources of. Also one
   * that is known only by what it holds, as after a failover.
   */
  tracked(): readonly { readonly frameworkId: string; readonly role: string }[] {
    return this.remember('tracked', () => {
      const found = new Map<string, { frameworkId: string; role: string }>();
      const track = (frameworkId: string, role: string): void => {
        found.set(`${role} ${frameworkId}`, { frameworkId, role });
      };
      for (const { id, roles } of this.frameworks.values()) for (const role of roles) track(id, role);
      for (const { frameworkId, role } of this.#holdings) track(frameworkId, role);
      return [...found.values()];
    });
  }

  /** Kernel 6.2: a framework that is inactive, or has suppressed the role, takes no part there. */
  wants(frameworkId: string, role: string): boolean {
    const framework = this.frameworks.get(frameworkId);
    return framework?.active === true && framework.roles.includes(role) && !framework.suppressed.has(role);
  }

  /** Whether any framework wants anything. */
  somebodyWants(): boolean {
    return this.tracked().some(({ frameworkId, role }) => this.wants(frameworkId, role));
  }
}

/** Whether `role` is `root` or below it. */
export function isWithin(role: string, root: string): boolean {
  return role === root || role.startsWith(`${root}/`);
}

/** Kernel 5.1: thousandths of each scalar; of shared volumes one, however many hold it (5.6, 6.3). */
export function scalarMillis(resources: Resources): Map<string, number> {
  const sums = new Map<string, number>();
  resources.forEachScalar((name, millis) => sums.set(name, (sums.get(name) ?? 0) + millis));
  return sums;
}

export function addAll(sums: Map<string, number>, more: ReadonlyMap<string, number>, sign = 1): Map<string, number> {
  for (const [name, millis] of more) sums.set(name, (sums.get(name) ?? 0) + sign * millis);
  return sums;
}

function isSame(holding: Holding, other: Omit<Holding, 'resources'>): boolean {
  return holding.agentId === other.agentId && holding.frameworkId === other.frameworkId && holding.role === other.role;
}
