/** The node that says what of a store in ZooKeeper counts. */
import { crc32 } from 'node:zlib';

export interface Head {
  readonly format: number;
  readonly generation: number;
  /** Nodes of the snapshot. */
  readonly parts: number;
  /** Number of the first log node after it. */
  readonly firstLog: number;
}

/** Of before: neither the head nor the places of nodes are in any checksum, and nobody says how far the log goes. */
export const FORMER_FORMAT = 1;
export const FORMAT = 2;

/** As JSON, for people who look at it. */
export function formatHead(head: Head): Buffer {
  const { format, generation, parts, firstLog } = head;
  const said = { format, generation, parts, firstLog };
  return Buffer.from(JSON.stringify(format === FORMER_FORMAT ? said : { ...said, checksum: checksumOf(head) }));
}

/** Answers what is wrong with it when it is not as it was written. */
export function parseHead(data: Uint8Array): Head | string {
  let head: Partial<Head & { readonly checksum: number }> | null;
  try {
    head = JSON.parse(Buffer.from(data).toString()) as typeof head;
  } catch {
    return 'is no JSON';
  }
  const { format = 0, generation, parts, firstLog, checksum } = head ?? {};
  if (![format, generation, parts, firstLog].every((number) => Number.isSafeInteger(number)))
    return 'cannot be understood';
  if (format < FORMER_FORMAT || format > FORMAT) return `is of format ${format}; this program knows ${FORMAT}`;
  const expected = format === FORMER_FORMAT ? undefined : checksumOf(head as Head);
  return checksum === expected ? (head as Head) : 'is damaged';
}

function checksumOf({ format, generation, parts, firstLog }: Head): number {
  return crc32(JSON.stringify([format, generation, parts, firstLog]));
}
