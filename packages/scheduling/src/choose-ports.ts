/**
 * Chooses host ports of an offer: those asked for by number first, then a run of neighbours from a random place on for
 * the others, so that services that come and go do not fight for the lowest ports.
 */
import type { RandomStream } from '@mesolite/base';
import type { Resource, ValueRange } from '@mesolite/wire';

export interface ChosenPorts {
  /** One for each that was wanted, in that order. */
  readonly numbers: readonly number[];
  /** The same as resources of the offer. */
  readonly resources: readonly Resource[];
}

/** `wanted`: 0 for any port. Nothing when one that was asked for is not there, or there are too few. */
export function choosePorts(
  usable: readonly Resource[],
  wanted: readonly number[],
  random: RandomStream,
): ChosenPorts | undefined {
  if (wanted.length === 0) return { numbers: [], resources: [] };
  const sources = usable.filter(({ name, type }) => name === 'ports' && type === 'RANGES');
  const ranges = sources.flatMap((source) => source.ranges?.range ?? []);
  const fixed = wanted.filter((port) => port !== 0);
  const taken = new Set(fixed);
  if (taken.size !== fixed.length || !fixed.every((port) => ranges.some((range) => holds(range, port))))
    return undefined;
  const run = neighbours(ranges, taken, wanted.length - fixed.length, random);
  if (run === undefined) return undefined;
  const numbers = wanted.map((port) => (port === 0 ? run.shift()! : port));
  return { numbers, resources: resourcesOf(sources, numbers) };
}

function holds(range: ValueRange, port: number): boolean {
  return range.begin <= port && port <= range.end;
}

/** `count` ports of `ranges` but `taken`, one after the other from a random one on, and round from the first. */
function neighbours(
  ranges: readonly ValueRange[],
  taken: ReadonlySet<number>,
  count: number,
  random: RandomStream,
): number[] | undefined {
  const size = ranges.reduce((sum, { begin, end }) => sum + end - begin + 1, 0);
  if (size - taken.size < count) return undefined;
  const run: number[] = [];
  const start = random.below(size);
  for (let i = 0; run.length < count; i++) {
    const port = portAt(ranges, (start + i) % size);
    if (!taken.has(port)) run.push(port);
  }
  return run;
}

function portAt(ranges: readonly ValueRange[], index: number): number {
  let before = 0;
  for (const { begin, end } of ranges) {
    if (index - before <= end - begin) return begin + index - before;
    before += end - begin + 1;
  }
  throw new RangeError(`no port at ${index}`);
}

/** Each number from the first source that has it. */
function resourcesOf(sources: readonly Resource[], numbers: readonly number[]): Resource[] {
  const left = new Set(numbers);
  const resources: Resource[] = [];
  for (const source of sources) {
    const own = [...left].filter((port) => (source.ranges?.range ?? []).some((range) => holds(range, port)));
    if (own.length === 0) continue;
    for (const port of own) left.delete(port);
    resources.push({ ...source, ranges: { range: coalesced(own.sort((a, b) => a - b)) } });
  }
  return resources;
}

function coalesced(sorted: readonly number[]): ValueRange[] {
  const ranges: ValueRange[] = [];
  for (const port of sorted) {
    const last = ranges.at(-1);
    if (last !== undefined && port === last.end + 1) last.end = port;
    else ranges.push({ begin: port, end: port });
  }
  return ranges;
}
