/** What happened how often in many runs, in lines to read: faults, messages, calls, events. */
export class HitCounts {
  readonly #counts = new Map<string, number>();

  add(hits: ReadonlyMap<string, number>): void {
    for (const [what, count] of hits) this.#counts.set(what, (this.#counts.get(what) ?? 0) + count);
  }

  /** One line for each kind of thing, which is the first word of its name. */
  lines(): string[] {
    const kinds = new Map<string, string[]>();
    for (const [what, count] of [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const at = what.indexOf(' ');
      const [kind, name] = [what.slice(0, at), what.slice(at + 1)];
      kinds.set(kind, [...(kinds.get(kind) ?? []), `${name} ${count}`]);
    }
    return [...kinds].map(([kind, names]) => `${kind}: ${names.join(', ')}`);
  }
}
