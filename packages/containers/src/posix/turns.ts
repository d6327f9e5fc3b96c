/**
 * Making a container's directories blocks the event loop for a millisecond or so. A thousand launches in one turn would
 * silence the agent for seconds, so they are spread: one a turn, in the order in which they were asked for.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];

  /** Resolves in a turn that nobody else got. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) setImmediate(() => this.#advance());
    });
  }

  #advance(): void {
    this.#waiting[0]?.();
    this.#waiting.shift();
    if (this.#waiting.length > 0) setImmediate(() => this.#advance());
  }
}
