/**
 * Keeps sleepers running, spread over the agents, and makes room when a machine is to be taken out of service: the
 * operator's plan reaches a framework as inverse offers, which ask for what it uses there. We agree, end our tasks on that
 * agent and start them again where no window is planned.
 *
 * node examples/dist/inverse-offer/inverse-offer.js [--master=127.0.0.1:5050] [--instances=3]
 */
import { userInfo } from 'node:os';
import { fits, isTerminal, SchedulerClient, task } from '@mesolite/sdk';
import type { InverseOffer, Unavailability } from '@mesolite/wire';
import { commandLine } from '../command-line.ts';

const NEEDS = { cpus: 0.1, mem: 32 };
/** How long nobody need ask us again to leave an agent that we leave. */
const SETTLED_S = 3600;

const { master, instances } = commandLine('inverse-offer/inverse-offer.js', { instances: 3 });

/** Task id to the agent it is on. */
const sleepers = new Map<string, string>();
let started = 0;

const scheduler = new SchedulerClient({
  master,
  framework: {
    name: 'inverse offer',
    user: userInfo().username,
    capabilities: [{ type: 'PARTITION_AWARE' }],
    failover_timeout: 3600,
  },
});

scheduler.start({
  offers(offers) {
    // One sleeper from each offer, and agents that have none before the others: that spreads them.
    const crowd = (agent: string): number => [...sleepers.values()].filter((one) => one === agent).length;
    for (const offer of offers.toSorted((a, b) => crowd(a.agent_id.value) - crowd(b.agent_id.value))) {
      // An agent of a machine with a window says so: what we start there would have to go again.
      const lasts = offer.unavailability === undefined;
      if (sleepers.size >= instances || !lasts || !fits(offer.resources, NEEDS)) {
        scheduler.decline([offer]);
        continue;
      }
      const id = `sleeper-${++started}`;
      sleepers.set(id, offer.agent_id.value);
      // The rest may come again at once, should there be more sleepers than agents.
      scheduler.launch(offer, [task({ id, command: 'exec sleep 86400', ...NEEDS })], { refuse_seconds: 0 });
    }
    if (sleepers.size >= instances) scheduler.suppress();
  },
  inverseOffers(offers) {
    for (const offer of offers) leave(offer);
  },
  rescindInverseOffer: (offerId) => console.log(`inverse offer ${offerId} is void: the plan has changed`),
  update({ task_id: { value: id }, agent_id: agent, state, message }) {
    console.log(`${id} on ${agent?.value} ${state} ${message ?? ''}`);
    if (!isTerminal(state) && state !== 'TASK_UNREACHABLE') return;
    if (sleepers.delete(id)) scheduler.revive();
  },
});

/** Agreeing binds nobody: the machine goes when the operator takes it. It tells him that we are about to be gone. */
function leave(offer: InverseOffer): void {
  const agent = offer.agent_id?.value;
  console.log(`asked to leave ${agent} ${untilWhen(offer.unavailability)}`);
  scheduler.acceptInverseOffers([offer], { refuse_seconds: SETTLED_S });
  for (const [id, where] of sleepers) if (where === agent) scheduler.kill({ taskId: id, agentId: where });
}

function untilWhen({ start, duration }: Unavailability): string {
  const at = new Date(Number(start.nanoseconds / 1_000_000n)).toISOString();
  return `before ${at}${duration === undefined ? ', for good' : ` for ${duration.nanoseconds / 1_000_000_000n} s`}`;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => scheduler.close({ teardown: true }));
const end = await scheduler.ended;
console.log(end.message);
process.exitCode = end.reason === 'torn-down' ? 0 : 1;
