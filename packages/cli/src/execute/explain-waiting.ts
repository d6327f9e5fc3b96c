/** Why a task is not launched yet, in one line a person can act on. */
import type { Result } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type { ApiError } from '@mesolite/sdk';
import type { MasterResponseGetAgents, Offer, Resource } from '@mesolite/wire';
import { claimResources, type Shortage } from './claim-resources.ts';

/** Of offers that do not fit, the one that comes nearest. */
export function explainOffers(offers: readonly Offer[], needs: readonly Resource[]): string {
  const nearest = nearestOf(
    offers.map((offer) => ({ host: offer.hostname, resources: offer.resources ?? [] })),
    needs,
  );
  return nearest === undefined
    ? 'waiting for offers'
    : `no offer fits: ${describe(nearest.short)} (${nearest.host}${offers.length > 1 ? `, the nearest of ${offers.length}` : ''})`;
}

/** What the master knows of its agents, asked when no offer comes at all. */
export function explainSilence(answer: Result<MasterResponseGetAgents, ApiError>, needs: readonly Resource[]): string {
  if (!answer.ok) return `no offers, and the master does not say why: ${answer.error.message}`;
  const agents = (answer.value.agents ?? []).filter(({ active }) => active);
  if (agents.length === 0) return 'no agent is registered with the master';
  const wholes = agents.map((agent) => ({ host: agent.agent_info.hostname, resources: agent.total_resources ?? [] }));
  const tooSmall = nearestOf(wholes, needs);
  if (tooSmall !== undefined) return `no agent is large enough: ${describe(tooSmall.short)} (${tooSmall.host})`;
  const rests = agents.map((agent) => ({
    host: agent.agent_info.hostname,
    resources: free(agent.total_resources, agent.allocated_resources, agent.offered_resources),
  }));
  const busy = nearestOf(rests, needs);
  return busy === undefined
    ? 'enough is free; waiting for the master to offer it'
    : `resources are in use: ${describe(busy.short)} (${busy.host})`;
}

interface Candidate {
  readonly host: string;
  readonly resources: readonly Resource[];
}

/** Undefined when one of them fits. */
function nearestOf(
  candidates: readonly Candidate[],
  needs: readonly Resource[],
): { host: string; short: readonly Shortage[] } | undefined {
  let nearest: { host: string; short: readonly Shortage[] } | undefined;
  for (const { host, resources } of candidates) {
    const claim = claimResources(resources, needs);
    if (claim.ok) return undefined;
    if (nearest === undefined || claim.error.length < nearest.short.length) nearest = { host, short: claim.error };
  }
  return nearest;
}

function free(
  total: readonly Resource[] | undefined,
  allocated: readonly Resource[] | undefined,
  offered: readonly Resource[] | undefined,
): Resource[] {
  const taken = Resources.from(allocated).plus(Resources.from(offered)).unallocate();
  return Resources.from(total).minus(taken).toProto();
}

function describe(short: readonly Shortage[]): string {
  return short.map(({ name, needed, offered }) => `${name} ${needed} needed, ${offered} there`).join('; ');
}
