/**
 * Fault domains at registration: an agent that has one cannot be placed by a master that has none, and it may be asked
 * that all have one.
 */
import type { AgentInfoV0 } from '@mesolite/wire';
import type { MasterContext } from '../context.ts';

export function domainError(context: MasterContext, info: AgentInfoV0): string | undefined {
  const { info: master, requireAgentDomain } = context.options;
  if (info.domain === undefined)
    return requireAgentDomain === true
      ? 'agent has no domain, but this master is configured to require one'
      : undefined;
  if (master.domain !== undefined) return undefined;
  return 'agent is configured with a domain but the master has no configured domain';
}
