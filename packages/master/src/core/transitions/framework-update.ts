/** A framework changes what it says of itself: info, suppressed roles, constraints. */
import type { FrameworkInfo, FrameworkInfoCapabilityType, SchedulerOfferConstraints } from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import { capabilitiesOf, rolesOf } from '../rules/framework-info.ts';
import { type FrameworkRecord, isConnected } from '../state/frameworks.ts';
import { allocatorOptions } from './framework-membership.ts';
import { rememberFramework } from './framework-memory.ts';
import { rescindOffer } from './offers.ts';

/** What a framework may be offered, and in which form, goes by these. */
const OFFER_CAPABILITIES: readonly FrameworkInfoCapabilityType[] = [
  'RESERVATION_REFINEMENT',
  'SHARED_RESOURCES',
  'REVOCABLE_RESOURCES',
  'GPU_RESOURCES',
  'REGION_AWARE',
  'MULTI_ROLE',
];

/**
 * Replaces all of it. Offers for roles it has left are rescinded; what it holds there stays.
 *
 * Departs from Mesos: all its offers are, when it loses a capability without which some might not have been made.
 */
export function changeFramework(
  context: MasterContext,
  framework: FrameworkRecord,
  to: {
    readonly info: FrameworkInfo;
    readonly suppressedRoles: readonly string[];
    readonly offerConstraints: SchedulerOfferConstraints | undefined;
  },
): void {
  context.allocator.updateFramework(
    framework.id,
    allocatorOptions(context, to.info, to.suppressedRoles, to.offerConstraints),
  );
  const roles = rolesOf(to.info);
  const capabilities = capabilitiesOf(to.info);
  const shrinks = OFFER_CAPABILITIES.some((one) => framework.capabilities.has(one) && !capabilities.has(one));
  const kept = new Set(shrinks ? [] : roles);
  for (const offer of context.state.offers.withIds(framework.offers))
    if (!kept.has(offer.role)) rescindOffer(context, offer);
  framework.info = to.info;
  framework.capabilities = capabilities;
  framework.roles = roles;
  framework.suppressedRoles = new Set(to.suppressedRoles);
  framework.offerConstraints = to.offerConstraints;
  // One that is coming back is remembered when it is here.
  if (isConnected(framework)) rememberFramework(context, framework);
}
