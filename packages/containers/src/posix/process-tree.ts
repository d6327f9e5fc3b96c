/**
 * Which processes belong to a container: the descendants of its supervisor, everybody in a session or process group one
 * of them leads or is in, everybody who carries its mark, and all their descendants. Pure.
 */
import type { ProcessStat, ProcessTable } from './process-table.ts';

/** `supervisor` unset: it is gone, only marks lead on. */
export interface TreeRoot {
  readonly mark: string;
  readonly supervisor: number | undefined;
}

/** A table with the directions one walks in. Built once for any number of containers. */
export class ProcessForest {
  readonly table: ProcessTable;
  readonly #children = new Map<number, ProcessStat[]>();
  readonly #sessions = new Map<number, ProcessStat[]>();
  readonly #groups = new Map<number, ProcessStat[]>();
  readonly #marked = new Map<string, ProcessStat[]>();

  /** `markOf` is asked for every process, so it should remember. */
  constructor(table: ProcessTable, markOf: (stat: ProcessStat) => string | undefined) {
    this.table = table;
    for (const stat of table.values()) {
      push(this.#children, stat.parent, stat);
      push(this.#sessions, stat.session, stat);
      push(this.#groups, stat.group, stat);
      const mark = markOf(stat);
      if (mark !== undefined) push(this.#marked, mark, stat);
    }
  }

  /** The members of a container without its supervisor. */
  members(root: TreeRoot): ProcessStat[] {
    const found = new Map<number, ProcessStat>();
    const waiting: ProcessStat[] = [...(this.#marked.get(root.mark) ?? [])];
    if (root.supervisor !== undefined) waiting.push(...(this.#children.get(root.supervisor) ?? []));
    const supervisor = root.supervisor === undefined ? undefined : this.table.get(root.supervisor);
    // Nobody here but us is in the session the supervisor was born into or the agent's.
    const foreign = new Set([0, supervisor?.session, this.table.get(process.pid)?.session]);
    const foreignGroups = new Set([0, supervisor?.group, this.table.get(process.pid)?.group]);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (found.has(next.pid) || next.pid === root.supervisor || next.pid === process.pid || next.pid === 1) continue;
      found.set(next.pid, next);
      waiting.push(...(this.#children.get(next.pid) ?? []));
      if (!foreign.has(next.session)) waiting.push(...(this.#sessions.get(next.session) ?? []));
      if (!foreignGroups.has(next.group)) waiting.push(...(this.#groups.get(next.group) ?? []));
    }
    return [...found.values()];
  }
}

function push<K>(map: Map<K, ProcessStat[]>, key: K, stat: ProcessStat): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [stat]);
  else list.push(stat);
}
