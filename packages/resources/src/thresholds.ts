/** What is worth offering, as `--min_allocatable_resources` says it: sets of quantities, of which one must be met in full. */
import { err, ok, type Result } from '@mesolite/base';
import { ResourceQuantities } from './resource-quantities.ts';
import type { Resources } from './resources.ts';

/** `cpus:0.01|mem:32;disk:1`: sets divided by `|`, quantities of a set by `;`. Error texts are those of the original. */
export function parseThresholds(text: string): Result<ResourceQuantities[]> {
  const thresholds: ResourceQuantities[] = [];
  for (const part of text.split('|')) {
    if (part === '') continue;
    const parsed = ResourceQuantities.parse(part);
    if (!parsed.ok) return err(parsed.error);
    thresholds.push(parsed.value);
  }
  return ok(thresholds);
}

/** Any one is enough; where there is none, everything is. */
export function reachesThreshold(resources: Resources, thresholds: readonly ResourceQuantities[]): boolean {
  if (thresholds.length === 0) return true;
  const quantities = ResourceQuantities.of(resources);
  return thresholds.some((threshold) => quantities.contains(threshold));
}
