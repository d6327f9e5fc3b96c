/**
 * What a run of the soak test was promised, checked against what happened: by the scheduler's journal and by what the tasks
 * themselves wrote. Knows nothing of the cluster.
 *
 * Lines of the journal: `framework ID`, and `WHAT TASK MILLISECONDS ...` where WHAT is `launch` (agent), `heard` or `end`
 * (state, agent, source, reason), or `late`, an update that came after the end and says something else.
 */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

export class Ledger {
  #directory;
  #read = 0;
  #rest = '';
  #fates = new Map();
  /** Ended since somebody looked, or not finished: those may still turn out to run. */
  #doubtful = new Set();

  constructor(directory) {
    this.#directory = directory;
  }

  /** Ended tasks of which it is certain by now that they were lost or doubled. As `judge`, but reads only what is new. */
  amiss() {
    this.#readJournal();
    const ended = [...this.#doubtful];
    for (const fate of ended) {
      this.#readRuns(fate);
      if (fate.state === 'TASK_FINISHED') this.#doubtful.delete(fate);
    }
    return verdicts(ended);
  }

  /**
   * Of all tasks: those that ran and were reported as lost, or never reported at all (`lost`), and those that ran twice
   * (`doubled`). A task that never ran may be reported as anything but finished.
   */
  judge() {
    this.#readJournal();
    for (const id of readdirSync(join(this.#directory, 'runs'))) {
      const fate = this.#fates.get(id);
      if (fate === undefined) throw new Error(`${id} ran, and nobody launched it`);
      this.#readRuns(fate);
    }
    const counts = {};
    for (const { state = 'unknown' } of this.#fates.values()) counts[state] = (counts[state] ?? 0) + 1;
    return { launched: this.#fates.size, counts, ...verdicts([...this.#fates.values()]) };
  }

  #readRuns(fate) {
    const lines = readIfThere(join(this.#directory, 'runs', fate.id)).split('\n');
    fate.starts = lines.filter((line) => line.startsWith('start '));
    fate.ends = lines.filter((line) => line === 'end').length;
  }

  #readJournal() {
    const file = openSync(join(this.#directory, 'journal'), 'r');
    const buffer = Buffer.alloc(1 << 20);
    try {
      for (;;) {
        const count = readSync(file, buffer, 0, buffer.length, this.#read);
        if (count === 0) return;
        this.#read += count;
        const lines = (this.#rest + buffer.toString('latin1', 0, count)).split('\n');
        this.#rest = lines.pop();
        for (const line of lines) this.#enter(line);
      }
    } finally {
      closeSync(file);
    }
  }

  #enter(line) {
    const [what, id, ms, ...more] = line.split(' ');
    if (what === 'framework') return;
    const atMs = Number(ms);
    if (what === 'launch') {
      if (this.#fates.has(id)) throw new Error(`the scheduler launched ${id} twice`);
      this.#fates.set(id, { id, agent: more[0], launchedMs: atMs, state: undefined, heard: [], starts: [], ends: 0 });
      return;
    }
    const fate = this.#fates.get(id);
    const [state, agent, source, reason] = more;
    fate.heard.push({ what, atMs, state, agent, source, reason });
    if (what !== 'end') return;
    fate.state = state;
    fate.endedMs = atMs;
    this.#doubtful.add(fate);
  }
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}

function verdicts(fates) {
  const isLost = ({ state, starts, ends }) => {
    const isFinished = state === 'TASK_FINISHED';
    return state === undefined || isFinished !== (ends === 1) || (!isFinished && starts.length > 0);
  };
  return { lost: fates.filter(isLost), doubled: fates.filter(({ starts }) => starts.length > 1) };
}
