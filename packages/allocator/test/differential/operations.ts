/** Operations on what is held, as frameworks apply them to offers: what turns into what. */
import type { RandomStream } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type { Resource } from '@mesolite/wire';
import type { Holding } from '../reference/books.ts';
import { pick } from './material.ts';

export interface Exchange {
  readonly from: Resources;
  readonly to: Resources;
}

type Operation = (resource: Resource, holding: Holding) => Resource | undefined;

const reserve: Operation = (resource, { role }) => {
  const stack = resource.reservations ?? [];
  if (role === '*' || resource.revocable !== undefined || resource.disk?.persistence !== undefined) return undefined;
  if (stack.length > 0 && !role.startsWith(`${stack.at(-1)?.role}/`)) return undefined;
  return { ...resource, reservations: [...stack, { type: 'DYNAMIC', role, principal: 'p' }] };
};

const unreserve: Operation = (resource) => {
  const stack = resource.reservations ?? [];
  if (stack.at(-1)?.type !== 'DYNAMIC' || resource.disk?.persistence !== undefined) return undefined;
  return { ...resource, reservations: stack.slice(0, -1) };
};

const create =
  (shared: boolean): Operation =>
  (resource) => {
    const { name, reservations, disk, revocable } = resource;
    if (name !== 'disk' || (reservations ?? []).length === 0 || disk !== undefined || revocable !== undefined)
      return undefined;
    const volume = { container_path: 'v', mode: 'RW' as const };
    const made = { persistence: { id: `made ${resource.scalar?.value}`, principal: 'p' }, volume };
    return { ...resource, disk: made, ...(shared ? { shared: {} } : {}) };
  };

const destroy: Operation = ({ shared: _, disk, ...resource }) => {
  if (disk?.persistence === undefined) return undefined;
  return disk.source === undefined ? resource : { ...resource, disk: { source: disk.source } };
};

const OPERATIONS: readonly Operation[] = [reserve, unreserve, create(true), create(false), destroy];

/** One that can be applied to something held; nothing when there is none. */
export function exchangeOf(
  random: RandomStream,
  holding: Holding,
  total: Resources,
  holdings: readonly Holding[],
): Exchange | undefined {
  const attempts = holding.resources
    .toProto()
    .flatMap((resource) => OPERATIONS.map((operation) => ({ operation, resource })));
  const possible = attempts.flatMap(({ operation, resource }) => {
    const made = operation(resource, holding);
    const from = Resources.from([resource]);
    if (made === undefined || !total.contains(from)) return [];
    if (resource.shared !== undefined && copiesOf(resource, holding.agentId, holdings) > 1) return [];
    const to = Resources.from([made]);
    return total.minus(from).count(made) > 0 && made.disk?.persistence !== undefined ? [] : [{ from, to }];
  });
  return pick(random, possible);
}

/** Kernel 5.6: a shared volume is destroyed only when nobody else has it. */
function copiesOf(resource: Resource, agentId: string, holdings: readonly Holding[]): number {
  const here = holdings.filter((holding) => holding.agentId === agentId);
  return here.reduce((sum, { resources }) => sum + resources.count(resource), 0);
}
