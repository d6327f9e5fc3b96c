/**
 * The work queue's own executor: one process per agent that does many tasks, one after the other. The agent starts it with
 * the first task and hands it the others; it ends when told to.
 */
import { ExecutorClient } from '@mesolite/sdk';
import type { TaskInfo } from '@mesolite/wire';
import { decodeJob, encode, type Job } from './job.ts';

const made = ExecutorClient.fromEnvironment();
if (!made.ok) {
  console.error(`${made.error}\n\nUsage: node examples/dist/work-queue/scheduler.js, whose tasks this executor does`);
  process.exit(2);
}
const executor = made.value;
const waiting: TaskInfo[] = [];
let working = false;

executor.start({
  launch(task) {
    waiting.push(task);
    if (!working) work();
  },
  kill(taskId) {
    const index = waiting.findIndex((task) => task.task_id.value === taskId);
    // One that is being done is done in a moment; only those that wait can be killed.
    const [killed] = index < 0 ? [] : waiting.splice(index, 1);
    if (killed !== undefined) executor.update({ task_id: killed.task_id, state: 'TASK_KILLED' });
  },
  shutdown() {
    for (const task of waiting.splice(0)) executor.update({ task_id: task.task_id, state: 'TASK_KILLED' });
  },
});

/** One task a turn, so that events from the agent are heard in between. */
function work(): void {
  const task = waiting.shift();
  working = task !== undefined;
  if (task === undefined) return;
  executor.update({ task_id: task.task_id, state: 'TASK_RUNNING' });
  try {
    const job = decodeJob(task.data);
    const data = encode({ ...job, primes: countPrimes(job), pid: process.pid });
    executor.update({ task_id: task.task_id, state: 'TASK_FINISHED', data });
  } catch (error) {
    executor.update({ task_id: task.task_id, state: 'TASK_FAILED', message: (error as Error).message });
  }
  setImmediate(work);
}

function countPrimes({ from, to }: Job): number {
  let primes = 0;
  for (let n = Math.max(2, from); n < to; n++) {
    let divisor = 2;
    while (divisor * divisor <= n && n % divisor !== 0) divisor++;
    if (divisor * divisor > n) primes++;
  }
  return primes;
}

const end = await executor.ended;
console.log(end.message);
