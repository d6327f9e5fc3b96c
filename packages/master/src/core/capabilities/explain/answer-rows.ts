/** Parts of the answer as JSON: a role, an agent. Times in seconds since 1970, ages in seconds, mem and disk in MiB. */
import type { RoleExplanation } from '@mesolite/allocator';
import type { AgentRecord } from '../../state/agents.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import type { OfferRecord } from '../../state/offers.ts';
import type { MasterState } from '../../state/state.ts';
import type { Now } from '../../time.ts';
import { ageSeconds, declineOf, findingText, frameworkName, LISTED, wallOf } from './describe.ts';
import { type Asked, type Finding, roleReason } from './findings.ts';
import { unitsOf } from './sizes.ts';

type Row = Record<string, unknown>;

export function roleRow(
  state: MasterState,
  now: Now,
  framework: FrameworkRecord | undefined,
  explanation: RoleExplanation,
): Row {
  const { role, awaited, quota, roleShare, share, ahead } = explanation;
  return {
    'role': role,
    'reason': roleReason(framework, explanation),
    'role_share': roleShare,
    'share': share,
    'ahead': ahead && {
      'count': ahead.count,
      'first': ahead.first.map((one) => ({
        'framework_id': one.frameworkId,
        'framework': frameworkName(state, one.frameworkId),
        'role': one.role,
        'share': one.share,
      })),
    },
    'awaited': awaited && { 'agents': awaited.agents, 'until': wallOf(awaited.untilMs, now) / 1000 },
    'quota': {
      'role': quota.role,
      'left': Object.fromEntries(quota.left),
      'surplus': quota.surplus && Object.fromEntries(quota.surplus),
      'unmet': quota.unmet.map((one) => ({ 'role': one.role, 'missing': Object.fromEntries(one.missing) })),
    },
  };
}

export function agentRow(asked: Asked, now: Now, finding: Finding): Row {
  const { state } = asked;
  const { reason, agentId, hostname, agent, explanation, verdict, judged, missing } = finding;
  const refusal = judged?.refusal;
  const decline = declineOf(asked, finding);
  return {
    'agent_id': agentId,
    'hostname': hostname,
    'reason': reason,
    'text': findingText(asked, now, finding),
    'role': explanation?.role,
    'missing': missing && unitsOf(missing),
    'total': agent?.total.toV0Json(),
    'free': verdict?.allocatable.toV0Json(),
    'offerable': verdict?.offerable.toV0Json(),
    'refused_until': refusal && wallOf(refusal.untilMs, now) / 1000,
    'declined': decline && {
      'offer_id': decline.offerId,
      'at': decline.wallMs / 1000,
      'refuse_seconds': decline.refuseMs / 1000,
      'by': decline.by,
    },
    ...(agent && holders(state, now, agent)),
  };
}

function holders(state: MasterState, now: Now, agent: AgentRecord): Row {
  const offers = state.offers.withIds(agent.offers);
  return {
    'connected': agent.connected,
    'active': agent.active,
    'unavailability': agent.unavailability && {
      'start': seconds(agent.unavailability.start.nanoseconds),
      'duration': agent.unavailability.duration && seconds(agent.unavailability.duration.nanoseconds),
    },
    'held_by': offers.slice(0, LISTED).map((offer) => offerRow(state, now, offer)),
    'held_by_total': offers.length,
    'used_by': [...agent.used].slice(0, LISTED).map(([id, resources]) => ({
      'framework_id': id,
      'framework': frameworkName(state, id),
      'tasks': agent.tasks.get(id)?.size ?? 0,
      'resources': resources.toV0Json(),
    })),
    'used_by_total': agent.used.size,
  };
}

export function offerRow(state: MasterState, now: Now, offer: OfferRecord): Row {
  return {
    'offer_id': offer.id,
    'framework_id': offer.frameworkId,
    'framework': frameworkName(state, offer.frameworkId),
    'role': offer.role,
    'agent_id': offer.agentId,
    'hostname': state.agents.registered.get(offer.agentId)?.info.hostname,
    'resources': offer.resources.toV0Json(),
    'since': wallOf(offer.sentMonotonicMs, now) / 1000,
    'age_seconds': ageSeconds(offer.sentMonotonicMs, now),
  };
}

function seconds(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000n) / 1000;
}
