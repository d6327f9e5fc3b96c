/**
 * What a run of the soak test was promised, checked against what happened: by the scheduler's journal and by what the tasks
 * themselves wrote. Knows nothing of the cluster.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Tasks that ran and were reported as lost, or never reported at all (`lost`), and those that ran twice (`doubled`); each
 * with what is known of it. A task that never ran may be reported as anything but finished.
 */
export function judge(directory) {
  const fates = new Map();
  const counts = new Map();
  for (const line of readFileSync(join(directory, 'journal'), 'utf8').split('\n')) {
    const [what, id, state, reason] = line.split(' ');
    if (what === 'launch') {
      if (fates.has(id)) throw new Error(`the scheduler launched ${id} twice`);
      fates.set(id, { id, state: undefined, reason: undefined, starts: 0, ends: 0 });
    } else if (what === 'end') Object.assign(fates.get(id), { state, reason });
  }
  for (const id of readdirSync(join(directory, 'runs'))) {
    const lines = readFileSync(join(directory, 'runs', id), 'utf8').split('\n');
    const fate = fates.get(id);
    if (fate === undefined) throw new Error(`${id} ran, and nobody launched it`);
    fate.starts = lines.filter((line) => line === 'start').length;
    fate.ends = lines.filter((line) => line === 'end').length;
  }
  const lost = [];
  const doubled = [];
  for (const fate of fates.values()) {
    counts.set(fate.state ?? 'unknown', (counts.get(fate.state ?? 'unknown') ?? 0) + 1);
    if (fate.starts > 1) doubled.push(fate);
    const isFinished = fate.state === 'TASK_FINISHED';
    if (fate.state === undefined || isFinished !== (fate.ends === 1) || (!isFinished && fate.starts > 0))
      lost.push(fate);
  }
  return { launched: fates.size, counts: Object.fromEntries(counts), lost, doubled };
}
