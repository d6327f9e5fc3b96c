/** Metrics that are only counted: what a core needs to be given one. */
import type { Counter, Metrics } from '@mesolite/ports';

export function plainMetrics(): Metrics {
  const values = new Map<string, number>();
  const gauges = new Map<string, () => number>();
  return {
    counter(name): Counter {
      if (!values.has(name)) values.set(name, 0);
      return {
        add: (count = 1) => void values.set(name, (values.get(name) ?? 0) + count),
        get value() {
          return values.get(name) ?? 0;
        },
      };
    },
    gauge: (name, read) => void gauges.set(name, read),
    family: () => {},
    timer: () => ({ record: () => {} }),
    remove: (name) => {
      values.delete(name);
      gauges.delete(name);
    },
    snapshot: () => Object.fromEntries([...values, ...[...gauges].map(([name, read]) => [name, read()] as const)]),
  };
}
