/**
 * The registry behind `/metrics/snapshot` and `/metrics`. Reading it costs one pass over the names; recording never
 * allocates. A timer keeps the newest {@link TIMER_SAMPLES} samples of the last hour: count and percentiles are over those.
 */
import { assert } from '@mesolite/base';
import type { Clock, Counter, Metrics, Timer } from '@mesolite/ports';
import { systemClock } from './system-time.ts';

const TIMER_WINDOW_MS = 3_600_000;
/** Samples a timer keeps. */
export const TIMER_SAMPLES = 1000;

const PERCENTILES: readonly (readonly [name: string, fraction: number])[] = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
  ['p999', 0.999],
  ['p9999', 0.9999],
];

type Family = () => Iterable<readonly [string, number]>;

type Metric =
  | { readonly kind: 'counter'; readonly counter: CountingCounter }
  | { readonly kind: 'gauge'; readonly read: () => number }
  | { readonly kind: 'timer'; readonly timer: WindowTimer };

type Entry = Metric | { readonly kind: 'family'; readonly read: Family };

export class MetricsRegistry implements Metrics {
  readonly #clock: Clock;
  readonly #metrics = new Map<string, Entry>();
  #sorted: string[] | undefined;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** The counter of this name, made at first use. */
  counter(name: string): Counter {
    const known = this.#metrics.get(name);
    if (known !== undefined) {
      assert(known.kind === 'counter', `metric ${name} is a ${known.kind}`);
      return known.counter;
    }
    const counter = new CountingCounter();
    this.#add(name, { kind: 'counter', counter });
    return counter;
  }

  /** Replaces an older gauge of this name. */
  gauge(name: string, read: () => number): void {
    assert((this.#metrics.get(name)?.kind ?? 'gauge') === 'gauge', `metric ${name} is no gauge`);
    this.#add(name, { kind: 'gauge', read });
  }

  /** The timer of this name, made at first use; it shows as `<name>_ms` and below. */
  timer(name: string): Timer {
    const key = `${name}_ms`;
    const known = this.#metrics.get(key);
    if (known !== undefined) {
      assert(known.kind === 'timer', `metric ${key} is a ${known.kind}`);
      return known.timer;
    }
    const timer = new WindowTimer(this.#clock);
    this.#add(key, { kind: 'timer', timer });
    return timer;
  }

  family(prefix: string, read: Family): void {
    assert((this.#metrics.get(prefix)?.kind ?? 'family') === 'family', `metric ${prefix} is no family`);
    this.#add(prefix, { kind: 'family', read });
  }

  remove(name: string): void {
    if (this.#metrics.delete(name) || this.#metrics.delete(`${name}_ms`)) this.#sorted = undefined;
  }

  /** Flat, sorted by name. A gauge that throws or is not finite is left out. */
  snapshot(): Record<string, number> {
    return Object.fromEntries(this.figures());
  }

  /** The same one by one, each read when it is asked for: metrics may come and go on the way. */
  *figures(): Generator<readonly [name: string, value: number]> {
    for (const [name, metric] of this.#each()) {
      if (metric.kind === 'timer') {
        const last = metric.timer.last();
        if (last === undefined) continue;
        yield [name, last];
        const samples = metric.timer.sorted();
        if (samples.length === 0) continue;
        yield [`${name}/count`, samples.length];
        yield [`${name}/max`, samples[samples.length - 1]!];
        yield [`${name}/min`, samples[0]!];
        for (const [suffix, fraction] of PERCENTILES) yield [`${name}/${suffix}`, percentile(samples, fraction)];
      } else {
        const value = metric.kind === 'counter' ? metric.counter.value : readGauge(metric.read);
        if (Number.isFinite(value)) yield [name, value];
      }
    }
  }

  /** Text exposition format 0.0.4. Names get the prefix `mesos_` and every other character than letters and digits as `_`. */
  prometheus(): string {
    return [...this.prometheusLines()].join('');
  }

  /** The same metric by metric, see {@link figures}. */
  *prometheusLines(): Generator<string> {
    const taken = new Map<string, string>();
    for (const [name, metric] of this.#each()) {
      const id = `mesos_${name.replace(/[^A-Za-z0-9]/g, '_')}`;
      // Two names may meet after replacement; the second is told apart by a label and shares the first one's type line.
      const labels: string[] = [];
      const kind = taken.get(id);
      const type = metric.kind === 'timer' ? 'summary' : metric.kind;
      if (kind !== undefined) labels.push(`metric="${name.replace(/[\\"\n]/g, '_')}"`);
      if (kind !== undefined && kind !== type) continue;
      const body = metric.kind === 'timer' ? timerLines(id, labels, metric.timer) : scalarLines(id, labels, metric);
      if (body.length === 0) continue;
      if (kind === undefined) {
        const help = name.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
        yield `# HELP ${id} ${help} of /metrics/snapshot\n# TYPE ${id} ${type}\n`;
      }
      taken.set(id, type);
      yield `${body.join('\n')}\n`;
    }
  }

  /** Sorted by name: those of a family stand together, since nobody else's names begin as theirs. */
  *#each(): Iterable<readonly [string, Metric]> {
    for (const name of this.#names()) {
      const entry = this.#metrics.get(name);
      if (entry === undefined) continue;
      if (entry.kind !== 'family') yield [name, entry];
      else for (const [suffix, value] of entry.read()) yield [`${name}${suffix}`, { kind: 'gauge', read: () => value }];
    }
  }

  #add(name: string, metric: Entry): void {
    if (!this.#metrics.has(name)) this.#sorted = undefined;
    this.#metrics.set(name, metric);
  }

  #names(): string[] {
    this.#sorted ??= [...this.#metrics.keys()].sort();
    return this.#sorted;
  }
}

class CountingCounter implements Counter {
  value = 0;

  add(count = 1): void {
    this.value += count;
  }
}

class WindowTimer implements Timer {
  readonly #clock: Clock;
  readonly #values: number[] = [];
  readonly #times: number[] = [];
  #next = 0;
  #last: number | undefined;
  /** Over the whole life, for rates. */
  count = 0;
  sum = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  record(milliseconds: number): void {
    this.#values[this.#next] = milliseconds;
    this.#times[this.#next] = this.#clock.monotonicMs();
    this.#next = (this.#next + 1) % TIMER_SAMPLES;
    this.#last = milliseconds;
    this.count++;
    this.sum += milliseconds;
  }

  last(): number | undefined {
    return this.#last;
  }

  /** Samples within the window, ascending. */
  sorted(): number[] {
    const since = this.#clock.monotonicMs() - TIMER_WINDOW_MS;
    return this.#values.filter((_, i) => this.#times[i]! >= since).sort((a, b) => a - b);
  }
}

/** Linear interpolation between the two nearest ranks, as the original does. */
function percentile(sorted: readonly number[], fraction: number): number {
  const position = fraction * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[below + 1] ?? low;
  return low + (position - below) * (high - low);
}

function readGauge(read: () => number): number {
  try {
    return read();
  } catch {
    return Number.NaN;
  }
}

function scalarLines(id: string, labels: readonly string[], metric: Exclude<Metric, { kind: 'timer' }>): string[] {
  const value = metric.kind === 'counter' ? metric.counter.value : readGauge(metric.read);
  return Number.isFinite(value) ? [`${id}${braces(labels)} ${value}`] : [];
}

function timerLines(id: string, labels: readonly string[], timer: WindowTimer): string[] {
  const samples = timer.sorted();
  const lines = PERCENTILES.filter(() => samples.length > 0).map(
    ([, fraction]) => `${id}${braces([...labels, `quantile="${fraction}"`])} ${percentile(samples, fraction)}`,
  );
  return [...lines, `${id}_sum${braces(labels)} ${timer.sum}`, `${id}_count${braces(labels)} ${timer.count}`];
}

function braces(labels: readonly string[]): string {
  return labels.length === 0 ? '' : `{${labels.join(',')}}`;
}
