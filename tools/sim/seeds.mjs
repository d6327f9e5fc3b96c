/**
 * Many seeds on several threads, told in the order of seeds and up to the first violation, as if they had run one after the
 * other.
 */
import { Worker } from 'node:worker_threads';

/** A run leaves much garbage and keeps little: a larger nursery is emptied less often. */
const NURSERY_MB = 192;

/** Yields `{scenario, outcome}` for each seed; without its log unless something was found, or `log` is set. */
export async function* runSeeds({ first, count, scenarios, jobs, onlyFaults, log }) {
  const results = new Map();
  let next = 0;
  let wanted = count;
  let wake = () => {};
  const workers = Array.from({ length: jobs }, () => {
    const worker = new Worker(new URL('./seed-worker.mjs', import.meta.url), {
      workerData: { scenarios, onlyFaults, log },
      resourceLimits: { maxYoungGenerationSizeMb: NURSERY_MB },
    });
    const give = () => {
      if (next < wanted) worker.postMessage(first + next++);
    };
    worker.on('message', ({ seed, outcome }) => {
      if (outcome.violation !== undefined) wanted = Math.min(wanted, seed - first + 1);
      results.set(seed, { outcome });
      give();
      wake();
    });
    worker.on('error', (error) => {
      results.set('error', { error });
      wake();
    });
    give();
    return worker;
  });
  try {
    for (let seed = first; seed < first + wanted; seed++) {
      while (!results.has(seed) && !results.has('error')) {
        await new Promise((resolve) => {
          wake = resolve;
        });
      }
      const { outcome, error } = results.get(seed) ?? results.get('error');
      if (error !== undefined) throw error;
      results.delete(seed);
      yield { scenario: scenarios[seed % scenarios.length], outcome };
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
