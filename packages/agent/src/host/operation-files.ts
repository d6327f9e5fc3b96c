/**
 * Operations an earlier process of the same agent had not seen acknowledged, read back with their records. A record torn
 * by a crash is cut off; a spoiled one keeps the agent from starting, as it would the original's.
 */
import { basename, join } from 'node:path';
import { err, formatUuid, ok, type Result } from '@mesolite/base';
import { agentPath, metaFiles, metaPath } from '@mesolite/containers';
import type { Disk, Log } from '@mesolite/ports';
import { type Operation, UpdateOperationStatusRecord, WireError } from '@mesolite/wire';
import type { RecoveredOperation, RecoveredOperations } from '../core/index.ts';
import { readRecords } from './record-file.ts';

/** Those of `remembered` that are of agent `agentId`. */
export async function recoverOperations(
  where: { readonly workDirectory: string; readonly agentId: string },
  remembered: readonly Operation[],
  disk: Disk,
  log: Log,
): Promise<Result<RecoveredOperations>> {
  const directory = join(agentPath(metaPath(where.workDirectory), where.agentId), 'operations');
  const own = remembered.filter(({ agent_id }) => agent_id === undefined || agent_id.value === where.agentId);
  const paths = new Map((await disk.list(directory)).map((name) => [name, join(directory, name)]));
  const operations: RecoveredOperation[] = [];
  const discard: string[] = [];
  for (const operation of own) {
    const name = formatUuid(operation.uuid.value);
    const path = paths.get(name);
    paths.delete(name);
    const stream = path === undefined ? ok('empty' as const) : await readStream(disk, path, log);
    if (!stream.ok) return stream;
    if (stream.value === 'acknowledged') discard.push(path ?? '');
    else operations.push({ operation, recorded: stream.value === 'recorded' });
  }
  for (const path of paths.values()) {
    log.warning(`Removing the records of unknown operation ${basename(path)}`);
    discard.push(path);
  }
  return ok({ operations, discard });
}

/** How far the outcome of an operation came before the process ended. */
async function readStream(
  disk: Disk,
  directory: string,
  log: Log,
): Promise<Result<'empty' | 'recorded' | 'acknowledged'>> {
  const path = metaFiles.operationUpdates(directory);
  const file = await readRecords(disk, path);
  if (file === undefined) return ok('empty');
  let last: Uint8Array | undefined;
  try {
    for (const data of file.records) {
      const record = UpdateOperationStatusRecord.decode(data);
      // Operations on an agent's own resources have one outcome, which is their last status.
      if (record.update !== undefined) last = record.update.status.uuid?.value;
      const acknowledged = record.type === 'ACK' ? record.uuid?.value : undefined;
      if (acknowledged !== undefined && last !== undefined && Buffer.compare(acknowledged, last) === 0)
        return ok('acknowledged');
    }
  } catch (error) {
    if (error instanceof WireError) return err(`Failed to read '${path}': ${error.message}`);
    throw error;
  }
  if (file.torn) {
    log.warning(`Cutting off the torn end of '${path}' behind ${file.wholeBytes} bytes`);
    const data = (await disk.read(path)) ?? new Uint8Array();
    await disk.writeAtomic(path, data.subarray(0, file.wholeBytes));
  }
  return ok(file.records.length === 0 ? 'empty' : 'recorded');
}
