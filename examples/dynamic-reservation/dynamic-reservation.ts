/**
 * Runs one task on each of some agents, on resources that were reserved for it before, and gives them up afterwards.
 * Reservations outlive the framework: one that an earlier run left behind is known by its labels, and used or freed.
 *
 * node examples/dist/dynamic-reservation/dynamic-reservation.js [--master=127.0.0.1:5050] [--agents=1] [--seconds=1]
 *   [--role=examples] [--principal=examples]
 */
import { userInfo } from 'node:os';
import {
  fits,
  isTerminal,
  reserve,
  reserved,
  reservedOf,
  resources,
  SchedulerClient,
  task,
  unreserve,
  unreservedOf,
} from '@mesolite/sdk';
import type { Offer } from '@mesolite/wire';
import { commandLine, PRINCIPAL, ROLE } from '../command-line.ts';

const NEEDS = { cpus: 0.1, mem: 32 };

const options = commandLine(
  'dynamic-reservation/dynamic-reservation.js',
  { agents: 1, seconds: 1 },
  { role: ROLE, principal: PRINCIPAL },
);
const { role, principal } = options;
const OURS = { role, principal, labels: { example: 'dynamic-reservation' } };
/** What we reserve, and what the task then asks for. */
const RESERVATION = reserved(resources(NEEDS), OURS);

/** How far we are on each agent that we have chosen. What is reserved there, each offer tells. */
const agents = new Map<string, 'to run' | 'running' | 'to free' | 'done'>();
let started = 0;

const scheduler = new SchedulerClient({
  master: options.master,
  framework: {
    name: 'dynamic reservation',
    user: userInfo().username,
    principal,
    roles: [role],
    // Reservations come as a list, the way we build them.
    capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }],
  },
});

scheduler.start({
  offers: (offers) => offers.forEach(use),
  update({ task_id: { value: id }, agent_id: agent, state, message }) {
    console.log(`${id} ${state} ${message ?? ''}`);
    if (agent === undefined || !isTerminal(state)) return;
    agents.set(agent.value, state === 'TASK_FINISHED' ? 'to free' : 'to run');
    // We declined offers of that agent while the task ran.
    scheduler.revive();
  },
});

/** The next step on the agent of an offer, as far as what it holds goes. */
function use(offer: Offer): void {
  const agent = offer.agent_id.value;
  if (!agents.has(agent) && agents.size < options.agents) agents.set(agent, 'to run');
  const held = reservedOf(offer.resources, OURS);
  switch (agents.get(agent)) {
    case 'to run':
      if (fits(held, NEEDS)) {
        const id = `task-${++started}`;
        console.log(`${agent}: launching ${id} on what is reserved`);
        agents.set(agent, 'running');
        scheduler.launch(offer, [task({ id, command: `sleep ${options.seconds}`, resources: RESERVATION })]);
      } else if (fits(unreservedOf(offer.resources), NEEDS)) {
        console.log(`${agent}: reserving`);
        // What was reserved comes with the next offer, which no refusal of ours shall delay.
        scheduler.accept([offer], [reserve(RESERVATION)], { refuse_seconds: 0 });
      } else scheduler.decline([offer]);
      return;
    case 'running':
      scheduler.decline([offer]);
      return;
    default:
      if (held.length > 0) {
        console.log(`${agent}: freeing what is reserved`);
        scheduler.accept([offer], [unreserve(held)], { refuse_seconds: 0 });
        return;
      }
      scheduler.decline([offer], 60);
      if (agents.has(agent)) agents.set(agent, 'done');
      if (agents.size === options.agents && [...agents.values()].every((state) => state === 'done'))
        scheduler.close({ teardown: true });
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => scheduler.close({ teardown: true }));
const end = await scheduler.ended;
console.log(end.message);
process.exitCode = end.reason === 'torn-down' ? 0 : 1;
