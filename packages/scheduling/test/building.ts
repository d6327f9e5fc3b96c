/** Short words for offers, places and demands. */
import type { Attribute, Offer, Resource } from '@mesolite/wire';
import { type Constraint, type Demand, type Place, parseConstraint } from '../src/index.ts';

export const text = (name: string, value: string): Attribute => ({ name, type: 'TEXT', text: { value } });
export const number = (name: string, value: number): Attribute => ({ name, type: 'SCALAR', scalar: { value } });

export const at = (hostname: string, ...attributes: Attribute[]): Place => ({ hostname, attributes });

/** `rack:GROUP_BY:2`; throws where that is none. */
export function constraint(written: string): Constraint {
  const parsed = parseConstraint(written.split(':'));
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

export const scalar = (name: string, value: number, role?: string): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  ...(role !== undefined && { reservations: [{ type: 'STATIC', role }] }),
});

export const ports = (...bounds: readonly (readonly [number, number])[]): Resource => ({
  name: 'ports',
  type: 'RANGES',
  ranges: { range: bounds.map(([begin, end]) => ({ begin, end })) },
});

export const offer = (hostname: string, resources: Resource[], more: Partial<Offer> = {}): Offer => ({
  id: { value: `offer of ${hostname}` },
  framework_id: { value: 'F' },
  agent_id: { value: hostname },
  hostname,
  resources,
  ...more,
});

export const demand = (more: Partial<Demand> = {}): Demand => ({
  cpuMillis: 1000,
  memMillis: 100_000,
  diskMillis: 0,
  gpuMillis: 0,
  ports: [],
  roles: ['*'],
  constraints: [],
  ...more,
});
