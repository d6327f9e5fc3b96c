/** A process that writes down what it is told, and lets a test wait for it. */
import type { LinkedProcess } from '@mesolite/ports';

export interface Heard {
  readonly from: string;
  readonly name: string;
  readonly body: Buffer;
  readonly connection: number | undefined;
}

export class RecordingProcess implements LinkedProcess {
  readonly messages: Heard[] = [];
  readonly exits: string[] = [];
  #waiting: (() => void)[] = [];

  message(from: string, name: string, body: Uint8Array, connection?: number): void {
    this.messages.push({ from, name, body: Buffer.from(body), connection });
    this.#wake();
  }

  exited(pid: string): void {
    this.exits.push(pid);
    this.#wake();
  }

  /** Resolves as soon as `condition` holds; looks after each thing the process is told. */
  until(what: string, condition: () => boolean): Promise<void> {
    return eventually(what, condition, (look) => this.#waiting.push(look));
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const look of waiting) look();
  }
}

const DEADLINE_MS = 20_000;

/** Resolves as soon as `condition` holds. `again` calls back when it is worth another look. */
export function eventually(
  what: string,
  condition: () => boolean,
  again: (look: () => void) => void = setImmediate,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let over = false;
    const timer = setTimeout(() => {
      over = true;
      reject(new Error(`waited in vain: ${what}`));
    }, DEADLINE_MS);
    const look = (): void => {
      if (over) return;
      if (condition()) {
        clearTimeout(timer);
        resolve();
      } else again(look);
    };
    look();
  });
}
