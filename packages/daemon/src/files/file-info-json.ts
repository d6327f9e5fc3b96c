/** A directory entry in the JSON form of `/files/browse`: keys sorted, mode as `ls` shows it, mtime in seconds. */
import type { FileInfo } from '@mesolite/wire';
import { jsonDouble } from '../json-number.ts';

/** By the file type bits of a mode. */
const KINDS: ReadonlyMap<number, string> = new Map([
  [0o100000, '-'],
  [0o040000, 'd'],
  [0o020000, 'c'],
  [0o060000, 'b'],
  [0o010000, 'p'],
  [0o120000, 'l'],
  [0o140000, 's'],
]);

export function fileInfoJson(info: FileInfo): string {
  const seconds = Number(info.mtime?.nanoseconds ?? 0n) / 1e9;
  return `{"gid":${JSON.stringify(info.gid ?? '')},"mode":"${modeText(info.mode ?? 0)}","mtime":${jsonDouble(seconds)},"nlink":${info.nlink ?? 0},"path":${JSON.stringify(info.path)},"size":${info.size ?? 0},"uid":${JSON.stringify(info.uid ?? '')}}`;
}

/** Such as `-rw-r--r--`. */
export function modeText(mode: number): string {
  let text = KINDS.get(mode & 0o170000) ?? '-';
  for (let bit = 8; bit >= 0; bit--) text += mode & (1 << bit) ? 'rwx'[(8 - bit) % 3]! : '-';
  return text;
}
