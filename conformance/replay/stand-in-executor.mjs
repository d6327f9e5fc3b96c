/**
 * A process that does nothing but hold the place of a recorded executor in its sandbox, while the replay speaks for it.
 * It ends when it is told to. Knows no protocol.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../../tools/daemons/daemon-process.mjs';

export class StandInExecutor {
  #file;

  /** @param {string} directory empty, for its signs of life */
  constructor(directory) {
    this.#file = join(directory, 'executor');
  }

  /** For a shell, without quotes, so that it can stand inside JSON. */
  get command() {
    const file = this.#file;
    return `env > ${file}.new; mv ${file}.new ${file}.env; while [ ! -e ${file}.end ]; do sleep 0.02; done`;
  }

  started() {
    return waitFor('the stand-in executor', () => existsSync(`${this.#file}.env`));
  }

  end() {
    writeFileSync(`${this.#file}.end`, '');
  }
}
