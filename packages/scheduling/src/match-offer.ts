/**
 * Whether an offer has a place for one more instance, and of which of its resources. Otherwise all that speaks against
 * it, so that users learn why an instance waits.
 */
import type { RandomStream } from '@mesolite/base';
import { type Resources, toPostRefinement } from '@mesolite/resources';
import type { Offer, Resource, Unavailability } from '@mesolite/wire';
import { choosePorts } from './choose-ports.ts';
import { type Constraint, formatConstraint } from './constraint.ts';
import { type Demand, REASONS, type Reason } from './demand.ts';
import { type Place, placeOf } from './place.ts';
import type { Spread } from './spread.ts';
import { takeScalar, usableResources } from './usable-resources.ts';

export interface MatchOptions {
  readonly random: RandomStream;
  /** Offers of other regions are for those who ask for a region or a zone. */
  readonly homeRegion?: string | undefined;
  /** Agents are left alone this long before they are maintained. */
  readonly maintenance?: { readonly nowMs: number; readonly leadMs: number } | undefined;
  /** Whether agents with GPUs are kept for those who want some. */
  readonly keepGpus?: boolean | undefined;
}

export type MatchResult =
  | { readonly matched: true; readonly resources: readonly Resource[]; readonly ports: readonly number[] }
  | {
      readonly matched: false;
      /** In the order of REASONS, at least one. */
      readonly reasons: readonly Reason[];
      /** The constraint behind UnfulfilledConstraint, as written. */
      readonly constraint?: string;
    };

/** `spread` is that of the demand's constraints. `left`: what of the offer is not taken yet, when that is not all. */
export function matchOffer(
  demand: Demand,
  offer: Offer,
  spread: Spread,
  options: MatchOptions,
  left?: Resources,
): MatchResult {
  const place = placeOf(offer);
  const offered = left?.toProto() ?? toPostRefinement(offer.resources);
  const usable = usableResources(offered, demand.roles);
  if (usable.length === 0) return { matched: false, reasons: ['UnfulfilledRole'] };
  const against = new Set<Reason>();
  const constraint = unmetConstraint(demand, place, spread, options.homeRegion);
  if (constraint !== undefined) against.add('UnfulfilledConstraint');
  if (isMaintained(offer.unavailability, options.maintenance)) against.add('AgentMaintenance');
  if (options.keepGpus === true && demand.gpuMillis === 0 && offered.some(({ name }) => name === 'gpus'))
    against.add('DeclinedScarceResources');
  const resources: Resource[] = [];
  for (const [name, millis, reason] of [
    ['cpus', demand.cpuMillis, 'InsufficientCpus'],
    ['mem', demand.memMillis, 'InsufficientMemory'],
    ['disk', demand.diskMillis, 'InsufficientDisk'],
    ['gpus', demand.gpuMillis, 'InsufficientGpus'],
  ] as const) {
    const taken = takeScalar(usable, name, millis);
    if (taken === undefined) against.add(reason);
    else resources.push(...taken);
  }
  const ports = choosePorts(usable, demand.ports, options.random);
  if (ports === undefined) against.add('InsufficientPorts');
  if (ports !== undefined && against.size === 0)
    return { matched: true, resources: [...resources, ...ports.resources], ports: ports.numbers };
  const reasons = REASONS.filter((reason) => against.has(reason));
  return constraint === undefined ? { matched: false, reasons } : { matched: false, reasons, constraint };
}

function unmetConstraint(
  { constraints }: Demand,
  place: Place,
  spread: Spread,
  homeRegion: string | undefined,
): string | undefined {
  const unmet = spread.unmet(place);
  if (unmet !== undefined) return formatConstraint(unmet);
  const asksForDomain = ({ field }: Constraint): boolean => field === '@region' || field === '@zone';
  if (homeRegion === undefined || place.region === undefined || place.region === homeRegion) return undefined;
  return constraints.some(asksForDomain) ? undefined : `@region:IS:${homeRegion}`;
}

function isMaintained(window: Unavailability | undefined, maintenance: MatchOptions['maintenance']): boolean {
  if (window === undefined || maintenance === undefined) return false;
  const { nowMs, leadMs } = maintenance;
  const startMs = Number(window.start.nanoseconds / 1_000_000n);
  const durationMs =
    window.duration === undefined ? Number.POSITIVE_INFINITY : Number(window.duration.nanoseconds / 1_000_000n);
  return nowMs >= startMs - leadMs && nowMs < startMs + durationMs;
}
