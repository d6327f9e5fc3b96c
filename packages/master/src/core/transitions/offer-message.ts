/** An offer as its framework, and whoever reads the framework, sees it. */
import { toPreRefinement } from '@mesolite/resources';
import type { Attribute, Offer, URL as OfferUrl, Resource } from '@mesolite/wire';
import type { AgentRecord } from '../state/agents.ts';
import type { FrameworkRecord } from '../state/frameworks.ts';
import type { OfferRecord } from '../state/offers.ts';

export function offerMessage(framework: FrameworkRecord, agent: AgentRecord, offer: OfferRecord): Offer {
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
    unavailability: agent.unavailability,
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

export function agentUrl(agent: AgentRecord): OfferUrl {
  return {
    scheme: 'http',
    address: { hostname: agent.info.hostname, ip: agent.ip, port: agent.port },
    path: `/${agent.pid.slice(0, agent.pid.indexOf('@'))}`,
  };
}
