/**
 * RecordIO: the decimal byte length of a record, a newline, the record; repeated without separator.
 * Where chunks of the transport begin and end means nothing.
 */
import { WireError } from './wire-error.ts';

/** Largest record a parser accepts unless told otherwise, in bytes. */
export const MAX_RECORD_BYTES = 64 * 1024 * 1024;

const NEWLINE = 0x0a;

/** One record framed for the wire. */
export function frameRecord(record: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${record.length}\n`, 'latin1'), record]);
}

/** Incremental parser: push what arrived, take the whole records. Throws WireError on a bad or too large length. */
export class RecordParser {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #digits = '';
  #need = -1;

  constructor(maxBytes: number = MAX_RECORD_BYTES) {
    this.#maxBytes = maxBytes;
  }

  push(chunk: Uint8Array): Buffer[] {
    const input = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const records: Buffer[] = [];
    let at = 0;
    while (at < input.length || this.#need === 0) {
      if (this.#need < 0) {
        const byte = input[at++]!;
        if (byte === NEWLINE) {
          if (this.#digits === '') throw new WireError('RecordIO: a record without a length');
          this.#need = Number(this.#digits);
          this.#digits = '';
          if (this.#need > this.#maxBytes)
            throw new WireError(`RecordIO: a record of ${this.#need} bytes exceeds the limit of ${this.#maxBytes}`);
        } else if (byte >= 0x30 && byte <= 0x39 && this.#digits.length < 12) this.#digits += String.fromCharCode(byte);
        else throw new WireError('RecordIO: a length must be at most twelve decimal digits');
        continue;
      }
      const take = Math.min(this.#need - this.#buffered, input.length - at);
      this.#chunks.push(input.subarray(at, at + take));
      this.#buffered += take;
      at += take;
      if (this.#buffered < this.#need) break;
      records.push(Buffer.concat(this.#chunks, this.#need));
      this.#chunks = [];
      this.#buffered = 0;
      this.#need = -1;
    }
    return records;
  }

  /** True when the stream stopped within a record. */
  get truncated(): boolean {
    return this.#need >= 0 || this.#digits !== '';
  }
}
