/** Between disk and the persistent volumes on it. */
import { fromMillis } from '@mesolite/base';
import type { Resource } from '@mesolite/wire';

/** The disk a persistent volume is made of: no persistence, no mount in containers, not shared; its source stays. */
export function withoutVolume(resource: Resource): Resource {
  const { disk, shared: _, ...rest } = resource;
  if (disk?.source === undefined) return rest;
  const { persistence: _1, volume: _2, ...plain } = disk;
  return { ...rest, disk: plain };
}

/** The same with another amount, in thousandths. */
export function withMillis(resource: Resource, millis: number): Resource {
  return { ...resource, scalar: { value: fromMillis(millis) } };
}
