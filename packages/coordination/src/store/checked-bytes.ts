/** Bytes that say whether they are still those that were written: a CRC-32 before them. */
import { crc32 } from 'node:zlib';

const CHECKSUM_BYTES = 4;

/** With a `name` they are right only where they were meant to be. */
export function withChecksum(bytes: Uint8Array, name?: string): Buffer {
  const checked = Buffer.allocUnsafe(CHECKSUM_BYTES + bytes.length);
  checked.writeUInt32BE(checksumOf(bytes, name));
  checked.set(bytes, CHECKSUM_BYTES);
  return checked;
}

/** Undefined when they are not. */
export function withoutChecksum(checked: Uint8Array, name?: string): Uint8Array | undefined {
  if (checked.length < CHECKSUM_BYTES) return undefined;
  const bytes = checked.subarray(CHECKSUM_BYTES);
  const written = Buffer.from(checked.buffer, checked.byteOffset, checked.length).readUInt32BE();
  return checksumOf(bytes, name) === written ? bytes : undefined;
}

function checksumOf(bytes: Uint8Array, name: string | undefined): number {
  return name === undefined ? crc32(bytes) : entryChecksum(name, bytes);
}

/** Of one entry; the exclusive or over all entries of a map does not depend on their order, and is kept up cheaply. */
export function entryChecksum(key: string, value: Uint8Array): number {
  return crc32(value, crc32(`${key}\0`));
}
