/** Short words for the resources that scripts of operations speak of. */
import type { OfferOperation, Resource, ResourceDiskInfoSource, ResourceReservationInfo } from '@mesolite/wire';
import { Resources } from '../src/index.ts';

export const of = (...list: Resource[]): Resources => Resources.from(list);

export const scalar = (name: string, value: number, more: Partial<Resource> = {}): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  ...more,
});

export const cpus = (value: number, more: Partial<Resource> = {}): Resource => scalar('cpus', value, more);
export const disk = (value: number, more: Partial<Resource> = {}): Resource => scalar('disk', value, more);

export const ports = (begin: number, end: number, more: Partial<Resource> = {}): Resource => ({
  name: 'ports',
  type: 'RANGES',
  ranges: { range: [{ begin, end }] },
  ...more,
});

export const dynamic = (role: string, principal?: string): ResourceReservationInfo =>
  principal === undefined ? { type: 'DYNAMIC', role } : { type: 'DYNAMIC', role, principal };

export const fixed = (role: string): ResourceReservationInfo => ({ type: 'STATIC', role });

/** The same with one more reservation on top. */
export const on = (resource: Resource, ...stack: ResourceReservationInfo[]): Resource => ({
  ...resource,
  reservations: [...(resource.reservations ?? []), ...stack],
});

export const allocated = (resource: Resource, role: string): Resource => ({ ...resource, allocation_info: { role } });

/** The persistent volume `id` on a reserved disk. */
export const volume = (id: string, resource: Resource, principal = 'p'): Resource => ({
  ...resource,
  disk: {
    ...resource.disk,
    persistence: { id, principal },
    volume: { container_path: 'data', mode: 'RW' },
  },
});

export const shared = (resource: Resource): Resource => ({ ...resource, shared: {} });

export const fromSource = (resource: Resource, source: ResourceDiskInfoSource): Resource => ({
  ...resource,
  disk: { ...resource.disk, source },
});

export const MOUNT: ResourceDiskInfoSource = { type: 'MOUNT', mount: { root: '/m' } };
export const PATH: ResourceDiskInfoSource = { type: 'PATH', path: { root: '/d' } };

export const reserve = (...resources: Resource[]): OfferOperation => ({ type: 'RESERVE', reserve: { resources } });
export const unreserve = (...resources: Resource[]): OfferOperation => ({
  type: 'UNRESERVE',
  unreserve: { resources },
});
export const create = (...volumes: Resource[]): OfferOperation => ({ type: 'CREATE', create: { volumes } });
export const destroy = (...volumes: Resource[]): OfferOperation => ({ type: 'DESTROY', destroy: { volumes } });
export const grow = (kept: Resource, addition: Resource): OfferOperation => ({
  type: 'GROW_VOLUME',
  grow_volume: { volume: kept, addition },
});
export const shrink = (kept: Resource, value: number): OfferOperation => ({
  type: 'SHRINK_VOLUME',
  shrink_volume: { volume: kept, subtract: { value } },
});

/** What the scripts reserve for. */
export const mine = dynamic('dev', 'p');
export const reserved = (resource: Resource): Resource => on(resource, mine);
