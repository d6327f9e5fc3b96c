/**
 * The agent's core: a directory from input kind to handler. No rules here.
 */
import type { AgentEffect } from './effects.ts';
import type { AgentInput, Now } from './inputs.ts';
import type { AgentOptions } from './options.ts';

export class AgentCore {
  readonly options: AgentOptions;
  #effects: AgentEffect[] = [];

  constructor(options: AgentOptions) {
    this.options = options;
  }

  /** Takes one input in; what follows from it waits in the outbox. */
  step(_input: AgentInput, _now: Now): void {}

  /** Hands out what is to be done, in order, and forgets it. */
  drain(): AgentEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** Throws AssertionError when a table contradicts another. */
  check(): void {}
}
