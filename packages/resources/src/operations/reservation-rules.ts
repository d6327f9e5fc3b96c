/**
 * Rules of RESERVE and UNRESERVE, whatever is held: whether the operation makes sense for who asks. Resources are in
 * the post-refinement format. Each answers the reason in the words clients of the original see, or nothing.
 */
import {
  type OfferOperationReserve,
  type OfferOperationUnreserve,
  Resource,
  type ResourceReservationInfo,
} from '@mesolite/wire';
import { kindOf } from '../kind.ts';
import { allocatedToSingleRoleError, requestedResourcesError, singleProviderError } from '../resource-rules.ts';
import { Resources } from '../resources.ts';
import { formatResource } from '../text-form.ts';
import { type AgentCapabilities, type Asker, type AskingFramework, agentLacksError } from './asker.ts';

export function reserveError(
  reserve: OfferOperationReserve,
  asker: Asker,
  capabilities: AgentCapabilities,
): string | undefined {
  const resources = reserve.resources ?? [];
  const source = reserve.source ?? [];
  return (
    named('Invalid resources', requestedResourcesError(resources)) ??
    named('Invalid source', requestedResourcesError(source)) ??
    (source.length > 0 ? sourceError(Resources.from(source), Resources.from(resources)) : undefined) ??
    named('Invalid resources', singleProviderError(resources)) ??
    firstError(resources, (resource) => reservedError(resource, asker, capabilities)) ??
    (asker.framework === undefined
      ? undefined
      : named('Invalid reservation resources', allocatedToSingleRoleError(Resources.from(resources))))
  );
}

/** An update of reservations: one stack before, one after, the same amounts. */
function sourceError(source: Resources, target: Resources): string | undefined {
  const mixed = named('Invalid source', stackError(source)) ?? named('Invalid resources', stackError(target));
  if (mixed !== undefined) return mixed;
  const [before, after] = [source.toUnreserved(), target.toUnreserved()];
  return before.equals(after)
    ? undefined
    : `Source and target resources should refer to identical resource quantities: ${before} vs. ${after}`;
}

function stackError(resources: Resources): string | undefined {
  if (resources.isEmpty) return 'Resource cannot be empty';
  const list = resources.toProto();
  const key = stackKey(list[0]!.reservations);
  return list.every(({ reservations }) => stackKey(reservations) === key)
    ? undefined
    : `Mixed reservations are not supported[${list.map((one) => Resource.toJson(one)).join(',')}]`;
}

/** Equal for equal stacks of reservations. */
function stackKey(reservations: ResourceReservationInfo[] | undefined): string {
  return kindOf({ name: '', type: 'SCALAR', ...(reservations !== undefined && { reservations }) }).key;
}

function reservedError(resource: Resource, asker: Asker, capabilities: AgentCapabilities): string | undefined {
  const top = resource.reservations?.at(-1);
  if (top?.type !== 'DYNAMIC') return `Resource ${formatResource(resource)} is not dynamically reserved`;
  return (
    agentLacksError(resource, capabilities, { what: 'Resource', done: 'reserved' }) ??
    (asker.principal === undefined ? undefined : principalError(asker.principal, top.principal)) ??
    (asker.framework === undefined
      ? operatorError(resource)
      : frameworkError(resource, top.role ?? '', asker.framework))
  );
}

function principalError(principal: string, reserved: string | undefined): string | undefined {
  if (reserved === undefined)
    return (
      `A reserve operation was attempted by principal '${principal}', but there is a reserved resource in the ` +
      'request with no principal set'
    );
  if (reserved === principal) return undefined;
  return (
    `A reserve operation was attempted by authenticated principal '${principal}', which does not match a reserved ` +
    `resource in the request with principal '${reserved}'`
  );
}

/** Frameworks reserve what they were offered, for the role it was offered to. */
function frameworkError(resource: Resource, reserved: string, framework: AskingFramework): string | undefined {
  const allocated = resource.allocation_info?.role;
  if (allocated === undefined)
    return (
      `A reserve operation was attempted on unallocated resource ${formatResource(resource)}, but frameworks can ` +
      'only perform reservations on allocated resources'
    );
  if (allocated !== reserved)
    return (
      `A reserve operation was attempted for a resource with role '${reserved}', but the resource was allocated to ` +
      `role '${allocated}'`
    );
  if (framework.roles.includes(allocated)) return undefined;
  return (
    `A reserve operation was attempted for a resource allocated to role '${allocated}', but the framework only has ` +
    `roles '{ ${framework.roles.join(', ')} }'`
  );
}

/** Operators reserve what nobody holds. */
function operatorError(resource: Resource): string | undefined {
  if (resource.allocation_info === undefined) return undefined;
  return (
    'A reserve operation was attempted with an allocated resource, but the operator API only allows reservations to ' +
    'be made to unallocated resources'
  );
}

export function unreserveError(unreserve: OfferOperationUnreserve): string | undefined {
  const resources = unreserve.resources ?? [];
  return (
    named('Invalid resources', requestedResourcesError(resources)) ??
    named('Invalid resources', singleProviderError(resources)) ??
    firstError(resources, (resource) => {
      if (resource.reservations?.at(-1)?.type !== 'DYNAMIC')
        return `Resource ${formatResource(resource)} is not dynamically reserved`;
      if (resource.disk?.persistence === undefined) return undefined;
      return (
        `A dynamically reserved persistent volume ${formatResource(resource)} cannot be unreserved directly. Please ` +
        'destroy the persistent volume first then unreserve the resource'
      );
    })
  );
}

function named(what: string, error: string | undefined): string | undefined {
  return error === undefined ? undefined : `${what}: ${error}`;
}

function firstError<T>(list: readonly T[], rule: (one: T) => string | undefined): string | undefined {
  for (const one of list) {
    const error = rule(one);
    if (error !== undefined) return error;
  }
  return undefined;
}
