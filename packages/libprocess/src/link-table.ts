/**
 * Who wants to hear of whose end. Pure bookkeeping: it opens no sockets and calls nobody. A linker is the id of a
 * local process; a linkee is a PID, kept under the address it lives at, because the end of a connection is the end
 * of everybody behind that address.
 */
export interface Farewell {
  readonly linker: string;
  readonly linkee: string;
}

export class LinkTable {
  /** address → linkee → linkers */
  readonly #byAddress = new Map<string, Map<string, Set<string>>>();

  add(linker: string, linkee: string, address: string): void {
    const linkees = this.#byAddress.get(address) ?? new Map<string, Set<string>>();
    const linkers = linkees.get(linkee) ?? new Set<string>();
    this.#byAddress.set(address, linkees.set(linkee, linkers.add(linker)));
  }

  /** Forgets every link to `address` and returns whom to tell. */
  takeAddress(address: string): Farewell[] {
    const farewells: Farewell[] = [];
    for (const [linkee, linkers] of this.#byAddress.get(address) ?? []) {
      for (const linker of linkers) farewells.push({ linker, linkee });
    }
    this.#byAddress.delete(address);
    return farewells;
  }

  /** Forgets every link to this one PID and returns whom to tell. */
  takeLinkee(linkee: string, address: string): Farewell[] {
    const linkees = this.#byAddress.get(address);
    const linkers = linkees?.get(linkee);
    if (linkees === undefined || linkers === undefined) return [];
    linkees.delete(linkee);
    if (linkees.size === 0) this.#byAddress.delete(address);
    return [...linkers].map((linker) => ({ linker, linkee }));
  }

  /** Forgets what `linker` asked for; returns the addresses that nobody is linked to any more. */
  dropLinker(linker: string): string[] {
    const freed: string[] = [];
    for (const [address, linkees] of this.#byAddress) {
      for (const [linkee, linkers] of linkees) {
        if (linkers.delete(linker) && linkers.size === 0) linkees.delete(linkee);
      }
      if (linkees.size > 0) continue;
      this.#byAddress.delete(address);
      freed.push(address);
    }
    return freed;
  }
}
