/**
 * Reserves, launches, unreserves, and goes on only when it has been told what became of each operation: they have ids, so
 * the master reports every outcome until we acknowledge it. After a lost connection the client asks about those that are
 * open, and the answers come the same way.
 *
 * node examples/dist/operation-feedback/operation-feedback.js [--master=127.0.0.1:5050] [--tasks=3] [--seconds=1]
 *   [--role=examples] [--principal=examples] [--unknown-reservations=keep]
 */
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import {
  fits,
  isTerminal,
  isTerminalOperation,
  launchTasks,
  type ReservationOptions,
  reservationOf,
  reserve,
  reserved,
  reservedOf,
  resources,
  SchedulerClient,
  task,
  unreserve,
  unreservedOf,
} from '@mesolite/sdk';
import type { Offer, OfferOperation, OperationStatus, TaskStatus } from '@mesolite/wire';
import { commandLine, PRINCIPAL, ROLE } from '../command-line.ts';

const NEEDS = { cpus: 0.1, mem: 32 };

const options = commandLine(
  'operation-feedback/operation-feedback.js',
  { tasks: 3, seconds: 1 },
  {
    role: ROLE,
    principal: PRINCIPAL,
    'unknown-reservations': { fallback: 'keep', pattern: /^(keep|remove)$/, meaning: "'keep' or 'remove'" },
  },
);
const { role, principal } = options;
const LABELS = { example: 'operation-feedback' };

/** One task with its reservation. What it waits for is an offer, or (`…ing`) news of what it has begun. */
interface Job {
  readonly name: string;
  readonly reservation: ReservationOptions;
  state: 'new' | 'reserving' | 'reserved' | 'launching' | 'ended' | 'unreserving' | 'done';
  /** Of the task or the operation under way; a new one for each attempt. */
  id: string;
}

const jobs = Array.from({ length: options.tasks }, (_, i): Job => {
  const name = `job-${i + 1}`;
  const labels = { ...LABELS, job: `${name}-${randomUUID()}` };
  return { name, reservation: { role, principal, labels }, state: 'new', id: '' };
});

const scheduler = new SchedulerClient({
  master: options.master,
  // We acknowledge ourselves, once we have taken note. Without this the client does, when the handler returns.
  explicitAcknowledgements: true,
  framework: {
    name: 'operation feedback',
    user: userInfo().username,
    principal,
    roles: [role],
    capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }],
    failover_timeout: 60,
  },
});

scheduler.start({
  subscribed: ({ resumed }) => console.log(resumed ? 'subscribed again' : 'subscribed'),
  offers(offers) {
    for (const offer of offers) {
      const operations = nextOperations(offer);
      if (operations.length > 0) scheduler.accept([offer], operations, { refuse_seconds: 0 });
      else scheduler.decline([offer]);
    }
  },
  updateOperationStatus(status) {
    operationUpdated(status);
    scheduler.acknowledgeOperationStatus(status);
  },
  update(status) {
    taskUpdated(status);
    scheduler.acknowledge(status);
  },
});

/** At most one job begins at an offer: they all take from what is reserved for nobody. */
function nextOperations(offer: Offer): OfferOperation[] {
  const operations = removals(offer);
  const isNew = ({ state }: Job): boolean => state === 'new';
  const begins = fits(unreservedOf(offer.resources), NEEDS) ? jobs.find(isNew) : undefined;
  if (begins !== undefined) {
    begin(begins, 'reserving');
    operations.push(reserve(reserved(resources(NEEDS), begins.reservation), begins));
  }
  for (const job of jobs) {
    const held = reservedOf(offer.resources, job.reservation);
    if (held.length === 0) continue;
    if (job.state === 'reserved') {
      begin(job, 'launching');
      const { id } = job;
      operations.push(launchTasks([task({ id, command: `sleep ${options.seconds}`, resources: held })]));
    } else if (job.state === 'ended') {
      begin(job, 'unreserving');
      operations.push(unreserve(held, job));
    }
  }
  return operations;
}

function begin(job: Job, state: 'reserving' | 'launching' | 'unreserving'): void {
  job.state = state;
  job.id = `${job.name}-${state}-${randomUUID()}`;
}

function operationUpdated({ operation_id: id, state, message }: OperationStatus): void {
  const job = jobs.find((one) => one.id === id?.value);
  // Delivered at least once: what comes again is acknowledged again, and no more.
  if (job === undefined || (job.state !== 'reserving' && job.state !== 'unreserving')) return;
  console.log(`${job.name} ${job.state}: ${state} ${message ?? ''}`);
  // Nobody knows it: the master never got it, or the agent lost it.
  if (!isTerminalOperation(state) && state !== 'OPERATION_UNKNOWN') return;
  const isDone = state === 'OPERATION_FINISHED';
  if (job.state === 'reserving') job.state = isDone ? 'reserved' : 'new';
  else job.state = isDone ? 'done' : 'ended';
  moved();
}

function taskUpdated({ task_id: { value: id }, state, message }: TaskStatus): void {
  const job = jobs.find((one) => one.id === id);
  if (job?.state !== 'launching') return;
  console.log(`${job.name} task: ${state} ${message ?? ''}`);
  if (!isTerminal(state)) return;
  job.state = state === 'TASK_FINISHED' ? 'ended' : 'reserved';
  moved();
}

/** The next step may need what we declined just before. */
function moved(): void {
  if (jobs.every(({ state }) => state === 'done')) scheduler.close({ teardown: true });
  else scheduler.revive();
}

/** Gives up what no job of this run knows. Its outcome does not matter enough for an id. */
function removals(offer: Offer): OfferOperation[] {
  if (options['unknown-reservations'] === 'keep') return [];
  const known = new Set(jobs.map(({ reservation }) => reservation.labels?.['job']));
  const unknown = reservedOf(offer.resources, { role, labels: LABELS }).filter(
    (resource) => !known.has(reservationOf(resource)?.labels['job']),
  );
  if (unknown.length === 0) return [];
  console.log(`removing reservations that nobody knows: ${unknown.map(({ name }) => name).join(', ')}`);
  return [unreserve(unknown)];
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => scheduler.close({ teardown: true }));
const end = await scheduler.ended;
console.log(end.message);
process.exitCode = end.reason === 'torn-down' && jobs.every(({ state }) => state === 'done') ? 0 : 1;
