/**
 * A queue of jobs, done by executors of our own: as many tasks as an offer holds, each with its job as data, results in
 * the data of the last update. A job whose task was lost goes back into the queue.
 *
 * node examples/dist/work-queue/scheduler.js [--master=127.0.0.1:5050] [--jobs=20]
 */
import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import {
  executor,
  fits,
  isTerminal,
  program,
  type ResourceNeeds,
  SchedulerClient,
  scalarOf,
  task,
} from '@mesolite/sdk';
import type { Offer } from '@mesolite/wire';
import { commandLine } from '../command-line.ts';
import { decodeResult, encode, type Job } from './job.ts';

const JOB_SIZE = 20_000;
const PER_TASK: ResourceNeeds = { cpus: 0.1, mem: 16 };
const PER_EXECUTOR: ResourceNeeds = { cpus: 0.1, mem: 64 };

const { master, jobs: total } = commandLine('work-queue/scheduler.js', { jobs: 20 });
const queue: Job[] = Array.from({ length: total }, (_, i) => ({
  from: i * JOB_SIZE,
  to: (i + 1) * JOB_SIZE,
}));
const underway = new Map<string, Job>();
let launched = 0;
let done = 0;
let primes = 0;

// The same executor for all tasks: an agent starts one process and gives it every task. Its code lies beside ours, which
// is enough on one machine; on several, fetch it by `uris` or have it in an image.
const worker = executor({
  id: 'prime-counter',
  command: program(process.execPath, [fileURLToPath(new URL('./executor.js', import.meta.url))]),
  ...PER_EXECUTOR,
});

const scheduler = new SchedulerClient({
  master,
  framework: { name: 'work queue', user: userInfo().username, failover_timeout: 60 },
});

scheduler.start({
  offers(offers) {
    for (const offer of offers) {
      const tasks = takeJobs(offer).map(([id, job]) =>
        task({ id, name: `primes up to ${job.to}`, executor: worker, data: encode(job), ...PER_TASK }),
      );
      // With no tasks this declines the offer. Nothing to do: do not ask again soon.
      if (tasks.length > 0) scheduler.launch(offer, tasks);
      else scheduler.decline([offer], 60);
    }
  },
  update(status) {
    const id = status.task_id.value;
    const job = underway.get(id);
    if (job === undefined || !isTerminal(status.state)) return;
    underway.delete(id);
    if (status.state !== 'TASK_FINISHED') {
      console.log(`${id}: ${status.state} ${status.message ?? ''}; once more`);
      queue.push(job);
      scheduler.revive();
      return;
    }
    const result = decodeResult(status.data);
    done++;
    primes += result.primes;
    console.log(`${id}: ${result.primes} primes from ${result.from} to ${result.to} (process ${result.pid})`);
    if (done === total) scheduler.close({ teardown: true });
  },
});

/** As many jobs as fit beside an executor, with the ids of their tasks. */
function takeJobs(offer: Offer): [id: string, job: Job][] {
  if (!fits(offer.resources, { cpus: sum('cpus'), mem: sum('mem') })) return [];
  const room = Math.min(
    (scalarOf(offer.resources, 'cpus') - PER_EXECUTOR.cpus!) / PER_TASK.cpus!,
    (scalarOf(offer.resources, 'mem') - PER_EXECUTOR.mem!) / PER_TASK.mem!,
  );
  return queue.splice(0, Math.floor(room)).map((job) => {
    const id = `job-${++launched}`;
    underway.set(id, job);
    return [id, job];
  });
}

function sum(name: 'cpus' | 'mem'): number {
  return PER_TASK[name]! + PER_EXECUTOR[name]!;
}

const end = await scheduler.ended;
console.log(done === total ? `${primes} primes below ${total * JOB_SIZE}` : `stopped early: ${end.message}`);
process.exitCode = done === total ? 0 : 1;
