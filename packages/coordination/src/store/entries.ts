/** Changes by key as bytes: each with the length and text of its key, then of its value, or that there is none. */
import { assert } from '@mesolite/base';
import type { StoreChanges } from './store.ts';

const LENGTH_BYTES = 4;
const REMOVED = 0xffff_ffff;

/** Every backend asks this before a write: as bytes two keys that are no Unicode may be one, and entries would be lost. */
export function assertKeys(changes: StoreChanges): void {
  for (const key of changes.keys())
    assert(key.isWellFormed(), `the key ${JSON.stringify(key)} of the store is not well-formed Unicode`);
}

export function encodeEntries(changes: Iterable<readonly [string, Uint8Array | undefined]>): Buffer {
  const parts: Uint8Array[] = [];
  for (const [key, value] of changes) {
    const name = Buffer.from(key);
    const head = Buffer.allocUnsafe(2 * LENGTH_BYTES);
    head.writeUInt32BE(name.length);
    head.writeUInt32BE(value?.length ?? REMOVED, LENGTH_BYTES);
    parts.push(head, name);
    if (value !== undefined) parts.push(value);
  }
  return Buffer.concat(parts);
}

/** Bytes that an entry takes. */
export function entryBytes(key: string, value: Uint8Array | undefined): number {
  return 2 * LENGTH_BYTES + Buffer.byteLength(key) + (value?.length ?? 0);
}

/** Undefined when the bytes are none of ours. */
export function decodeEntries(bytes: Uint8Array): StoreChanges | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const changes = new Map<string, Uint8Array | undefined>();
  let at = 0;
  while (at < buffer.length) {
    if (at + 2 * LENGTH_BYTES > buffer.length) return undefined;
    const keyLength = buffer.readUInt32BE(at);
    const valueLength = buffer.readUInt32BE(at + LENGTH_BYTES);
    at += 2 * LENGTH_BYTES;
    const end = at + keyLength + (valueLength === REMOVED ? 0 : valueLength);
    if (end > buffer.length) return undefined;
    const key = buffer.toString('utf8', at, at + keyLength);
    changes.set(
      key,
      valueLength === REMOVED ? undefined : Uint8Array.prototype.slice.call(buffer, at + keyLength, end),
    );
    at = end;
  }
  return changes;
}

export function applyChanges(contents: Map<string, Uint8Array>, changes: StoreChanges): void {
  for (const [key, value] of changes)
    if (value === undefined) contents.delete(key);
    else contents.set(key, value);
}
