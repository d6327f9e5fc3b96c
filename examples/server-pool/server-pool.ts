/**
 * Keeps a number of small web servers running, each on a port of its own, and replaces those that end or are lost. Asks
 * for offers only while it misses servers.
 *
 * node examples/dist/server-pool/server-pool.js [--master=127.0.0.1:5050] [--instances=3]
 */
import { userInfo } from 'node:os';
import { fits, isTerminal, portsOf, program, SchedulerClient, task } from '@mesolite/sdk';
import type { Offer, TaskInfo } from '@mesolite/wire';
import { commandLine } from '../command-line.ts';

const NEEDS = { cpus: 0.1, mem: 64 };
/** A server that dies at once shall not be started again a hundred times a second. */
const RESTART_DELAY_MS = 500;
/** Says hello, and ends when asked for /end, so that one can watch what happens then. */
const SERVER = `require('node:http')
  .createServer((request, response) => {
    response.end(process.env.SERVER + ' says hello\\n');
    if (request.url === '/end') setTimeout(() => process.exit(1), 50);
  })
  .listen(Number(process.env.PORT), () => console.log('listening on ' + process.env.PORT));`;

const { master, instances: wanted } = commandLine('server-pool/server-pool.js', { instances: 3 });

interface Server {
  readonly id: string;
  readonly url: string;
  state: string;
}

const servers = new Map<string, Server>();
let started = 0;
let holdUntilMs = 0;

const scheduler = new SchedulerClient({
  master,
  framework: {
    name: 'server pool',
    user: userInfo().username,
    // We hear of an agent that cannot be reached, and have an hour to come back ourselves.
    capabilities: [{ type: 'PARTITION_AWARE' }],
    failover_timeout: 3600,
  },
});

scheduler.start({
  subscribed: ({ frameworkId, resumed }) =>
    console.log(`framework ${frameworkId} subscribed${resumed ? ' again' : ''}`),
  offers(offers) {
    for (const offer of offers) {
      const tasks = missing() > 0 && Date.now() >= holdUntilMs ? serversFor(offer) : [];
      if (tasks.length > 0) scheduler.launch(offer, tasks);
      else scheduler.decline([offer], RESTART_DELAY_MS / 1000);
    }
    if (missing() === 0) scheduler.suppress();
  },
  update({ task_id: { value: id }, state, message }) {
    const server = servers.get(id);
    if (server === undefined) {
      // Left by an earlier life of ours: it runs without being counted.
      if (!isTerminal(state)) scheduler.kill({ taskId: id });
      return;
    }
    server.state = state;
    console.log(`${id} ${server.url} ${state} ${message ?? ''}`);
    if (!isTerminal(state) && state !== 'TASK_UNREACHABLE') return;
    servers.delete(id);
    holdUntilMs = Date.now() + RESTART_DELAY_MS;
    scheduler.revive();
  },
  disconnected: (reason) => console.log(`${reason}; the servers run on meanwhile`),
});

function missing(): number {
  return wanted - servers.size;
}

/** Tasks for as many servers as are missing and the offer has room for. */
function serversFor(offer: Offer): TaskInfo[] {
  const tasks: TaskInfo[] = [];
  while (missing() > 0) {
    const next = tasks.length + 1;
    const ports = portsOf(offer.resources, next);
    if (ports === undefined || !fits(offer.resources, { cpus: NEEDS.cpus * next, mem: NEEDS.mem * next })) break;
    const port = ports[next - 1]!;
    const id = `server-${++started}`;
    servers.set(id, { id, url: `http://${offer.hostname}:${port}/`, state: 'TASK_STAGING' });
    const command = program(process.execPath, ['-e', SERVER], { env: { SERVER: id, PORT: `${port}` } });
    tasks.push(task({ id, command, ...NEEDS, ports: [[port, port]] }));
  }
  return tasks;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => scheduler.close({ teardown: true }));
const end = await scheduler.ended;
console.log(end.message);
process.exitCode = end.reason === 'torn-down' ? 0 : 1;
