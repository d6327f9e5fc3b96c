/** Writes the protobuf wire format into a shared scratch buffer that grows; `finish` copies the result out. */

let scratch = Buffer.allocUnsafeSlow(64 * 1024);
/** A scratch larger than this is given back after use, so that one large message does not pin memory. */
const KEEP_BYTES = 4 * 1024 * 1024;

export class BinaryWriter {
  buffer = scratch;
  position = 0;

  #reserve(length: number): void {
    if (this.position + length <= this.buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.position + length));
    this.buffer.copy(grown, 0, 0, this.position);
    this.buffer = grown;
    if (grown.length <= KEEP_BYTES) scratch = grown;
  }

  finish(): Buffer {
    const bytes = Buffer.allocUnsafe(this.position);
    this.buffer.copy(bytes, 0, 0, this.position);
    return bytes;
  }

  /** A varint below 128, such as the tags of the first fields. */
  byte(value: number): void {
    this.#reserve(1);
    this.buffer[this.position++] = value;
  }

  /** A varint of an unsigned number below 2^53. */
  varint(value: number): void {
    this.#reserve(10);
    let rest = value;
    while (rest > 0x7fffffff) {
      this.buffer[this.position++] = (rest & 0x7f) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest > 0x7f) {
      this.buffer[this.position++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.position++] = rest;
  }

  int32(value: number): void {
    if (value >= 0) this.varint(value);
    else this.varint64(BigInt(value));
  }

  sint32(value: number): void {
    this.varint(((value << 1) ^ (value >> 31)) >>> 0);
  }

  varint64(value: bigint): void {
    this.#reserve(10);
    let rest = BigInt.asUintN(64, value);
    while (rest > 0x7fn) {
      this.buffer[this.position++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.buffer[this.position++] = Number(rest);
  }

  int64Number(value: number): void {
    if (value >= 0) this.varint(value);
    else this.varint64(BigInt(value));
  }

  sint64(value: bigint): void {
    this.varint64((value << 1n) ^ (value >> 63n));
  }

  bool(value: boolean): void {
    this.#reserve(1);
    this.buffer[this.position++] = value ? 1 : 0;
  }

  double(value: number): void {
    this.#reserve(8);
    this.position = this.buffer.writeDoubleLE(value, this.position);
  }

  float(value: number): void {
    this.#reserve(4);
    this.position = this.buffer.writeFloatLE(value, this.position);
  }

  fixed32(value: number): void {
    this.#reserve(4);
    this.position = this.buffer.writeUInt32LE(value >>> 0, this.position);
  }

  fixed64(value: bigint): void {
    this.#reserve(8);
    this.position = this.buffer.writeBigUInt64LE(BigInt.asUintN(64, value), this.position);
  }

  string(value: string): void {
    const length = value.length;
    if (length < 64) {
      this.#reserve(length + 1);
      const buffer = this.buffer;
      let at = this.position + 1;
      let i = 0;
      for (; i < length; i++) {
        const c = value.charCodeAt(i);
        if (c > 0x7f) break;
        buffer[at++] = c;
      }
      if (i === length) {
        buffer[this.position] = length;
        this.position = at;
        return;
      }
    }
    const bytes = Buffer.byteLength(value);
    this.varint(bytes);
    this.#reserve(bytes);
    this.buffer.write(value, this.position, 'utf8');
    this.position += bytes;
  }

  bytes(value: Uint8Array): void {
    this.varint(value.length);
    this.raw(value);
  }

  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.buffer.set(value, this.position);
    this.position += value.length;
  }

  /** Opens a delimited value, guessing a one-byte length; give the answer to {@link close}. */
  open(): number {
    this.#reserve(1);
    return this.position++;
  }

  close(mark: number): void {
    const length = this.position - mark - 1;
    if (length < 0x80) {
      this.buffer[mark] = length;
      return;
    }
    let extra = 0;
    for (let rest = length; rest > 0x7f; rest = Math.floor(rest / 128)) extra++;
    this.#reserve(extra);
    this.buffer.copyWithin(mark + 1 + extra, mark + 1, this.position);
    const end = this.position + extra;
    this.position = mark;
    this.varint(length);
    this.position = end;
  }
}
