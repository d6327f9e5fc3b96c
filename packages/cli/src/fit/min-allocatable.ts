/** The master's `--min_allocatable_resources`: of an agent that has less than each of these free, nothing is offered. */
import { toMillis } from '@mesolite/base';
import { parseResources, Resources } from '@mesolite/resources';

/** Thousandths by name. All must be there. */
export type Threshold = ReadonlyMap<string, number>;

/** `cpus:0.01|mem:32`; the master has checked it. */
export function parseThresholds(text: string): Threshold[] {
  const thresholds: Threshold[] = [];
  for (const part of text.split('|')) {
    const parsed = part.trim() === '' ? undefined : parseResources(part, '*');
    if (parsed?.ok !== true) continue;
    const resources = Resources.from(parsed.value);
    thresholds.push(new Map(resources.names().map((name) => [name, toMillis(resources.scalar(name))])));
  }
  return thresholds;
}

/** Any one is enough. */
export function reachesThreshold(resources: Resources, thresholds: readonly Threshold[]): boolean {
  if (thresholds.length === 0) return true;
  return thresholds.some((threshold) =>
    [...threshold].every(([name, millis]) => resources.quantityMillis(name) >= millis),
  );
}
