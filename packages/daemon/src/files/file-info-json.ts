/** A directory entry in the JSON form of `/files/browse`: keys sorted, mode as `ls` shows it, mtime in seconds. */
import type { FileInfo } from '@mesolite/wire';
import { jsonDouble } from '../json-number.ts';

const KINDS: Readonly<Record<number, string>> = {
  16807: '-',
  9604: 'd',
  4802: 'c',
  14406: 'b',
  2401: 'p',
  21609: 'l',
  26411: 's',
};

export function fileInfoJson(info: FileInfo): string {
  const seconds = Number(info.mtime?.nanoseconds ?? 0n) / 1e9;
  return `{"gid":${JSON.stringify(info.gid ?? '')},"mode":"${modeText(info.mode ?? 0)}","mtime":${jsonDouble(seconds)},"nlink":${info.nlink ?? 0},"path":${JSON.stringify(info.path)},"size":${info.size ?? 0},"uid":${JSON.stringify(info.uid ?? '')}}`;
}

/** Such as `-rw-r--r--`. */
export function modeText(mode: number): string {
  let text = KINDS[mode & 0o170000] ?? '-';
  for (let bit = 8; bit >= 0; bit--) text += mode & (1 << bit) ? 'rwx'[(8 - bit) % 3]! : '-';
  return text;
}
