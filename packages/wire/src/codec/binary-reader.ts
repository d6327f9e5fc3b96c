/** Reads the protobuf wire format (protobuf.dev/programming-guides/encoding). One instance reads one buffer once. */
import { WireError } from './wire-error.ts';

/** Deepest nesting of messages; the original's library allows 100. */
export const MAX_DEPTH = 100;

/**
 * Short strings read lately, by a hash of their bytes. The same ids and names come over and over: a string found here
 * costs no memory, and as a key of a map no second look at its characters.
 */
const lately: (string | undefined)[] = new Array<string | undefined>(4096).fill(undefined);
const LONGEST_KEPT = 48;

export class BinaryReader {
  readonly buffer: Buffer;
  position = 0;
  depth = 0;
  /** Set when a message ended without one of its required fields. */
  incomplete = false;

  constructor(bytes: Uint8Array) {
    this.buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  fail(what: string): never {
    throw new WireError(`Malformed protobuf: ${what} at byte ${this.position}`);
  }

  /** A varint's low 32 bits; upper bits are read and dropped. */
  varint32(): number {
    const buffer = this.buffer;
    let byte = buffer[this.position++];
    if (byte === undefined) this.fail('truncated varint');
    let value = byte & 0x7f;
    if (byte < 0x80) return value;
    for (let shift = 7; shift < 70; shift += 7) {
      byte = buffer[this.position++];
      if (byte === undefined) this.fail('truncated varint');
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    return this.fail('varint longer than ten bytes');
  }

  int32(): number {
    return this.varint32() | 0;
  }

  sint32(): number {
    const value = this.varint32();
    return (value >>> 1) ^ -(value & 1);
  }

  uint64(): bigint {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.buffer[this.position++];
      if (byte === undefined) this.fail('truncated varint');
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high |= bits >>> 4;
      } else if (shift < 63) high |= bits << (shift - 32);
      else high |= bits << 31;
      if (byte < 0x80) return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
    }
    return this.fail('varint longer than ten bytes');
  }

  int64(): bigint {
    return BigInt.asIntN(64, this.uint64());
  }

  sint64(): bigint {
    const value = this.uint64();
    return (value >> 1n) ^ -(value & 1n);
  }

  uint64Number(field: string): number {
    const start = this.position;
    const small = this.#smallVarint();
    if (small >= 0) return small;
    this.position = start;
    const value = this.uint64();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new WireError(`${field}: ${value} is larger than 2^53 - 1`);
    return Number(value);
  }

  int64Number(field: string): number {
    const start = this.position;
    const small = this.#smallVarint();
    if (small >= 0) return small;
    this.position = start;
    const value = this.int64();
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw new WireError(`${field}: ${value} is beyond ±(2^53 - 1)`);
    return number;
  }

  /** A varint of at most four bytes, or -1 when it is longer. */
  #smallVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.buffer[this.position++];
      if (byte === undefined) this.fail('truncated varint');
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return -1;
  }

  bool(): boolean {
    return this.uint64Any() !== 0;
  }

  /** Zero exactly if the varint is zero, whatever its length. */
  uint64Any(): number {
    let any = 0;
    for (let i = 0; i < 10; i++) {
      const byte = this.buffer[this.position++];
      if (byte === undefined) this.fail('truncated varint');
      any |= byte & 0x7f;
      if (byte < 0x80) return any;
    }
    return this.fail('varint longer than ten bytes');
  }

  #take(length: number): number {
    const at = this.position;
    if (at + length > this.buffer.length) this.fail('truncated value');
    this.position = at + length;
    return at;
  }

  double(): number {
    return this.buffer.readDoubleLE(this.#take(8));
  }

  float(): number {
    return this.buffer.readFloatLE(this.#take(4));
  }

  fixed32(): number {
    return this.buffer.readUInt32LE(this.#take(4));
  }

  sfixed32(): number {
    return this.buffer.readInt32LE(this.#take(4));
  }

  fixed64(): bigint {
    return this.buffer.readBigUInt64LE(this.#take(8));
  }

  sfixed64(): bigint {
    return this.buffer.readBigInt64LE(this.#take(8));
  }

  /** Length of a delimited value; the position is at its first byte. */
  length(): number {
    const length = this.varint32();
    if (length > this.buffer.length - this.position) this.fail('length beyond the end');
    return length;
  }

  string(): string {
    const length = this.length();
    const start = this.position;
    const end = start + length;
    this.position = end;
    const buffer = this.buffer;
    if (length > LONGEST_KEPT) return buffer.toString('utf8', start, end);
    let hash = length;
    for (let i = start; i < end; i++) {
      const c = buffer[i]!;
      if (c > 0x7f) return buffer.toString('utf8', start, end);
      hash = (Math.imul(hash, 31) + c) | 0;
    }
    const place = (hash ^ (hash >>> 12)) & (lately.length - 1);
    const known = lately[place];
    if (known !== undefined && known.length === length) {
      let i = 0;
      while (i < length && known.charCodeAt(i) === buffer[start + i]) i++;
      if (i === length) return known;
    }
    const text = buffer.toString('latin1', start, end);
    lately[place] = text;
    return text;
  }

  /** A copy, so that a small value never keeps a large receive buffer alive. */
  bytes(): Buffer {
    const length = this.length();
    const start = this.position;
    this.position = start + length;
    return Buffer.from(this.buffer.subarray(start, start + length));
  }

  /** Skips the value after `tag`. */
  skip(tag: number): void {
    switch (tag & 7) {
      case 0:
        this.uint64Any();
        break;
      case 1:
        this.#take(8);
        break;
      case 2: {
        const length = this.length();
        this.position += length;
        break;
      }
      case 3: {
        if (++this.depth > MAX_DEPTH) this.fail(`nesting deeper than ${MAX_DEPTH}`);
        for (;;) {
          const inner = this.varint32();
          if ((inner & 7) === 4) {
            if (inner >>> 3 !== tag >>> 3) this.fail('group ends with another number');
            break;
          }
          this.skip(inner);
        }
        this.depth--;
        break;
      }
      case 5:
        this.#take(4);
        break;
      default:
        this.fail(`wire type ${tag & 7}`);
    }
  }
}
