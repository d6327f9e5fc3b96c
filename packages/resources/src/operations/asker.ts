/** Who asks for an operation, as far as rules on resources care. */
import type { AgentInfoCapabilityType, FrameworkInfoCapabilityType, Resource } from '@mesolite/wire';
import { formatResource } from '../text-form.ts';

/** Absent for an operator. */
export interface AskingFramework {
  readonly id: string;
  readonly roles: readonly string[];
  readonly capabilities: ReadonlySet<FrameworkInfoCapabilityType>;
}

export interface Asker {
  /** Authenticated, if so; then reservations and volumes must carry it. */
  readonly principal?: string | undefined;
  readonly framework?: AskingFramework | undefined;
}

export type AgentCapabilities = ReadonlySet<AgentInfoCapabilityType>;

/** Why an agent cannot have the reservations of `resource`. `what` names it at the start, `done` is what happens to it. */
export function agentLacksError(
  resource: Resource,
  capabilities: AgentCapabilities,
  words: { readonly what: 'Resource' | 'Volume'; readonly done: 'reserved' | 'created' },
): string | undefined {
  const role = resource.reservations?.at(-1)?.role ?? '';
  const named = `${words.what} ${formatResource(resource)}`;
  if (role.includes('/') && !capabilities.has('HIERARCHICAL_ROLE'))
    return (
      `${named} with reservation for hierarchical role '${role}' cannot be ${words.done} on an agent without ` +
      'HIERARCHICAL_ROLE capability'
    );
  if ((resource.reservations?.length ?? 0) > 1 && !capabilities.has('RESERVATION_REFINEMENT'))
    return (
      `${named} with reservation refinement cannot be ${words.done} on an agent without RESERVATION_REFINEMENT ` +
      'capability'
    );
  return undefined;
}
