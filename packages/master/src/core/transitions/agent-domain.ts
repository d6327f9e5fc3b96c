/**
 * Fault domains: an agent that has one cannot be placed by a master that has none, and it may be asked that all have one.
 * Besides its domain the allocator knows of an agent what constraints and capabilities ask for.
 */
import type { AgentFacts } from '@mesolite/allocator';
import type { AgentInfo, AgentInfoV0 } from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import type { AgentRecord } from '../state/agents.ts';

/** All the allocator goes by, beside resources. */
export function allocatorFacts({ info, capabilities }: Pick<AgentRecord, 'info' | 'capabilities'>): AgentFacts {
  return { hostname: info.hostname, attributes: info.attributes ?? [], capabilities, ...domainOf(info) };
}

function domainOf({ domain }: AgentInfo): Pick<AgentFacts, 'region' | 'zone'> {
  return { region: domain?.fault_domain?.region.name, zone: domain?.fault_domain?.zone.name };
}

export function domainError(context: MasterContext, info: AgentInfoV0): string | undefined {
  const { info: master, requireAgentDomain } = context.options;
  if (info.domain === undefined)
    return requireAgentDomain === true
      ? 'agent has no domain, but this master is configured to require one'
      : undefined;
  if (master.domain !== undefined) return undefined;
  return 'agent is configured with a domain but the master has no configured domain';
}
