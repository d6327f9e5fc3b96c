/**
 * Whether a single Resource message makes sense by itself, whatever state the cluster is in. Reasons are in the words
 * clients of the original see. Departs from Mesos: amounts whose thousandths are no exact integer, and ranges beyond
 * exact integers, are refused; overlapping ranges are found in any order.
 */
import { MAX_SCALAR, toMillis } from '@mesolite/base';
import type { Resource, ResourceDiskInfo, ResourceReservationInfo } from '@mesolite/wire';
import { kindOf } from './kind.ts';
import { isStrictSubrole, roleError } from './roles.ts';
import { formatLabels, formatResource } from './text-form.ts';

/** Why the first invalid resource of `list` is invalid, naming it, or nothing. */
export function resourceListError(list: readonly Resource[] | undefined): string | undefined {
  for (const resource of list ?? []) {
    const error = resourceError(resource);
    if (error !== undefined) return `Resource '${formatResource(resource)}' is invalid: ${error}`;
  }
  return undefined;
}

export function resourceError(resource: Resource): string | undefined {
  if (resource.name === '') return 'Empty resource name';
  return (
    amountError(resource) ??
    (resource.disk === undefined ? undefined : diskError(resource.name, resource.disk)) ??
    reservationError(resource) ??
    sharedError(resource)
  );
}

function amountError(resource: Resource): string | undefined {
  const { scalar, ranges, set } = resource;
  switch (resource.type) {
    case 'SCALAR':
      if (scalar === undefined || ranges !== undefined || set !== undefined) return 'Invalid scalar resource';
      return scalarError(scalar.value);
    case 'RANGES':
      if (scalar !== undefined || ranges === undefined || set !== undefined) return 'Invalid ranges resource';
      return rangesError(ranges.range ?? []);
    case 'SET': {
      if (scalar !== undefined || ranges !== undefined || set === undefined) return 'Invalid set resource';
      const items = set.item ?? [];
      return new Set(items).size === items.length ? undefined : 'Invalid set resource: duplicated elements';
    }
    case 'TEXT':
      return 'Unsupported resource type';
    default:
      return 'Invalid resource type';
  }
}

function scalarError(value: number): string | undefined {
  if (value === 0) return undefined;
  // Written so that NaN is refused too.
  if (!(toMillis(value) > 0)) return 'Invalid scalar resource: value <= 0';
  if (value > MAX_SCALAR) return `Invalid scalar resource: value > ${MAX_SCALAR}`;
  return undefined;
}

function rangesError(ranges: readonly { readonly begin: number; readonly end: number }[]): string | undefined {
  for (const { begin, end } of ranges) {
    if (begin > end) return 'Invalid ranges resource: begin > end';
    if (!Number.isSafeInteger(begin) || !Number.isSafeInteger(end) || begin < 0)
      return `Invalid ranges resource: bounds must be integers from 0 to ${Number.MAX_SAFE_INTEGER}`;
  }
  const sorted = [...ranges].sort((a, b) => a.begin - b.begin);
  for (let i = 1; i < sorted.length; i++)
    if (sorted[i]!.begin <= sorted[i - 1]!.end) return 'Invalid ranges resource: overlapping ranges';
  return undefined;
}

function diskError(name: string, disk: ResourceDiskInfo): string | undefined {
  if (name !== 'disk') return `DiskInfo should not be set for ${name} resource`;
  const source = disk.source;
  if (source === undefined) return undefined;
  switch (source.type) {
    case 'PATH':
    case 'MOUNT':
      return undefined;
    case 'BLOCK':
    case 'RAW':
      if (source.mount !== undefined) return `Mount should not be set for ${source.type} disk source`;
      if (source.path !== undefined) return `Path should not be set for ${source.type} disk source`;
      return undefined;
    default:
      return `Unsupported 'DiskInfo.Source.Type' in '${source.type}'`;
  }
}

function reservationError(resource: Resource): string | undefined {
  const stack = resource.reservations ?? [];
  if (stack.length === 0) return oldFormatError(resource);
  for (const layer of stack) {
    const error = layerError(layer);
    if (error !== undefined) return error;
  }
  for (let i = 1; i < stack.length; i++) {
    if (stack[i]!.type === 'STATIC') return 'Invalid refined reservation: A refined reservation cannot be STATIC';
    const role = stack[i]!.role ?? '';
    const ancestor = stack[i - 1]!.role ?? '';
    if (!isStrictSubrole(role, ancestor))
      return `Invalid refined reservation: role '${role}' is not a refinement of '${ancestor}'`;
  }
  if (stack.length === 1) return agreementError(resource, stack[0]!);
  for (const field of ['role', 'reservation'] as const)
    if (resource[field] !== undefined)
      return (
        `Invalid resource format: 'Resource.${field}' must not be set if there is more than one reservation in ` +
        "'Resource.reservations'"
      );
  return undefined;
}

function oldFormatError(resource: Resource): string | undefined {
  const role = resource.role ?? '*';
  const error = roleError(role);
  if (error !== undefined || resource.reservation === undefined) return error;
  for (const field of ['type', 'role'] as const)
    if (resource.reservation[field] !== undefined)
      return `'Resource.ReservationInfo.${field}' must not be set for the 'Resource.reservation' field`;
  return role === '*' ? 'Invalid reservation: role "*" cannot be dynamically reserved' : undefined;
}

function layerError(layer: ResourceReservationInfo): string | undefined {
  for (const field of ['type', 'role'] as const)
    if (layer[field] === undefined)
      return `Invalid reservation: 'Resource.ReservationInfo.${field}' field must be set.`;
  return (
    roleError(layer.role ?? '') ?? (layer.role === '*' ? 'Invalid reservation: role "*" cannot be reserved' : undefined)
  );
}

/** Both formats at once are allowed for a single reservation if they tell the same. */
function agreementError(resource: Resource, layer: ResourceReservationInfo): string | undefined {
  const { role, reservation } = resource;
  if (role !== undefined && role !== layer.role)
    return (
      `Invalid resource format: 'Resource.role' field with '${role}' does not match the role '${layer.role ?? ''}' ` +
      "in 'Resource.reservations'"
    );
  switch (layer.type) {
    case 'STATIC':
      return reservation === undefined
        ? undefined
        : "Invalid resource format: 'Resource.reservation' must not be set if the single reservation in " +
            "'Resource.reservations' is STATIC";
    case 'DYNAMIC':
      if ((role === undefined) !== (reservation === undefined))
        return (
          "Invalid resource format: 'Resource.role' and 'Resource.reservation' must either be both set or both not " +
          "set if the single reservation in 'Resource.reservations' is DYNAMIC"
        );
      if (reservation === undefined) return undefined;
      if ((reservation.principal ?? '') !== (layer.principal ?? ''))
        return (
          `Invalid resource format: 'Resource.reservation.principal' field with '${reservation.principal ?? ''}' ` +
          `does not match the principal '${layer.principal ?? ''}' in 'Resource.reservations'`
        );
      if (!sameLabels(reservation, layer))
        return (
          `Invalid resource format: 'Resource.reservation.labels' field with '${formatLabels(reservation.labels ?? {})}' ` +
          `does not match the labels '${formatLabels(layer.labels ?? {})}' in 'Resource.reservations'`
        );
      return undefined;
    default:
      return "Unsupported 'Resource.ReservationInfo.Type'";
  }
}

function sameLabels(a: ResourceReservationInfo, b: ResourceReservationInfo): boolean {
  const kind = (labels: ResourceReservationInfo['labels']) =>
    kindOf({ name: 'x', type: 'SCALAR', reservations: [{ labels: labels ?? {} }] });
  return kind(a.labels).equals(kind(b.labels));
}

function sharedError(resource: Resource): string | undefined {
  if (resource.shared === undefined) return undefined;
  if (resource.name !== 'disk') return `Resource ${resource.name} cannot be shared`;
  return resource.disk?.persistence === undefined ? 'Only persistent volumes can be shared' : undefined;
}
