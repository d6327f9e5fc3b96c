/**
 * For one agent: why no task of a framework, or of a size, is launched there now. What the allocator says, joined with what
 * only the master knows: who uses the agent, who holds offers of it, whether it is there at all.
 */
import type { AgentVerdict, RoleExplanation } from '@mesolite/allocator';
import { type AgentId, must, type OfferId } from '@mesolite/base';
import { attributesToV0Json, Resources } from '@mesolite/resources';
import type { AgentRecord } from '../../state/agents.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import type { OfferRecord } from '../../state/offers.ts';
import type { MasterState } from '../../state/state.ts';
import type { Reason } from './reasons.ts';
import { rankOf } from './reasons.ts';
import { type Size, shortage, usable } from './sizes.ts';

export interface Asked {
  readonly state: MasterState;
  readonly framework: FrameworkRecord | undefined;
  readonly wanted: Size;
  /** Texts of attributes, by name, that an agent must have. */
  readonly attributes: ReadonlyMap<string, string>;
  /** One for each role that is looked at; at least one. */
  readonly explanations: readonly RoleExplanation[];
}

export interface Finding {
  readonly reason: Reason;
  /** Unset for a machine whose agents are gone. */
  readonly agentId?: AgentId | undefined;
  readonly hostname: string;
  /** Unset while the agent is not registered. */
  readonly agent?: AgentRecord | undefined;
  /** In the role that comes nearest. */
  readonly explanation?: RoleExplanation | undefined;
  readonly verdict?: AgentVerdict | undefined;
  /** What is missing of the wanted size, where that is the reason: of the whole agent, or of what is free. */
  readonly missing?: Size | undefined;
}

/** What something is to be said of: an agent, or a machine whose agents are gone. */
export type Subject = AgentRecord | Pick<Finding, 'reason' | 'agentId' | 'hostname'>;

/** All agents that are registered or awaited, and the machines that are down. */
export function* subjects({ agents, maintenance }: MasterState): Generator<Subject> {
  yield* agents.registered.values();
  for (const [agentId, { hostname }] of agents.recovered) yield { reason: 'agent-awaited', agentId, hostname };
  for (const { id, mode } of maintenance.plan.machines.values())
    if (mode === 'DOWN') yield { reason: 'machine-down', hostname: id.hostname ?? id.ip ?? '' };
}

export function findingOf(asked: Asked, subject: Subject): Finding {
  return 'reason' in subject ? subject : nearest(asked, subject);
}

/** What keeps every agent from the framework in all roles that were looked at. */
export function commonReason({ framework, explanations }: Asked): Reason | undefined {
  const reasons = explanations.map((explanation) => roleReason(framework, explanation));
  return reasons.reduce((a, b) => (a === undefined || b === undefined ? undefined : rankOf(a) < rankOf(b) ? a : b));
}

export function roleReason(
  framework: FrameworkRecord | undefined,
  { obstacle }: RoleExplanation,
): Exclude<Reason, 'too-small'> | undefined {
  if (obstacle !== 'framework-inactive') return obstacle;
  return framework?.stream === undefined ? 'framework-disconnected' : 'framework-inactive';
}

function nearest(asked: Asked, agent: AgentRecord): Finding {
  const [first, ...others] = asked.explanations;
  let best = findingIn(asked, agent, must(first, 'explanation of a role'));
  for (const explanation of others) {
    const other = findingIn(asked, agent, explanation);
    if (rankOf(other.reason) < rankOf(best.reason)) best = other;
  }
  return best;
}

function findingIn(asked: Asked, agent: AgentRecord, explanation: RoleExplanation): Finding {
  const verdict = must(explanation.of(agent.id), `agent ${agent.id} in the allocator`);
  const found = (reason: Reason, missing?: Size): Finding => ({
    reason,
    agentId: agent.id,
    hostname: agent.info.hostname,
    agent,
    explanation,
    verdict,
    missing,
  });
  const { wanted, framework } = asked;
  if (!hasAttributes(agent, asked.attributes)) return found('lacks-attributes');
  if (wanted.size > 0) {
    const whole = usable(agent.total);
    const ofWhole = shortage(wanted, whole);
    if (ofWhole.size > 0) return found('too-small', ofWhole);
    const ofRole = shortage(wanted, whole.allocatableTo(explanation.role));
    if (ofRole.size > 0) return found('reserved-for-others', ofRole);
  }
  const common = roleReason(framework, explanation);
  if (common !== undefined) return found(common);
  if (!agent.connected) return found('agent-disconnected');
  if (verdict.obstacle === 'agent-inactive') return found('agent-deactivated');
  const holds = offersOn(asked.state, agent).some(({ frameworkId }) => frameworkId === framework?.id);
  if (verdict.obstacle === 'not-whitelisted' && !holds) return found('not-whitelisted');
  return wanted.size > 0
    ? sizedFinding(asked, agent, explanation.role, verdict, found, explanation)
    : plainFinding(asked, agent, verdict, found, explanation);
}

function hasAttributes({ info }: AgentRecord, wanted: ReadonlyMap<string, string>): boolean {
  if (wanted.size === 0) return true;
  const values = attributesToV0Json(info.attributes ?? []);
  for (const [name, value] of wanted) if (`${values[name] ?? ''}` !== value) return false;
  return true;
}

type Found = (reason: Reason, missing?: Size) => Finding;

/** Of a framework whose tasks may have any size. */
function plainFinding(
  { state, framework }: Asked,
  agent: AgentRecord,
  { obstacle, allocatable, offerable }: AgentVerdict,
  found: Found,
  explanation: RoleExplanation,
): Finding {
  const offers = offersOn(state, agent);
  if (framework !== undefined && offers.some(({ frameworkId }) => frameworkId === framework.id))
    return found('offered');
  if (obstacle === 'nothing-free' || obstacle === 'below-minimum') {
    if (offers.length > 0) return found('held-by-offers');
    return found(agent.used.size > 0 ? 'used-by-tasks' : 'below-minimum');
  }
  // An offer without cpus, say, is one nobody can use: it is declined, but that is not the reason.
  const cut = offerable.isEmpty
    ? undefined
    : ['cpus', 'mem'].find((name) => allocatable.scalarMillis(name) > 0 && offerable.scalarMillis(name) === 0);
  if (cut !== undefined) return found(quotaReason(explanation, new Map([[cut, 1]])));
  return found(obstacleReason(obstacle));
}

function sizedFinding(
  { state, framework, wanted }: Asked,
  agent: AgentRecord,
  role: string,
  { obstacle, allocatable, offerable, free }: AgentVerdict,
  found: Found,
  explanation: RoleExplanation,
): Finding {
  const offers = offersOn(state, agent);
  const fits = (resources: Resources): boolean => shortage(wanted, usable(resources)).size === 0;
  const sum = (some: readonly OfferRecord[]): Resources =>
    Resources.sum(some.map(({ resources }) => resources)).unallocate();
  const own = framework === undefined ? [] : offers.filter(({ frameworkId }) => frameworkId === framework.id);
  if (own.length > 0 && fits(sum(own))) return found('offered');
  if (shortage(wanted, usable(allocatable)).size > 0) {
    // What is offered to it already counts as its own.
    const missing = shortage(wanted, usable(sum(own).plus(allocatable)));
    if (fits(free))
      return found(allocatable.equals(free.allocatableTo(role)) ? 'reserved-for-others' : 'not-understood', missing);
    if (missing.size === 0) return found('offered');
    const withOffers = sum(offers).allocatableTo(role).plus(allocatable);
    return found(fits(withOffers) ? 'held-by-offers' : 'used-by-tasks', missing);
  }
  const cut = shortage(wanted, usable(offerable));
  // Less than asked for, or nothing at all: quota lets nobody have more.
  if (cut.size > 0 && (!offerable.isEmpty || obstacle === 'quota-limit' || obstacle === 'held-back'))
    return found(quotaReason(explanation, cut), cut);
  return found(obstacleReason(obstacle));
}

/** A limit, if one leaves less than is missing; else what others are guaranteed. */
function quotaReason({ quota }: RoleExplanation, cut: Size): Reason {
  for (const name of cut.keys()) {
    const left = quota.left.get(name);
    const surplus = quota.surplus?.get(name) ?? Number.POSITIVE_INFINITY;
    if (left !== undefined && left <= surplus) return 'quota-limit';
  }
  return 'held-back';
}

function obstacleReason(obstacle: AgentVerdict['obstacle']): Reason {
  switch (obstacle) {
    case undefined:
      return 'waits-its-turn';
    case 'agent-inactive':
      return 'agent-deactivated';
    case 'nothing-free':
      return 'used-by-tasks';
    default:
      return obstacle;
  }
}

export function offersOn(state: MasterState, agent: AgentRecord): OfferRecord[] {
  return [...agent.offers].flatMap((id: OfferId) => state.offers.get(id) ?? []);
}
