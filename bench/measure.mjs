/** Small instruments: quantiles, CPU time of a process, and a result line as the repository's commands print it. */
import { readFileSync } from 'node:fs';

/** Exact quantile of a list, by nearest rank. */
export function quantile(values, q) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))];
}

/** CPU seconds, user and system, that a process has used. Linux only. */
export function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function rounded(value) {
  return Number(value.toPrecision(4));
}

/**
 * Collects figures of one benchmark. An aim is `{ atLeast }` or `{ atMost }`; headline figures are those by which
 * benchmarks are compared.
 */
export class Figures {
  lines = [];
  #bench;
  #params;

  constructor(bench, params) {
    this.#bench = bench;
    this.#params = params;
  }

  add(metric, value, unit, { headline = false, aim, params = {} } = {}) {
    const line = {
      bench: this.#bench,
      metric,
      value: rounded(value),
      unit,
      headline,
      params: { ...this.#params, ...params },
    };
    if (aim !== undefined) line.aim = aim;
    this.lines.push(line);
    console.log(JSON.stringify(line));
  }
}

/** Whether a figure keeps its aim; undefined when it has none. */
export function meetsAim({ value, aim }) {
  if (aim === undefined) return undefined;
  return aim.atLeast === undefined ? value <= aim.atMost : value >= aim.atLeast;
}
