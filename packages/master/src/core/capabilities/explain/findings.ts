/**
 * For one agent: why no task of a framework, or of a size, is launched there now. What the allocator says, joined with what
 * only the master knows: who uses the agent, who holds offers of it, whether it is there at all.
 *
 * Offers come and go all the time, so they are the reason only where it would be launched without them. Where quota, a
 * refusal or a constraint would still stand in the way if they came back, that is the reason.
 */
import type { AgentVerdict, QuotaFacts, RoleExplanation } from '@mesolite/allocator';
import { type AgentId, must } from '@mesolite/base';
import { attributesToV0Json, Resources } from '@mesolite/resources';
import type { AgentRecord } from '../../state/agents.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import type { OfferRecord } from '../../state/offers.ts';
import type { MasterState } from '../../state/state.ts';
import type { Reason } from './reasons.ts';
import { rankOf } from './reasons.ts';
import { distance, type Size, shortage, usable } from './sizes.ts';

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
  /** As things are. */
  readonly verdict?: AgentVerdict | undefined;
  /** What the reason was found in: things as they are, or as they would be if offers came back. */
  readonly judged?: AgentVerdict | undefined;
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
  return framework?.scheduler === undefined ? 'framework-disconnected' : 'framework-inactive';
}

function nearest(asked: Asked, agent: AgentRecord): Finding {
  const [first, ...others] = asked.explanations;
  let best = findingIn(asked, agent, must(first, 'explanation of a role'));
  for (const explanation of others) {
    const other = findingIn(asked, agent, explanation);
    const nearer = rankOf(other.reason) - rankOf(best.reason) || lacks(asked, other) - lacks(asked, best);
    if (nearer < 0) best = other;
  }
  return best;
}

/** How far from fitting. */
export function lacks({ wanted }: Asked, { missing }: Finding): number {
  return missing === undefined ? 0 : distance(missing, wanted);
}

function findingIn(asked: Asked, agent: AgentRecord, explanation: RoleExplanation): Finding {
  const verdict = must(explanation.of(agent.id), `agent ${agent.id} in the allocator`);
  const found: Found = (reason, missing, judged = verdict) => ({
    reason,
    agentId: agent.id,
    hostname: agent.info.hostname,
    agent,
    explanation,
    verdict,
    judged,
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
  const service = serviceReason(asked.state, agent.id);
  if (service !== undefined) return found(service);
  if (!agent.connected) return found('agent-disconnected');
  const offers = asked.state.offers.withIds(agent.offers);
  const own = offers.filter((offer) => isOwn(offer, framework, explanation));
  if (verdict.obstacle === 'not-whitelisted' && own.length === 0) return found('not-whitelisted');
  const back = (some: readonly OfferRecord[]): AgentVerdict =>
    some.length === 0 ? verdict : must(explanation.of(agent.id, some), `agent ${agent.id} in the allocator`);
  const place: Place = { role: explanation.role, isUsed: agent.used.size > 0, offers, own, verdict, back };
  return wanted.size > 0 ? sizedFinding(wanted, place, found) : plainFinding(place, found);
}

/** Why an agent would not be offered if it were there and free. */
function serviceReason({ agents }: MasterState, agentId: AgentId): Reason | undefined {
  const deactivation = agents.deactivated.get(agentId);
  if (deactivation === undefined) return undefined;
  if (deactivation.drain === undefined) return 'agent-deactivated';
  return deactivation.drain.state === 'DRAINED' ? 'agent-drained' : 'agent-draining';
}

/** It is out to the framework, in the role that is looked at. */
export function isOwn(
  { frameworkId, role }: OfferRecord,
  framework: FrameworkRecord | undefined,
  explanation: RoleExplanation | undefined,
): boolean {
  return frameworkId === framework?.id && role === explanation?.role;
}

function hasAttributes({ info }: AgentRecord, wanted: ReadonlyMap<string, string>): boolean {
  if (wanted.size === 0) return true;
  const values = attributesToV0Json(info.attributes ?? []);
  for (const [name, value] of wanted) if (`${values[name] ?? ''}` !== value) return false;
  return true;
}

type Found = (reason: Reason, missing?: Size, judged?: AgentVerdict) => Finding;

/** An agent, as a role sees it. */
interface Place {
  readonly role: string;
  /** Tasks or executors run there. */
  readonly isUsed: boolean;
  readonly offers: readonly OfferRecord[];
  /** Those of them to the framework, in the role. */
  readonly own: readonly OfferRecord[];
  readonly verdict: AgentVerdict;
  /** The verdict if some of the offers came back. */
  back(offers: readonly OfferRecord[]): AgentVerdict;
}

/** Without these an offer is of no use, whatever the size of tasks. */
const ESSENTIAL = ['cpus', 'mem'];

/** Of a framework whose tasks may have any size. */
function plainFinding({ isUsed, offers, own, verdict, back }: Place, found: Found): Finding {
  if (own.length > 0) {
    const together = back(own);
    const offered = sum(own);
    const cut = cutName(together, (name) => offered.scalarMillis(name) === 0);
    return cut === undefined ? found('offered') : found(quotaReason(together.quota(), cut), undefined, together);
  }
  if (!isShort(verdict) && cutName(verdict) === undefined) return found(obstacleReason(verdict.obstacle));
  const all = back(offers);
  const cut = cutName(all);
  if (cut !== undefined) return found(quotaReason(all.quota(), cut), undefined, all);
  if (all.obstacle === undefined) return found('held-by-offers', undefined, all);
  if (all.obstacle === 'nothing-free' || all.obstacle === 'below-minimum')
    return found(isUsed ? 'used-by-tasks' : 'below-minimum', undefined, all);
  return found(obstacleReason(all.obstacle), undefined, all);
}

/** More might be free, or allowed, if offers came back. */
function isShort({ obstacle }: AgentVerdict): boolean {
  switch (obstacle) {
    case 'nothing-free':
    case 'below-minimum':
    case 'reserved-for-others':
    case 'not-understood':
      return true;
    default:
      return isStoppedByQuota(obstacle);
  }
}

function isStoppedByQuota(obstacle: AgentVerdict['obstacle']): boolean {
  return obstacle === 'quota-limit' || obstacle === 'held-back';
}

/** What is there, but quota leaves nothing of it. An offer without cpus, say, is declined, but that is not the reason. */
function cutName({ obstacle, allocatable, offerable }: AgentVerdict, isAsked = (_: string) => true): Size | undefined {
  if (offerable.isEmpty && !isStoppedByQuota(obstacle)) return undefined;
  const cut = ESSENTIAL.find(
    (name) => isAsked(name) && allocatable.scalarMillis(name) > 0 && offerable.scalarMillis(name) === 0,
  );
  return cut === undefined ? undefined : new Map([[cut, 1]]);
}

function sizedFinding(wanted: Size, { role, offers, own, verdict, back }: Place, found: Found): Finding {
  const lacking = (resources: Resources): Size => shortage(wanted, usable(resources));
  const fits = (resources: Resources): boolean => lacking(resources).size === 0;
  if (own.length > 0 && fits(sum(own))) return found('offered');
  if (fits(verdict.offerable) || (fits(verdict.allocatable) && !isCut(verdict)))
    return found(obstacleReason(verdict.obstacle));
  if (own.length > 0) {
    const together = back(own);
    // One offer, or several that it may use together.
    if (fits(together.offerable))
      return found(
        together.obstacle === undefined ? 'offered' : obstacleReason(together.obstacle),
        undefined,
        together,
      );
  }
  // What is offered to it already counts as its own.
  const missing = lacking(sum(own).plus(isCut(verdict) ? verdict.offerable : verdict.allocatable));
  const all = back(offers);
  if (fits(all.offerable))
    return all.obstacle === undefined
      ? found('held-by-offers', missing, all)
      : found(obstacleReason(all.obstacle), undefined, all);
  if (fits(all.allocatable))
    return isCut(all)
      ? found(quotaReason(all.quota(), lacking(all.offerable)), missing, all)
      : found(obstacleReason(all.obstacle), undefined, all);
  if (!fits(all.free)) return found('used-by-tasks', missing, all);
  const isReserved = all.allocatable.equals(all.free.allocatableTo(role));
  return found(isReserved ? 'reserved-for-others' : 'not-understood', missing, all);
}

/** Less than there is, or nothing at all: quota lets the role have no more. */
function isCut({ obstacle, offerable }: AgentVerdict): boolean {
  return !offerable.isEmpty || isStoppedByQuota(obstacle);
}

function sum(offers: readonly OfferRecord[]): Resources {
  return Resources.sum(offers.map(({ resources }) => resources)).unallocate();
}

/** A limit, if one leaves less than is missing; else what others are guaranteed. */
function quotaReason(quota: QuotaFacts, cut: Size): Reason {
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
