/** What one program prints, in a file: the newest part of it, whatever it prints. Written at once, so that it is there after a crash. */
import { closeSync, openSync, renameSync, writeSync } from 'node:fs';

const PART_BYTES = 32 * 1024 * 1024;

/** At most two parts: `path`, and what was there before as `path.old`. */
export class BoundedLog {
  #path;
  #file;
  #bytes = 0;

  constructor(path) {
    this.#path = path;
    this.#file = openSync(path, 'a');
  }

  write(chunk) {
    this.#bytes += writeSync(this.#file, chunk);
    if (this.#bytes < PART_BYTES) return;
    closeSync(this.#file);
    renameSync(this.#path, `${this.#path}.old`);
    this.#file = openSync(this.#path, 'a');
    this.#bytes = 0;
  }
}
