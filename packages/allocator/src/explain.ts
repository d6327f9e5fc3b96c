/**
 * Why an agent is not offered to a framework in a role right now: one of the rules of a cycle that says no, of several
 * the one farthest from an offer. A cycle asks for refusals before capabilities and constraints, since most often they
 * are what says no; here they come last, since they pass by themselves. Changes nothing and hands nothing out.
 */
import type { AgentId, FrameworkId } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type { AgentRow } from './agent-row.ts';
import type { CycleBooks } from './allocation-cycle.ts';
import { type Client, type Framework, isAllocatable } from './client.ts';
import type { Clients } from './clients.ts';
import type { QuotaBook, RoleQuota } from './quota-book.ts';
import type { RecoveryWait } from './recovery-wait.ts';
import type { RefusalFacts } from './refusal-book.ts';
import {
  guaranteedPart,
  knowsRole,
  type Unreceivable,
  unreceivable,
  withinLimits,
  withinQuota,
} from './serving-rules.ts';
import type { ShareTree } from './share-tree.ts';

/** Of those who come before, at most so many are named; the same for roles with unmet guarantees. */
const LISTED = 5;

/** What keeps every agent from a framework in a role. */
export type RoleObstacle = 'awaiting-agents' | 'framework-inactive' | 'role-not-subscribed' | 'role-suppressed';

/** Why an agent is offered to nobody. */
export type AgentBar = 'agent-inactive' | 'not-whitelisted';

/** What keeps one agent from a framework in a role. */
export type AgentObstacle =
  | AgentBar
  | 'nothing-free'
  | 'below-minimum'
  | 'no-hierarchical-role'
  | 'reserved-for-others'
  | 'not-understood'
  | 'quota-limit'
  | 'held-back'
  | Unreceivable
  | 'excluded-by-constraint'
  | 'refused';

export interface AgentVerdict {
  /** The first rule here that says no; none: it is offered when the framework's turn comes. */
  readonly obstacle?: AgentObstacle | undefined;
  /** What nobody holds, whatever it is reserved for. Without allocation, as all here. */
  readonly free: Resources;
  /** What of it the framework may have in the role, quota apart. */
  readonly allocatable: Resources;
  /** What a cycle would offer of that: less than `allocatable` where quota cuts it. */
  readonly offerable: Resources;
  /** Roles that hold reservations on what is free. Only with `reserved-for-others`. */
  readonly reservedFor?: readonly string[] | undefined;
  /** Only with `refused`. */
  readonly refusal?: RefusalFacts | undefined;
  /** The quota it was judged by. */
  quota(): QuotaFacts;
}

export interface QuotaFacts {
  /** The top-level role that quota is for. */
  readonly role: string;
  /** Units that may still be had, of each name that has a limit. */
  readonly left: ReadonlyMap<string, number>;
  /** Units that are free in the cluster and not held back for guarantees, by name; set while something is held back. */
  readonly surplus?: ReadonlyMap<string, number> | undefined;
  /** Roles whose guarantees are not reached, with what is missing, in units; the first few. */
  readonly unmet: readonly { readonly role: string; readonly missing: ReadonlyMap<string, number> }[];
}

/** What is held of an agent under a role. */
export interface Held {
  readonly role: string;
  readonly resources: Resources;
}

export interface RoleExplanation {
  readonly role: string;
  readonly obstacle?: RoleObstacle | undefined;
  /** With `awaiting-agents`: how many must be back, or when it is over at the latest (on the allocator's clock). */
  readonly awaited?: { readonly agents: number; readonly untilMs: number } | undefined;
  readonly quota: QuotaFacts;
  /** Dominant share of the role, over its weight. */
  readonly roleShare: number;
  /** Of the framework within the role. */
  readonly share?: number | undefined;
  /** Who is asked before it as things stand: how many, and the first few. Unset without a framework, or where turns are drawn. */
  readonly ahead?:
    | {
        readonly count: number;
        readonly first: readonly { readonly frameworkId: FrameworkId; readonly role: string; readonly share: number }[];
      }
    | undefined;
  /**
   * Nothing for an agent the allocator does not know. With `back`: as it would be if that, held of the agent now, came
   * back. So one can tell what only offers stand in the way of from what would not be had without them either.
   */
  of(agentId: AgentId, back?: readonly Held[]): AgentVerdict | undefined;
  /** The framework's offer constraints for the role keep it from the agent, whatever else does. */
  excludes(agentId: AgentId): boolean;
}

/** What is read for an explanation. */
export interface ExplainedBooks extends CycleBooks {
  readonly agents: ReadonlyMap<AgentId, AgentRow>;
  readonly clients: Clients;
  readonly tree: ShareTree<Client>;
  readonly wait: RecoveryWait;
  bar(agent: AgentRow): AgentBar | undefined;
}

/** For whom: a framework in a role, or a role alone, when rules that ask for the framework are left out. */
interface Asking {
  readonly role: string;
  readonly quota: RoleQuota;
  readonly framework: Framework | undefined;
  /** Set when the framework has, or had, the role. */
  readonly client: Client | undefined;
  readonly nowMs: number;
}

export function explainRole(
  books: ExplainedBooks,
  { role, id, nowMs }: { readonly role: string; readonly id: FrameworkId | undefined; readonly nowMs: number },
): RoleExplanation | undefined {
  const { quotas, clients, tree } = books;
  const framework = id === undefined ? undefined : clients.frameworks.get(id);
  if (id !== undefined && framework === undefined) return undefined;
  const client = id === undefined ? undefined : clients.get(id, role);
  const quota = client?.quota ?? quotas.view(role);
  const asking: Asking = { role, quota, framework, client, nowMs };
  const awaited = books.wait.awaitedAt(nowMs);
  tree.refresh();
  const ahead = client?.wantsOffers === true ? books.order.ahead(client, LISTED) : undefined;
  return {
    role,
    obstacle: awaited === undefined ? roleObstacle(asking) : 'awaiting-agents',
    awaited,
    quota: quotaFacts(quotas, quota),
    roleShare: tree.role(role)?.share ?? 0,
    share: client?.node.share,
    ahead: ahead && {
      count: ahead.count,
      first: ahead.first.map((one) => ({ frameworkId: one.frameworkId, role: one.role, share: one.node.share })),
    },
    of: (agentId, back = []) => {
      const agent = books.agents.get(agentId);
      return agent && verdictOf(books, asking, agent, back);
    },
    excludes: (agentId) => {
      const agent = books.agents.get(agentId);
      return agent !== undefined && client?.excludes(agent) === true;
    },
  };
}

function roleObstacle({ framework, client }: Asking): RoleObstacle | undefined {
  if (framework === undefined) return undefined;
  if (!framework.active) return 'framework-inactive';
  if (client?.subscribed !== true) return 'role-not-subscribed';
  return client.suppressed ? 'role-suppressed' : undefined;
}

function quotaFacts(quotas: QuotaBook, quota: RoleQuota): QuotaFacts {
  return {
    role: quota.role,
    left: quotas.leftUnits(quota),
    surplus: quotas.holdsBack ? quotas.surplusUnits() : undefined,
    unmet: quotas.unmet(LISTED),
  };
}

function verdictOf(books: ExplainedBooks, asking: Asking, agent: AgentRow, back: readonly Held[]): AgentVerdict {
  const { role, framework, client, nowMs } = asking;
  const quotas = back.length === 0 ? books.quotas : books.quotas.ifBack(back);
  const quota = back.length === 0 ? asking.quota : quotas.view(role);
  const rules = { quotas, names: books.names };
  const free =
    back.length === 0 ? agent.available : agent.availableIfBack(Resources.sum(back.map(({ resources }) => resources)));
  const mine = agent.hasReserved ? free.allocatableTo(role) : free;
  const allocatable = framework === undefined || !agent.hasSpecial ? mine : framework.understood(mine);
  const facts = { free, allocatable, quota: () => quotaFacts(quotas, quota) };
  const stopped = (obstacle: AgentObstacle, more: Partial<AgentVerdict> = {}): AgentVerdict => ({
    ...facts,
    obstacle,
    offerable: Resources.empty,
    ...more,
  });
  const threshold = framework?.thresholds.get(role) ?? books.thresholds;
  const isWorthIt = (resources: Resources): boolean => isAllocatable(resources, threshold);

  const bar = books.bar(agent);
  if (bar !== undefined) return stopped(bar);
  if (free.isEmpty) return stopped('nothing-free');
  if (!knowsRole(agent, role)) return stopped('no-hierarchical-role');
  // Less and less is left; the step at which it is not worth an offer any more is the reason.
  if (!isWorthIt(free)) return stopped('below-minimum');
  if (!isWorthIt(mine))
    return stopped('reserved-for-others', { reservedFor: [...free.minus(mine).reservedByRole().keys()] });
  if (!isWorthIt(allocatable)) return stopped('not-understood');
  const portions = [withinQuota(rules, allocatable, quota)];
  // Guarantees are served first, and are those of the top-level role alone.
  if (quota.unmet && quota.role === role) portions.unshift(guaranteedPart(rules, allocatable, quota));
  const offers = portions.filter(isWorthIt);
  const [offerable] = offers;
  if (offerable === undefined)
    return stopped(isWorthIt(withinLimits(rules, allocatable, quota)) ? 'held-back' : 'quota-limit');
  if (framework === undefined) return { ...facts, offerable };
  const withheld = unreceivable(framework, agent, books.options);
  if (withheld !== undefined) return stopped(withheld, { offerable });
  if (client === undefined) return { ...facts, offerable };
  if (client.excludes(agent)) return stopped('excluded-by-constraint', { offerable });
  let refusal: RefusalFacts | undefined;
  for (const offer of offers) {
    const refused = agent.refusals.refusalOf(client.slot, offer, nowMs);
    if (refused === undefined) return { ...facts, offerable: offer };
    refusal = refused;
  }
  return stopped('refused', { offerable, refusal });
}
