/**
 * One task as an earlier process wrote it down. A record of its updates that a crash cut short is cut off, so that what is
 * appended from now on can be read.
 */
import { join } from 'node:path';
import { ok, type Result, type TaskId } from '@mesolite/base';
import { runFiles } from '@mesolite/containers';
import { Resources } from '@mesolite/resources';
import { type StatusUpdate, StatusUpdateRecord, Task } from '@mesolite/wire';
import type { RecoveredTask } from '../../core/index.ts';
import { parseRecords } from '../record-file.ts';
import { reason, type SpoiledFiles } from './spoiled-files.ts';

/** All tasks of a run. */
export async function readTasks(files: SpoiledFiles, run: string): Promise<Result<readonly RecoveredTask[]>> {
  const names = await files.list(join(run, 'tasks'));
  if (!names.ok) return names;
  const tasks: RecoveredTask[] = [];
  for (const name of names.value) {
    const task = await readTask(files, run, name);
    if (!task.ok) return task;
    if (task.value !== undefined) tasks.push(task.value);
  }
  return ok(tasks);
}

async function readTask(files: SpoiledFiles, run: string, name: string): Promise<Result<RecoveredTask | undefined>> {
  const info = files.message(runFiles.taskInfo(run, name), 'task info', Task, ({ task_id, resources }) =>
    task_id.value === name ? Resources.validate(resources) : `it is of task '${task_id.value}'`,
  );
  if (!info.ok || info.value === undefined) return info as Result<undefined>;
  const records = await readUpdates(files, runFiles.taskUpdates(run, name), name);
  return records.ok ? ok({ id: name as TaskId, info: info.value, ...records.value }) : records;
}

type Records = Pick<RecoveredTask, 'updates' | 'acknowledged'>;

async function readUpdates(files: SpoiledFiles, path: string, taskId: string): Promise<Result<Records>> {
  const updates: StatusUpdate[] = [];
  const acknowledged = new Set<string>();
  const found = { updates, acknowledged };
  const failed = (why: string): Result<Records> => {
    const passed = files.passOver(`Failed to read status updates from '${path}': ${why}`);
    return passed.ok ? ok(found) : passed;
  };
  let wholeBytes = 0;
  let cut = false;
  try {
    const data = files.read(path);
    if (data === undefined) return ok(found);
    const file = parseRecords(data);
    cut = file.torn;
    const spoiled = files.checksumError(path, data);
    if (spoiled !== undefined) {
      const told = failed(spoiled);
      if (!told.ok) return told;
    }
    for (const record of file.records) {
      const wrong = take(record, taskId, found);
      if (wrong !== undefined) {
        const told = failed(`${wrong}, ${wholeBytes} bytes from its beginning`);
        if (!told.ok) return told;
        cut = true;
        break;
      }
      wholeBytes += 4 + record.length;
    }
    if (cut) {
      files.log.warning(`Cutting off the end of '${path}' behind ${wholeBytes} bytes`);
      await files.disk.writeAtomic(path, data.subarray(0, wholeBytes));
    }
    return ok(found);
  } catch (error) {
    return failed(reason(error));
  }
}

/** Answers what is wrong with the record, if anything. */
function take(
  data: Buffer,
  taskId: string,
  into: { updates: StatusUpdate[]; acknowledged: Set<string> },
): string | undefined {
  try {
    const { type, update, uuid } = StatusUpdateRecord.decode(data);
    if (type === 'UPDATE' && update !== undefined) {
      if (update.status.task_id.value !== taskId) return `a record is of task '${update.status.task_id.value}'`;
      // Agents of old put the uuid beside the status only.
      into.updates.push({ ...update, uuid: update.uuid ?? update.status.uuid ?? new Uint8Array() });
    } else if (type === 'ACK' && uuid !== undefined) into.acknowledged.add(Buffer.from(uuid).toString('hex'));
    else return 'a record is neither an update nor an acknowledgement';
    return undefined;
  } catch (error) {
    return reason(error);
  }
}
