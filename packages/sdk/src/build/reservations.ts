/**
 * Reserved resources and persistent volumes as a framework asks for them, and what it reads of them in an offer, in
 * either of the two formats in which masters tell reservations.
 *
 * Never: mixes the formats in what it builds; that is always the list of reservations, which masters take from anybody.
 */
import type { Labels, Resource, ResourceReservationInfo } from '@mesolite/wire';
import { labels as labelsOf } from './tasks.ts';

/** For whom something is reserved. */
export interface ReservationOptions {
  /** One of the framework's roles, or of those below; not `*`. */
  readonly role: string;
  /** Who reserves: the framework's principal. Left out where nobody has to authenticate. */
  readonly principal?: string | undefined;
  /** Kept with the reservation: what one finds one's own by, later or after a restart. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** The topmost reservation of a resource. */
export interface Reservation {
  /** Static ones are made by the agent's flags and cannot be given up. */
  readonly type: 'STATIC' | 'DYNAMIC';
  readonly role: string;
  readonly principal: string | undefined;
  /** By key; of several with one key the last. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * `list` with one more reservation on top of those it has: what {@link reserve} shall make of what an offer holds, and
 * what {@link unreserve} takes. Throws nothing; a role that does not refine what is there is refused by the master.
 */
export function reserved(list: readonly Resource[], options: ReservationOptions): Resource[] {
  const info: ResourceReservationInfo = { type: 'DYNAMIC', role: options.role };
  if (options.principal !== undefined) info.principal = options.principal;
  if (options.labels !== undefined) info.labels = labelsOf(options.labels);
  return list.map((resource) => {
    const { role: _, reservation: __, reservations: ___, ...rest } = resource;
    return { ...rest, reservations: [...stackOf(resource), info] };
  });
}

/** A volume to be made of reserved disk, and what tasks name to use it. */
export interface VolumeOptions {
  /** Unique for the role on its agent; no `/`, at most 255 bytes. */
  readonly id: string;
  /** MiB. */
  readonly size: number;
  /** Where tasks find it: a single name in their sandbox. */
  readonly containerPath: string;
  /** That of the disk it is made of, to the letter. */
  readonly reservation: ReservationOptions;
  /** True when several tasks may use it at the same time; the framework needs SHARED_RESOURCES. Default false. */
  readonly shared?: boolean;
}

/** A persistent volume on the agent's own disk, under one dynamic reservation. */
export function volume(options: VolumeOptions): Resource {
  const { id, reservation, containerPath } = options;
  const [disk] = reserved([{ name: 'disk', type: 'SCALAR', scalar: { value: options.size } }], reservation);
  const persistence = reservation.principal === undefined ? { id } : { id, principal: reservation.principal };
  const made: Resource = { ...disk!, disk: { persistence, volume: { mode: 'RW', container_path: containerPath } } };
  if (options.shared === true) made.shared = {};
  return made;
}

/** For whom a resource is reserved last; undefined when it is for all. */
export function reservationOf(resource: Resource): Reservation | undefined {
  const top = stackOf(resource).at(-1);
  if (top === undefined) return undefined;
  const { type, role = '*', principal, labels } = top;
  return { type: type === 'STATIC' ? 'STATIC' : 'DYNAMIC', role, principal, labels: byKey(labels) };
}

/** The id of a persistent volume; undefined for all other resources. */
export function volumeIdOf(resource: Resource): string | undefined {
  return resource.disk?.persistence?.id;
}

/** What of an offer is reserved for nobody: all that {@link reserve} may take, unless roles are nested. */
export function unreservedOf(list: readonly Resource[] | undefined): Resource[] {
  return (list ?? []).filter((resource) => stackOf(resource).length === 0);
}

/** What of an offer is dynamically reserved for `role` with all of `labels`, volumes included. */
export function reservedOf(
  list: readonly Resource[] | undefined,
  wanted: Pick<ReservationOptions, 'role' | 'labels'>,
): Resource[] {
  return (list ?? []).filter((resource) => {
    const reservation = reservationOf(resource);
    if (reservation?.type !== 'DYNAMIC' || reservation.role !== wanted.role) return false;
    return Object.entries(wanted.labels ?? {}).every(([key, value]) => reservation.labels[key] === value);
  });
}

/** Bottom first. */
function stackOf({ role, reservation, reservations }: Resource): ResourceReservationInfo[] {
  if (reservations !== undefined && reservations.length > 0) return reservations;
  if (role === undefined || role === '*') return [];
  return [reservation === undefined ? { type: 'STATIC', role } : { ...reservation, type: 'DYNAMIC', role }];
}

function byKey(labels: Labels | undefined): Record<string, string> {
  return Object.fromEntries((labels?.labels ?? []).map(({ key, value }) => [key, value ?? '']));
}
