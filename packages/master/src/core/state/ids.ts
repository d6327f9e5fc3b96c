/** Ids this master hands out: its own id and a counter each. */
import type { AgentId, FrameworkId, OfferId } from '@mesolite/base';

export class IssuedIds {
  readonly #masterId: string;
  #frameworks = 0;
  #agents = 0;
  #offers = 0;
  #observers = 0;

  constructor(masterId: string) {
    this.#masterId = masterId;
  }

  framework(): FrameworkId {
    return `${this.#masterId}-${String(this.#frameworks++).padStart(4, '0')}` as FrameworkId;
  }

  agent(): AgentId {
    return `${this.#masterId}-S${this.#agents++}` as AgentId;
  }

  offer(): OfferId {
    return `${this.#masterId}-O${this.#offers++}` as OfferId;
  }

  /** Numbers of `slave-observer(N)` start at 1. */
  observer(): number {
    return ++this.#observers;
  }
}
