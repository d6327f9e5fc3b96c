/** The one master named by `--master`: resolved anew each time it is asked for, as its address may change. */
import { lookup } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import { err, ok, type Result } from '@mesolite/base';
import { parsePid } from '@mesolite/libprocess';
import { MASTER_PROCESS_ID } from '@mesolite/wire';
import type { Leader } from '../core/index.ts';

/** `host:port` or `master@host:port`. The error says what cannot be resolved. */
export async function standaloneMaster(text: string): Promise<Result<Leader>> {
  const parsed = parsePid(text.includes('@') ? text : `${MASTER_PROCESS_ID}@${text}`);
  if (!parsed.ok) return err(`--master: ${parsed.error}`);
  const { id, ip: host, port } = parsed.value;
  try {
    // Masters name themselves by address; messages from another name would not count as theirs.
    const ip = isIPv4(host) ? host : (await lookup(host, { family: 4 })).address;
    return ok({ pid: `${id}@${ip}:${port}`, hostname: host });
  } catch (error) {
    return err(`--master: failed to resolve '${host}': ${(error as Error).message}`);
  }
}
