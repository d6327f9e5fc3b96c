/** Fault domains at registration: an agent that has one cannot be placed by a master that has none. */
import type { AgentInfoV0 } from '@mesolite/wire';
import type { MasterContext } from '../context.ts';

export function domainError(context: MasterContext, info: AgentInfoV0): string | undefined {
  if (info.domain === undefined || context.options.info.domain !== undefined) return undefined;
  return 'agent is configured with a domain but the master has no configured domain';
}
