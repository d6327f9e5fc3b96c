/** Who may be offered an agent at all, and what of it is kept from him (kernel 6.1, skips and stripping; 2.7; 1.10). */
import type { Resources } from '@mesolite/resources';
import type {
  Resource,
  SchedulerAttributeConstraint,
  SchedulerAttributeConstraintPredicate,
  SchedulerAttributeConstraintSelector,
} from '@mesolite/wire';
import type { Books, Quantities, ReferenceAgent, ReferenceFramework } from './books.ts';
import { isRevocable } from './quota.ts';

export interface GateOptions {
  readonly minAllocatable: readonly Quantities[];
  readonly filterGpuResources: boolean;
  readonly region: string | undefined;
}

/** Kernel 6.1: a deactivated agent is not offered, nor one that is not in the whitelist; no whitelist allows all (6.5). */
export function isOfferable(books: Books, agent: ReferenceAgent): boolean {
  return agent.active && (books.whitelist === undefined || books.whitelist.has(agent.hostname));
}

/** Why an agent is kept from a framework in a role, whatever there is on it. */
export type Skip = 'GPUs' | 'another region' | 'no MULTI_ROLE' | 'no HIERARCHICAL_ROLE' | 'offer constraints';

/** Kernel 6.1: whether and why the agent is skipped for the framework in this role. */
export function skipOf(
  framework: ReferenceFramework,
  role: string,
  agent: ReferenceAgent,
  options: GateOptions,
): Skip | undefined {
  if (isGpuWithheld(framework, agent, options)) return 'GPUs';
  if (isRemote(framework, agent, options)) return 'another region';
  if (isTooOldForMultipleRoles(framework, agent)) return 'no MULTI_ROLE';
  if (isTooOldForSubRoles(role, agent)) return 'no HIERARCHICAL_ROLE';
  return isExcludedByConstraints(framework, role, agent) ? 'offer constraints' : undefined;
}

/** Kernel 6.1 and 1.10, GPU_RESOURCES. */
function isGpuWithheld({ capabilities }: ReferenceFramework, { total }: ReferenceAgent, options: GateOptions): boolean {
  return options.filterGpuResources && total.scalar('gpus') > 0 && !capabilities.has('GPU_RESOURCES');
}

/** Kernel 6.1 and 6.5: remote is what has another region than the master's. */
function isRemote({ capabilities }: ReferenceFramework, { region }: ReferenceAgent, options: GateOptions): boolean {
  return region !== undefined && region !== options.region && !capabilities.has('REGION_AWARE');
}

/** Kernel 6.1: MULTI_ROLE framework against an agent without it. */
function isTooOldForMultipleRoles(framework: ReferenceFramework, agent: ReferenceAgent): boolean {
  return framework.capabilities.has('MULTI_ROLE') && !agent.capabilities.has('MULTI_ROLE');
}

/** Kernel 6.1: hierarchical role against an old agent. */
function isTooOldForSubRoles(role: string, agent: ReferenceAgent): boolean {
  return role.includes('/') && !agent.capabilities.has('HIERARCHICAL_ROLE');
}

/** Kernel 2.7: one of the role's groups must hold in full. */
function isExcludedByConstraints(framework: ReferenceFramework, role: string, agent: ReferenceAgent): boolean {
  const groups = framework.constraints?.role_constraints?.[role]?.groups;
  if (groups === undefined) return false;
  return !groups.some((group) => (group.attribute_constraints ?? []).every((one) => holds(one, agent)));
}

function holds({ selector, predicate }: SchedulerAttributeConstraint, agent: ReferenceAgent): boolean {
  return predicateHolds(predicate ?? {}, selected(selector ?? {}, agent));
}

/** Kernel 2.7: the first attribute of a name, or a fact about the agent as if it were a text attribute. */
function selected(
  { attribute_name, pseudoattribute_type }: SchedulerAttributeConstraintSelector,
  agent: ReferenceAgent,
): { readonly text: string | undefined } | undefined {
  const fact = (text: string | undefined): { text: string } | undefined => (text === undefined ? undefined : { text });
  switch (pseudoattribute_type) {
    case 'HOSTNAME':
      return fact(agent.hostname);
    case 'REGION':
      return fact(agent.region);
    case 'ZONE':
      return fact(agent.zone);
    default: {
      const attribute = agent.attributes.find(({ name }) => name === attribute_name);
      return attribute && { text: attribute.type === 'TEXT' ? attribute.text?.value : undefined };
    }
  }
}

/** Kernel 2.7: of what is missing only negatives hold; of what is there and not a text, whatever is asked of its text. */
function predicateHolds(
  predicate: SchedulerAttributeConstraintPredicate,
  subject: { readonly text: string | undefined } | undefined,
): boolean {
  const { text_equals: equals, text_not_equals: differs, text_matches: matches, text_not_matches: avoids } = predicate;
  if (predicate.exists !== undefined) return subject !== undefined;
  if (predicate.not_exists !== undefined) return subject === undefined;
  if (subject === undefined) return differs !== undefined || avoids !== undefined;
  const { text } = subject;
  if (text === undefined) return true;
  const fully = (regex: string | undefined): boolean => new RegExp(`^(?:${regex ?? ''})$`).test(text);
  if (equals !== undefined) return text === equals.value;
  if (differs !== undefined) return text !== differs.value;
  if (matches !== undefined) return fully(matches.regex);
  return !fully(avoids?.regex);
}

/** Kernel 6.1, stripped per framework. */
export function strip(resources: Resources, { capabilities }: ReferenceFramework): Resources {
  return resources.filter(
    (resource) =>
      (resource.shared === undefined || capabilities.has('SHARED_RESOURCES')) &&
      (!isRevocable(resource) || capabilities.has('REVOCABLE_RESOURCES')) &&
      (!isRefined(resource) || capabilities.has('RESERVATION_REFINEMENT')),
  );
}

/** Kernel 5.4: a reservation over a reservation. */
function isRefined({ reservations }: Resource): boolean {
  return (reservations ?? []).length > 1;
}

/**
 * Kernel 6.1 and 2.7, `allocatable`: one of the thresholds must be met in full, the framework's for the role in place of
 * the master's; an empty list asks for nothing. Nothing at all is never worth offering.
 */
export function isAllocatable(
  resources: Resources,
  framework: ReferenceFramework,
  role: string,
  options: GateOptions,
): boolean {
  if (resources.isEmpty) return false;
  const thresholds = framework.minAllocatable?.get(role) ?? options.minAllocatable;
  return thresholds.length === 0 || thresholds.some((threshold) => isMet(resources, threshold));
}

/** Kernel 5.7: scalars by value, ranges and sets by the number of items. */
function isMet(resources: Resources, threshold: Quantities): boolean {
  const all = resources.toProto();
  return Object.entries(threshold).every(([name, units]) => {
    const there = all.filter((resource) => resource.name === name).reduce((sum, one) => sum + millisOf(one), 0);
    return there >= Math.round(units * 1000);
  });
}

function millisOf({ scalar, ranges, set }: Resource): number {
  if (scalar !== undefined) return Math.round(scalar.value * 1000);
  const items = (ranges?.range ?? []).reduce((sum, { begin, end }) => sum + (end - begin + 1), 0);
  return (items + (set?.item ?? []).length) * 1000;
}
