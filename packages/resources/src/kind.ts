/**
 * A kind is everything of a resource but its amount: name, type, allocation, reservations, disk, revocable, shared,
 * provider. Amounts of equal kinds may merge. Equality is equality of `key`, which follows the protocol's rules: labels
 * are unordered; of a disk only source and persistence id count, not volume and not principal.
 * Kinds are immutable and know nothing of amounts. The cache is a memo only: dropping it changes no answer.
 */
import {
  type Labels,
  type Resource,
  type ResourceDiskInfo,
  type ResourceReservationInfo,
  UNKNOWN,
  type ValueType,
} from '@mesolite/wire';

/** A resource without its amount, in the post-refinement format. Never changed: messages share its parts. */
export type KindTemplate = Omit<Resource, 'scalar' | 'ranges' | 'set' | 'role' | 'reservation'>;

/** The cache holds no more than this many kinds and starts anew when full. */
const CACHE_LIMIT = 16_384;
const cache = new Map<string, Kind>();

export class Kind {
  readonly key: string;
  /** Of the key: tells most unequal kinds apart by one number. */
  readonly hash: number;
  readonly template: KindTemplate;
  readonly name: string;
  readonly type: ValueType;
  /** Role it is allocated to; undefined when not allocated. */
  readonly allocationRole: string | undefined;
  /** Role of the topmost reservation; undefined when unreserved. */
  readonly reservationRole: string | undefined;
  readonly revocable: boolean;
  readonly shared: boolean;
  readonly persistent: boolean;
  /** Taken and returned whole, never merged: MOUNT and BLOCK disks, RAW disks with an id, persistent volumes. */
  readonly atomic: boolean;
  /** Atomic and not shared: no two entries of it ever become one, however many there are. */
  readonly standsAlone: boolean;
  #unallocated: Kind | undefined;
  #allocated: Kind | undefined;

  constructor(key: string, template: KindTemplate) {
    this.key = key;
    this.hash = hashOf(key);
    this.template = template;
    this.name = template.name;
    this.type = template.type;
    this.allocationRole = template.allocation_info === undefined ? undefined : (template.allocation_info.role ?? '');
    this.reservationRole = template.reservations?.at(-1)?.role;
    this.revocable = template.revocable !== undefined;
    this.shared = template.shared !== undefined;
    this.persistent = template.disk?.persistence !== undefined;
    this.atomic = isAtomicDisk(template.disk);
    this.standsAlone = this.atomic && !this.shared;
  }

  equals(other: Kind): boolean {
    return this === other || (this.hash === other.hash && this.key === other.key);
  }

  /** This kind allocated to `role`, replacing any allocation. */
  allocatedTo(role: string): Kind {
    if (this.allocationRole === role) return this;
    if (this.#allocated?.allocationRole === role) return this.#allocated;
    this.#allocated = kindOf({ ...this.template, allocation_info: { role } });
    return this.#allocated;
  }

  unallocated(): Kind {
    if (this.allocationRole === undefined) return this;
    if (this.#unallocated === undefined) {
      const { allocation_info: _, ...rest } = this.template;
      this.#unallocated = kindOf(rest);
    }
    return this.#unallocated;
  }

  /** This kind with another stack of reservations, bottom first. */
  withReservations(stack: readonly ResourceReservationInfo[]): Kind {
    const { reservations: _, ...rest } = this.template;
    return kindOf(stack.length === 0 ? rest : { ...rest, reservations: [...stack] });
  }

  /** Unreserved, or reserved to `role` or to an ancestor of it. */
  allocatableTo(role: string): boolean {
    const reserved = this.reservationRole;
    return (
      reserved === undefined ||
      reserved === role ||
      (role.length > reserved.length && role.charCodeAt(reserved.length) === 0x2f && role.startsWith(reserved))
    );
  }
}

/** The kind of a template; equal templates give the same object as long as the cache keeps it. */
export function kindOf(template: KindTemplate): Kind {
  if (
    template.reservations === undefined &&
    template.disk === undefined &&
    template.revocable === undefined &&
    template.shared === undefined &&
    template.provider_id === undefined &&
    (template as { [UNKNOWN]?: unknown })[UNKNOWN] === undefined
  ) {
    return plainKind(template.name, template.type, template.allocation_info?.role, template.allocation_info);
  }
  const key = complexKey(template);
  // What the key leaves out (volume, principal, unknown fields) must stay with its own resource.
  if (
    template.disk?.volume !== undefined ||
    template.disk?.persistence !== undefined ||
    (template as { [UNKNOWN]?: unknown })[UNKNOWN] !== undefined
  ) {
    return new Kind(key, template);
  }
  return cache.get(key) ?? remember(new Kind(key, template));
}

/** The kind of an unreserved resource, the common case, without building anything when it is known. */
export function plainKind(
  name: string,
  type: ValueType,
  allocationRole: string | undefined,
  allocation: { role?: string | undefined } | undefined,
): Kind {
  const key = plainKey(name, type, allocation === undefined ? undefined : (allocationRole ?? ''));
  const known = cache.get(key);
  if (known !== undefined) return known;
  const template: KindTemplate =
    allocation === undefined ? { name, type } : { name, type, allocation_info: { role: allocationRole ?? '' } };
  return remember(new Kind(key, template));
}

/** FNV-1a of the code units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

function remember(kind: Kind): Kind {
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(kind.key, kind);
  return kind;
}

/** The length in front keeps keys of hostile names apart. */
function plainKey(name: string, type: ValueType, allocationRole: string | undefined): string {
  return allocationRole === undefined
    ? `${type}${name.length}:${name}`
    : `${type}${name.length}:${name}@${allocationRole}`;
}

function complexKey(template: KindTemplate): string {
  const plain = plainKey(
    template.name,
    template.type,
    template.allocation_info === undefined ? undefined : (template.allocation_info.role ?? ''),
  );
  if (
    (template.reservations === undefined || template.reservations.length === 0) &&
    template.disk === undefined &&
    template.revocable === undefined &&
    template.shared === undefined &&
    template.provider_id === undefined
  ) {
    return plain;
  }
  return JSON.stringify([
    plain,
    (template.reservations ?? []).map((r) => [r.type ?? '', r.role ?? '', r.principal ?? null, labelsKey(r.labels)]),
    diskKey(template.disk),
    template.revocable !== undefined,
    template.shared !== undefined,
    template.provider_id?.value ?? null,
  ]);
}

function labelsKey(labels: Labels | undefined): unknown {
  if (labels === undefined) return null;
  return (labels.labels ?? []).map((label) => JSON.stringify([label.key, label.value ?? null])).sort();
}

function diskKey(disk: ResourceDiskInfo | undefined): unknown {
  if (disk === undefined) return null;
  const source = disk.source;
  return [
    disk.persistence?.id ?? null,
    source === undefined
      ? null
      : [
          source.type,
          source.path === undefined ? null : [source.path.root ?? null],
          source.mount === undefined ? null : [source.mount.root ?? null],
          source.vendor ?? null,
          source.id ?? null,
          source.profile ?? null,
          labelsKey(source.metadata),
        ],
  ];
}

function isAtomicDisk(disk: ResourceDiskInfo | undefined): boolean {
  if (disk === undefined) return false;
  if (disk.persistence !== undefined) return true;
  switch (disk.source?.type) {
    case 'MOUNT':
    case 'BLOCK':
      return true;
    case 'RAW':
      return disk.source.id !== undefined;
    default:
      return false;
  }
}
