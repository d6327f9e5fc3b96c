/** Files of checkpoints: records behind their length in four bytes, little-endian. A crash may leave the last one torn. */
import type { Disk } from '@mesolite/ports';

export interface RecordFile {
  readonly records: readonly Buffer[];
  /** Bytes of the whole records; less than the file has when the last one is torn. */
  readonly wholeBytes: number;
  readonly torn: boolean;
}

/** Nothing when there is no such file. */
export async function readRecords(disk: Disk, path: string): Promise<RecordFile | undefined> {
  const data = await disk.read(path);
  return data === undefined ? undefined : parseRecords(data);
}

export function parseRecords(data: Uint8Array): RecordFile {
  const all = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const records: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = at + 4 <= all.length ? at + 4 + all.readUInt32LE(at) : Number.POSITIVE_INFINITY;
    if (end > all.length) return { records, wholeBytes: at, torn: at < all.length };
    records.push(all.subarray(at + 4, end));
    at = end;
  }
}
