/**
 * Keeps data between tasks. Each shard has a persistent volume of its own and runs its tasks there, one after the other;
 * those of a shared volume run two at a time. Every task looks for what those before it left. In the end volumes and
 * reservations are given up, also those that an earlier run left behind: two runs at the same time need two roles.
 *
 * node examples/dist/persistent-volume/persistent-volume.js [--master=127.0.0.1:5050] [--shards=2] [--shared-shards=1]
 *   [--tasks-per-shard=3] [--role=examples] [--principal=examples]
 */
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { isTerminal, reservationOf, reservedOf, SchedulerClient, volumeIdOf } from '@mesolite/sdk';
import type { Offer, OfferOperation } from '@mesolite/wire';
import { commandLine, PRINCIPAL, ROLE } from '../command-line.ts';
import { freeing, Shard } from './shard.ts';

const options = commandLine(
  'persistent-volume/persistent-volume.js',
  { shards: 2, 'shared-shards': 1, 'tasks-per-shard': 3 },
  { role: ROLE, principal: PRINCIPAL },
);
const { role, principal } = options;
const example = 'persistent-volume';
const run = randomUUID();
const reservation = { role, principal, labels: { example, run } };
const tasks = options['tasks-per-shard'];
const shards = [
  ...Array.from({ length: options.shards }, (_, i) => new Shard(`shard-${i + 1}`, { reservation, tasks })),
  ...Array.from(
    { length: options['shared-shards'] },
    (_, i) => new Shard(`shared-shard-${i + 1}`, { reservation, tasks, shared: true }),
  ),
];

const scheduler = new SchedulerClient({
  master: options.master,
  framework: {
    name: 'persistent volume',
    user: userInfo().username,
    principal,
    roles: [role],
    // Without the last one, volumes for several tasks would not be offered to us.
    capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }, { type: 'SHARED_RESOURCES' }],
  },
});

scheduler.start({
  offers(offers) {
    for (const offer of offers) {
      const operations = [...leftBehind(offer), ...next(offer)];
      // All of it in one call: what RESERVE and CREATE make is there for the LAUNCH behind them. We want to see what
      // becomes of it soon, so nothing is refused for long.
      if (operations.length > 0) scheduler.accept([offer], operations, { refuse_seconds: 0 });
      else scheduler.decline([offer]);
    }
    if (shards.every(({ isGone }) => isGone)) scheduler.close({ teardown: true });
  },
  update({ task_id: { value: id }, state, message }) {
    const shard = shards.find((one) => one.runs(id));
    if (shard === undefined) return;
    console.log(`${id} ${state} ${message ?? ''}`);
    if (!isTerminal(state)) return;
    shard.ended(id, state === 'TASK_FINISHED');
    scheduler.revive();
  },
});

/** What the shards do with an offer. New ones take of what is reserved for nobody, so one at a time: the next offer is near. */
function next(offer: Offer): OfferOperation[] {
  const operations: OfferOperation[] = [];
  let begun = false;
  for (const shard of shards) {
    if (shard.isNew && begun) continue;
    const { isNew } = shard;
    operations.push(...shard.next(offer));
    begun ||= isNew && !shard.isNew;
  }
  return operations;
}

/** Of earlier runs. */
function leftBehind(offer: Offer): OfferOperation[] {
  const old = reservedOf(offer.resources, { role, labels: { example } }).filter(
    (resource) => reservationOf(resource)?.labels['run'] !== run,
  );
  const volumes = old.flatMap((resource) => volumeIdOf(resource) ?? []);
  if (old.length > 0) console.log(`removing what is left of an earlier run: ${volumes.join(', ')}`);
  return freeing(old);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => scheduler.close({ teardown: true }));
const end = await scheduler.ended;
const finished = shards.reduce((sum, shard) => sum + shard.finished, 0);
console.log(`${end.message}; ${finished} of ${shards.length * tasks} tasks have finished`);
process.exitCode = end.reason === 'torn-down' && shards.every(({ isGone }) => isGone) ? 0 : 1;
