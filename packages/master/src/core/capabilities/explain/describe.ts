/** Findings in words: one line for an agent, one for the whole answer. Times are told as they are on the master's clock. */
import { utcText } from '@mesolite/base';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import type { MasterState } from '../../state/state.ts';
import type { Now } from '../../time.ts';
import { type Asked, type Finding, isOwn } from './findings.ts';
import { meaningOf, type Reason } from './reasons.ts';
import { resourcesText, sizeText, unitsOf } from './sizes.ts';

/** Holders and users named of one agent. */
export const LISTED = 5;

export function wallOf(monotonicMs: number, now: Now): number {
  return now.wallMs + (monotonicMs - now.monotonicMs);
}

export function frameworkName(state: MasterState, id: FrameworkRecord['id']): string {
  return state.frameworks.registered.get(id)?.info.name ?? '';
}

/** Why this agent, for the first line of its kind. */
export function findingText(asked: Asked, now: Now, finding: Finding): string {
  const { reason, missing } = finding;
  const text = reasonText(asked, now, finding);
  if (missing === undefined || missing.size === 0 || reason === 'quota-limit' || reason === 'held-back') return text;
  return `${text}; missing ${sizeText(Object.entries(unitsOf(missing)))}`;
}

function reasonText(asked: Asked, now: Now, finding: Finding): string {
  const { state, wanted, framework } = asked;
  const { reason, agent, verdict, judged } = finding;
  switch (reason) {
    case 'waits-its-turn':
      return verdict === undefined
        ? ''
        : `${framework === undefined ? 'has room' : 'would be offered'}: ${resourcesText(verdict.offerable)}`;
    case 'offered':
    case 'held-by-offers':
      return holdersText(asked, now, finding);
    case 'refused':
      return refusalText(asked, now, finding);
    case 'quota-limit':
      return limitText(finding);
    case 'held-back': {
      const unmet = judged?.quota().unmet ?? [];
      const whose = unmet.map(({ role, missing }) => `role ${role}, which lacks ${sizeText(missing)}`).join('; ');
      return `held back for ${whose || 'other roles'}`;
    }
    case 'used-by-tasks':
      return agent === undefined ? '' : `used by ${usersText(state, agent)}`;
    case 'below-minimum':
      return `${judged === undefined ? 'nothing' : resourcesText(judged.allocatable)} free`;
    case 'reserved-for-others':
      return `reserved for ${othersOf(finding).join(', ')}`;
    case 'too-small':
      return `has ${agent === undefined ? 'nothing' : resourcesText(agent.total, wanted)}`;
    case 'lacks-attributes':
      return `lacks ${[...asked.attributes].map(([name, value]) => `${name}:${value}`).join(', ')}`;
    case 'other-region':
      return `in region ${agent?.info.domain?.fault_domain?.region.name ?? ''}`;
    default:
      return meaningOf(reason).what;
  }
}

/** Whose reservations stand in the way: of what is free, or, where a size is missing, of all there is. */
function othersOf({ agent, explanation, judged, missing }: Finding): readonly string[] {
  if (missing === undefined && judged?.reservedFor !== undefined) return judged.reservedFor;
  if (agent === undefined || explanation === undefined) return [];
  return [...agent.total.minus(agent.total.allocatableTo(explanation.role)).reservedByRole().keys()];
}

/** What is left, with what came back of offers if that was reckoned with. */
function limitText({ explanation, judged }: Finding): string {
  const left = sizeText(judged?.quota().left ?? []);
  const text = `role ${explanation?.quota.role} may still get ${left} within its limit`;
  return left === sizeText(explanation?.quota.left ?? []) ? text : `${text}, with what is in offers of this agent`;
}

function holdersText({ state, framework }: Asked, now: Now, { agent, reason, explanation }: Finding): string {
  const offers = agent === undefined ? [] : state.offers.withIds(agent.offers);
  const meant = offers.filter((offer) => isOwn(offer, framework, explanation) === (reason === 'offered'));
  const [first] = meant;
  if (first === undefined) return '';
  const since = `since ${utcText(wallOf(first.sentMonotonicMs, now))} (${ageSeconds(first.sentMonotonicMs, now)} s)`;
  const more = meant.length > 1 ? `, and ${meant.length - 1} more` : '';
  if (reason === 'offered')
    return `offer ${first.id} is out to it ${since} with ${resourcesText(first.resources)}${more}`;
  const name = frameworkName(state, first.frameworkId);
  const role = first.frameworkId === framework?.id ? ` in role ${first.role}` : '';
  return `held by offer ${first.id} to framework ${name} (${first.frameworkId})${role} ${since}${more}`;
}

export function ageSeconds(sinceMonotonicMs: number, now: Now): number {
  return Math.max(0, Math.round((now.monotonicMs - sinceMonotonicMs) / 1000));
}

function refusalText(asked: Asked, now: Now, finding: Finding): string {
  const refusal = finding.judged?.refusal;
  if (refusal === undefined) return '';
  const until = `filtered until ${utcText(wallOf(refusal.untilMs, now))}`;
  const decline = declineOf(asked, finding);
  if (decline === undefined) return `${until} by an earlier decline`;
  const what = decline.by === 'DECLINE' ? 'its decline of' : 'what it left of';
  return `${until} by ${what} offer ${decline.offerId} at ${utcText(decline.wallMs)} (refuse_seconds ${decline.refuseMs / 1000})`;
}

/** What the refusal goes back to, if it is remembered. */
export function declineOf({ state, framework }: Asked, { agentId, explanation, judged }: Finding) {
  if (framework === undefined || agentId === undefined || explanation === undefined || judged?.refusal === undefined)
    return undefined;
  return state.declines.find(agentId, framework.id, explanation.role, judged.refusal.untilMs);
}

function usersText(state: MasterState, agent: NonNullable<Finding['agent']>): string {
  const users = [...agent.used].slice(0, LISTED).map(([id, resources]) => {
    const tasks = agent.tasks.get(id)?.size ?? 0;
    return `${frameworkName(state, id)} (${tasks} ${tasks === 1 ? 'task' : 'tasks'}: ${resourcesText(resources)})`;
  });
  const more = agent.used.size > LISTED ? `, and ${agent.used.size - LISTED} more` : '';
  return users.length === 0 ? 'nobody the master knows' : `${users.join(', ')}${more}`;
}

/** What keeps a framework from all agents, as the end of "Not running because …". */
export function commonText(asked: Asked, now: Now, reason: Reason): string {
  const { framework, explanations } = asked;
  const roles = explanations.map(({ role }) => role).join(', ');
  switch (reason) {
    case 'framework-disconnected': {
      const ends = framework?.failoverAtMs;
      const until = ends === undefined ? '' : `; it is removed at ${utcText(wallOf(ends, now))} unless it comes back`;
      return `its scheduler is disconnected${until}`;
    }
    case 'framework-inactive':
      return 'the framework is inactive';
    case 'role-suppressed': {
      const held = framework?.offers.size ?? 0;
      const still = held === 0 ? '' : `; it still holds ${held} ${held === 1 ? 'offer' : 'offers'}`;
      return `it has suppressed offers for role ${roles}${still}`;
    }
    case 'role-not-subscribed':
      return `it does not have the role ${roles}; its roles are ${framework?.roles.join(', ') || 'none'}`;
    case 'awaiting-agents': {
      const awaited = explanations[0]?.awaited;
      return (
        `the master offers nothing until ${awaited?.agents ?? 0} agents are back, or until ` +
        `${awaited === undefined ? '-' : utcText(wallOf(awaited.untilMs, now))}: quota must hold after a failover`
      );
    }
    default:
      return meaningOf(reason).what;
  }
}
