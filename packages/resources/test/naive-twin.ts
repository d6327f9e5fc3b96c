/**
 * The algebra once more, as slow and plain as can be: resources are a bag of tokens. A scalar is as many equal tokens
 * as it has thousandths, a range one for each number, a set one for each item; what cannot be divided is one token that
 * tells its size. Written from the protocol's rules alone; imports nothing of the package.
 */
import type { OfferOperation, Resource } from '@mesolite/wire';

/** Tokens and how many there are of each. Numbers and items are there once or not at all. */
export type Bag = ReadonlyMap<string, number>;

export function bagOf(list: readonly Resource[]): Bag {
  return list.reduce<Bag>((bag, resource) => plus(bag, tokens(resource)), new Map());
}

export function plus(a: Bag, b: Bag): Bag {
  const sum = new Map(a);
  for (const [token, count] of b) sum.set(token, isItem(token) ? 1 : (sum.get(token) ?? 0) + count);
  return sum;
}

export function minus(a: Bag, b: Bag): Bag {
  const left = new Map(a);
  for (const [token, count] of b) {
    const rest = (left.get(token) ?? 0) - count;
    if (rest > 0) left.set(token, rest);
    else left.delete(token);
  }
  return left;
}

export function contains(a: Bag, b: Bag): boolean {
  return [...b].every(([token, count]) => (a.get(token) ?? 0) >= count);
}

/** After an operation on resources, or nothing when it takes what is not there. */
export function apply(held: Bag, operation: OfferOperation): Bag | undefined {
  let now: Bag | undefined = held;
  const exchange = (taken: readonly Resource[], given: readonly Resource[]): void => {
    if (now === undefined) return;
    now = contains(now, bagOf(taken)) ? plus(minus(now, bagOf(taken)), bagOf(given)) : undefined;
  };
  const reserved = operation.reserve?.resources ?? [];
  exchange(reserved.map(popped), reserved);
  for (const resource of operation.unreserve?.resources ?? []) exchange([resource], [popped(resource)]);
  for (const volume of operation.create?.volumes ?? []) exchange([plainDisk(volume)], [volume]);
  for (const volume of operation.destroy?.volumes ?? []) {
    exchange([volume], [plainDisk(volume)]);
    if (now !== undefined && contains(now, bagOf([volume]))) now = undefined;
  }
  return now;
}

function popped(resource: Resource): Resource {
  return { ...resource, reservations: (resource.reservations ?? []).slice(0, -1) };
}

function plainDisk({ disk, shared: _, ...rest }: Resource): Resource {
  return disk?.source === undefined ? rest : { ...rest, disk: { source: disk.source } };
}

function tokens(resource: Resource): Bag {
  const kind = describe(resource);
  const millis = Math.round((resource.scalar?.value ?? 0) * 1000);
  if (resource.type === 'SCALAR') {
    if (millis === 0) return new Map();
    return isWhole(resource) ? new Map([[`${kind}=${millis}`, 1]]) : new Map([[kind, millis]]);
  }
  const items =
    resource.type === 'SET'
      ? (resource.set?.item ?? [])
      : (resource.ranges?.range ?? []).flatMap(({ begin, end }) =>
          Array.from({ length: end - begin + 1 }, (_, i) => String(begin + i)),
        );
  return new Map(items.map((item) => [`${kind}#${item}`, 1]));
}

function isItem(token: string): boolean {
  return token.includes('#');
}

function isWhole({ disk }: Resource): boolean {
  const source = disk?.source;
  if (disk?.persistence !== undefined || source?.type === 'MOUNT' || source?.type === 'BLOCK') return true;
  return source?.type === 'RAW' && source.id !== undefined;
}

/** All that tells two resources of a name apart, in words. */
function describe(resource: Resource): string {
  const stack = (resource.reservations ?? []).map((layer) => {
    const labels = (layer.labels?.labels ?? []).map(({ key, value }) => `${key}:${value}`).sort();
    return `${layer.type} for ${layer.role} by ${layer.principal} marked ${layer.labels && labels.join()}`;
  });
  const source = resource.disk?.source;
  return [
    resource.name,
    resource.type,
    resource.allocation_info && `held by ${resource.allocation_info.role}`,
    ...stack,
    resource.disk && `volume ${resource.disk.persistence?.id}`,
    source && `on ${source.type} ${source.path?.root} ${source.mount?.root} ${source.id} ${source.profile}`,
    resource.revocable && 'revocable',
    resource.shared && 'shared',
    resource.provider_id && `from ${resource.provider_id.value}`,
  ]
    .filter((part) => part !== undefined)
    .join('; ');
}
