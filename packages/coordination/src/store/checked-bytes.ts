/** Bytes that say whether they are still those that were written: a CRC-32 before them. */
import { crc32 } from 'node:zlib';

const CHECKSUM_BYTES = 4;

export function withChecksum(bytes: Uint8Array): Buffer {
  const checked = Buffer.allocUnsafe(CHECKSUM_BYTES + bytes.length);
  checked.writeUInt32BE(crc32(bytes));
  checked.set(bytes, CHECKSUM_BYTES);
  return checked;
}

/** Undefined when they are not. */
export function withoutChecksum(checked: Uint8Array): Uint8Array | undefined {
  if (checked.length < CHECKSUM_BYTES) return undefined;
  const bytes = checked.subarray(CHECKSUM_BYTES);
  const written = Buffer.from(checked.buffer, checked.byteOffset, checked.length).readUInt32BE();
  return crc32(bytes) === written ? bytes : undefined;
}

/** Of one entry; the exclusive or over all entries of a map does not depend on their order, and is kept up cheaply. */
export function entryChecksum(key: string, value: Uint8Array): number {
  return crc32(value, crc32(`${key}\0`));
}
