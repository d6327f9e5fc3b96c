/**
 * Bytes as nodes of a server that takes only so much at once: writes and snapshots cut into nodes, and put together again.
 *
 * A write that fits one node is that node. A larger one is in parts, and its node in the log, which is made last, says how
 * many there are and what they add up to: without it they are nothing.
 */
import { crc32 } from 'node:zlib';

/** ZooKeeper takes a mebibyte in one request; some is needed for names and headers. */
const MAX_NODE_BYTES = 900 * 1024;
/** As the length of a first key it would be none: nothing that has entries begins like this. */
const IN_PARTS = 0xffff_ffff;
const SUMMARY_BYTES = 12;

export interface Parts {
  readonly count: number;
  /** Of all parts together. */
  readonly checksum: number;
}

/** Without parts: all is in `last`. */
export function cutWrite(bytes: Buffer): { readonly parts: readonly Buffer[]; readonly last: Buffer } {
  if (bytes.length <= MAX_NODE_BYTES) return { parts: [], last: bytes };
  const parts = cut(bytes);
  const summary = Buffer.allocUnsafe(SUMMARY_BYTES);
  summary.writeUInt32BE(IN_PARTS);
  summary.writeUInt32BE(parts.length, 4);
  summary.writeUInt32BE(crc32(bytes), 8);
  return { parts, last: summary };
}

/** Undefined when the bytes are the write itself. */
export function partsOf(bytes: Uint8Array): Parts | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer.length !== SUMMARY_BYTES || buffer.readUInt32BE() !== IN_PARTS) return undefined;
  return { count: buffer.readUInt32BE(4), checksum: buffer.readUInt32BE(8) };
}

/** Undefined when they are not those that were meant. */
export function joinParts(parts: readonly Uint8Array[], { checksum }: Parts): Buffer | undefined {
  const bytes = Buffer.concat(parts);
  return crc32(bytes) === checksum ? bytes : undefined;
}

/** Into what fits nodes. */
export function cut(bytes: Buffer): Buffer[] {
  const nodes: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += MAX_NODE_BYTES) nodes.push(bytes.subarray(at, at + MAX_NODE_BYTES));
  return nodes;
}
