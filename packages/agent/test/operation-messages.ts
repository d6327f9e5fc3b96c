/** Operations and volumes as masters send them to agents. */
import type { AgentInfoCapabilityType, ApplyOperationMessage, OfferOperation, Resource } from '@mesolite/wire';

/** What an agent of these tests starts with by its flags. */
export const FLAGS: readonly Resource[] = [
  { name: 'cpus', type: 'SCALAR', scalar: { value: 8 } },
  { name: 'mem', type: 'SCALAR', scalar: { value: 8192 } },
  { name: 'disk', type: 'SCALAR', scalar: { value: 1000 }, reservations: [{ type: 'STATIC', role: 'web/api' }] },
  { name: 'disk', type: 'SCALAR', scalar: { value: 500 } },
];

export const CAPABILITIES: readonly AgentInfoCapabilityType[] = [
  'MULTI_ROLE',
  'HIERARCHICAL_ROLE',
  'RESERVATION_REFINEMENT',
  'RESOURCE_PROVIDER',
  'RESIZE_VOLUME',
  'AGENT_OPERATION_FEEDBACK',
];

export function reservedDisk(value: number): Resource {
  return { name: 'disk', type: 'SCALAR', scalar: { value }, reservations: [{ type: 'STATIC', role: 'web/api' }] };
}

export function volume(id: string, value = 100, more: Partial<Resource> = {}): Resource {
  return {
    ...reservedDisk(value),
    disk: { persistence: { id }, volume: { mode: 'RW', container_path: 'data' } },
    ...more,
  };
}

export function reservedCpus(value: number): Resource {
  return { name: 'cpus', type: 'SCALAR', scalar: { value }, reservations: [{ type: 'DYNAMIC', role: 'web' }] };
}

/** As offers give it out. */
export function allocated(resource: Resource, role = 'web/api'): Resource {
  return { ...resource, allocation_info: { role } };
}

export function uuid(number: number): { value: Uint8Array } {
  return { value: new Uint8Array(16).fill(number) };
}

export function apply(number: number, operation: OfferOperation, frameworkId = 'F'): ApplyOperationMessage {
  return {
    ...(frameworkId === '' ? {} : { framework_id: { value: frameworkId } }),
    operation_info: operation,
    operation_uuid: uuid(number),
    resource_version_uuid: { uuid: uuid(0) },
  };
}

export const create = (...volumes: Resource[]): OfferOperation => ({
  type: 'CREATE',
  create: { volumes: volumes.map((one) => allocated(one)) },
});

export const destroy = (...volumes: Resource[]): OfferOperation => ({
  type: 'DESTROY',
  destroy: { volumes: volumes.map((one) => allocated(one)) },
});
