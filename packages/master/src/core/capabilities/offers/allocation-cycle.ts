/**
 * Turns what the allocator hands out into offers: one per framework, role and agent, all for a framework in one event.
 * The batch runs each interval over all agents; between batches only what an event has freed or brought, once a turn.
 */
import type { Allocation } from '@mesolite/allocator';
import type { AgentId, FrameworkId } from '@mesolite/base';
import { toPreRefinement } from '@mesolite/resources';
import type { Attribute, Offer, URL as OfferUrl, Resource } from '@mesolite/wire';
import type { DeadlineHandler, MasterContext } from '../../context.ts';
import type { AgentRecord } from '../../state/agents.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import type { OfferRecord } from '../../state/offers.ts';
import { sendEvent } from '../../transitions/framework-events.ts';
import { addOffer } from '../../transitions/offers.ts';

export const batchDue: DeadlineHandler<'allocate'> = (context) => {
  const { monotonicMs } = context.now;
  context.state.deadlines.set(monotonicMs + context.options.allocationIntervalMs, { kind: 'allocate' });
  sendOffers(context, context.allocator.allocate(monotonicMs, 'all'));
};

/** Called once per turn, after all inputs: a burst of events costs one cycle. */
export function allocateIfAsked(context: MasterContext): void {
  if (context.allocator.pending) sendOffers(context, context.allocator.allocate(context.now.monotonicMs, 'dirty'));
}

function sendOffers(context: MasterContext, allocations: readonly Allocation[]): void {
  const byFramework = new Map<FrameworkId, Offer[]>();
  for (const { frameworkId, agentId, role, resources } of allocations) {
    const framework = context.state.frameworks.registered.get(frameworkId);
    const agent = context.state.agents.registered.get(agentId as AgentId);
    if (framework?.state !== 'active' || agent?.active !== true) {
      context.allocator.recover(frameworkId, agentId, resources, context.now.monotonicMs);
      continue;
    }
    const offer = offerMessage(framework, agent, addOffer(context, { agent, framework }, role, resources));
    const offers = byFramework.get(frameworkId);
    if (offers === undefined) byFramework.set(frameworkId, [offer]);
    else offers.push(offer);
  }
  for (const [frameworkId, offers] of byFramework) {
    const framework = context.state.frameworks.registered.get(frameworkId);
    if (framework !== undefined) sendEvent(context, framework, { type: 'OFFERS', offers: { offers } });
  }
}

function offerMessage(framework: FrameworkRecord, agent: AgentRecord, offer: OfferRecord): Offer {
  const manyRoles = framework.capabilities.has('MULTI_ROLE');
  const executors = agent.executors.get(framework.id);
  return {
    id: { value: offer.id },
    framework_id: { value: framework.id },
    agent_id: { value: agent.id },
    hostname: agent.info.hostname,
    url: agentUrl(agent),
    domain: agent.info.domain,
    resources: offeredResources(framework, offer),
    attributes: attributesOf(agent),
    executor_ids: executors === undefined ? undefined : [...executors.keys()].map((value) => ({ value })),
    allocation_info: manyRoles ? { role: offer.role } : undefined,
  };
}

/** In the form the framework understands. Ephemeral ports are the agent's own business. */
function offeredResources(framework: FrameworkRecord, offer: OfferRecord): Resource[] {
  let list = offer.resources.toProto().filter(({ name }) => name !== 'ephemeral_ports');
  if (!framework.capabilities.has('MULTI_ROLE')) list = list.map(({ allocation_info: _, ...rest }) => rest);
  return framework.capabilities.has('RESERVATION_REFINEMENT') ? list : toPreRefinement(list);
}

function attributesOf(agent: AgentRecord): Attribute[] | undefined {
  return agent.info.attributes === undefined ? undefined : [...agent.info.attributes];
}

function agentUrl(agent: AgentRecord): OfferUrl {
  return {
    scheme: 'http',
    address: { hostname: agent.info.hostname, ip: agent.ip, port: agent.port },
    path: `/${agent.pid.slice(0, agent.pid.indexOf('@'))}`,
  };
}
