/** Agents as a registry remembers them. */
import type { AgentId } from '@mesolite/base';
import type { AgentInfo } from '@mesolite/wire';

export function agentInfo(id: string): AgentInfo & { readonly id: { readonly value: AgentId } } {
  return {
    hostname: 'host',
    port: 5051,
    id: { value: id as AgentId },
    resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 4 } }],
  };
}
