/**
 * One look at /proc: who runs, under whom, in which session, and which container's mark it carries. Read in
 * slices, about 20 µs a process; who is born meanwhile may be missed. Must never signal anybody.
 */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { CARRIER, MARKER } from './command-line.ts';

export interface ProcessStat {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Clock ticks, of which Linux shows 100 a second; own time and that of children it has waited for. */
  readonly userTicks: number;
  readonly systemTicks: number;
  readonly threads: number;
  readonly startTicks: number;
  readonly residentPages: number;
}

/** Undefined for text that is no line of /proc/PID/stat. */
export function parseStat(text: string): ProcessStat | undefined {
  // The command's name, in parentheses, may hold anything, parentheses too.
  const close = text.lastIndexOf(')');
  const pid = Number.parseInt(text, 10);
  if (close < 0 || !Number.isInteger(pid)) return undefined;
  const fields = text.slice(close + 2).split(' ');
  if (fields.length < 22) return undefined;
  // proc(5) counts from 1; `state`, our first, is its third.
  const at = (index: number): number => Number(fields[index - 3]);
  return {
    pid,
    state: fields[0] ?? '',
    parent: at(4),
    group: at(5),
    session: at(6),
    userTicks: at(14) + at(16),
    systemTicks: at(15) + at(17),
    threads: at(20),
    startTicks: at(22),
    residentPages: at(24),
  };
}

export type ProcessTable = ReadonlyMap<number, ProcessStat>;

const buffer = Buffer.allocUnsafe(4096);

function readStat(pid: string): ProcessStat | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(`/proc/${pid}/stat`, 'r');
  } catch {
    return undefined;
  }
  try {
    return parseStat(buffer.toString('latin1', 0, readSync(descriptor, buffer)));
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/** Processes read before other work of the agent gets its turn: a millisecond or two. */
const SLICE = 64;

/** Every process but zombies, which can neither be signalled nor have children. */
export async function readProcessTable(): Promise<ProcessTable> {
  const table = new Map<number, ProcessStat>();
  for (const [index, name] of readdirSync('/proc').entries()) {
    if (index % SLICE === SLICE - 1) await new Promise(setImmediate);
    const first = name.charCodeAt(0);
    if (first < 48 || first > 57) continue;
    const stat = readStat(name);
    if (stat !== undefined && stat.state !== 'Z' && stat.state !== 'X') table.set(stat.pid, stat);
  }
  return table;
}

/**
 * Marks of containers by process, from the environment each was started with or by adoption. Remembers what it read, since a
 * process outside every container does not enter one later.
 */
export class ContainerMarks {
  #known = new Map<number, { readonly startTicks: number; readonly mark: string | undefined }>();

  of(stat: ProcessStat): string | undefined {
    const known = this.#known.get(stat.pid);
    if (known?.startTicks === stat.startTicks) return known.mark;
    const mark = readMark(stat.pid);
    this.#known.set(stat.pid, { startTicks: stat.startTicks, mark });
    return mark;
  }

  /** Remembers a process without a mark that was met in a container: once its parents are gone, nothing else tells. */
  adopt(stat: ProcessStat, mark: string): void {
    if (this.of(stat) === undefined) this.#known.set(stat.pid, { startTicks: stat.startTicks, mark });
  }

  /** Forgets processes that are gone. */
  keepOnly(table: ProcessTable): void {
    if (this.#known.size <= 2 * table.size + 64) return;
    this.#known = new Map([...this.#known].filter(([pid]) => table.has(pid)));
  }
}

/** On its way to the command the mark travels under the carrier's name. */
const MARK = new RegExp(`\0(${CARRIER})?${MARKER}=`);

function readMark(pid: number): string | undefined {
  try {
    const environment = `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`;
    const match = MARK.exec(environment);
    if (match === null) return undefined;
    const from = match.index + match[0].length;
    const end = environment.indexOf('\0', from);
    return environment.slice(from, end < 0 ? undefined : end);
  } catch {
    // Gone, or not ours to read.
    return undefined;
  }
}
