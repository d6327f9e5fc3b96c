/**
 * The storm of B4 in engine time: a master core that has just begun to lead takes back agents with their tasks, out of the
 * bytes they would send, and answers them in bytes, with a registry that answers at once. No sockets, no intervals.
 */
import { ReregisterAgentMessage } from '@mesolite/wire';
import { newMasterCore } from './master-core.mjs';
import { quantile } from './measure.mjs';

const CAPABILITIES = ['MULTI_ROLE', 'HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT', 'AGENT_OPERATION_FEEDBACK'];

/** As in the benchmark of the original, and the one of the aim. Frameworks, tasks: on each agent; ended ones, too. */
export const TUPLES = {
  smoke: [{ agents: 20, frameworks: 2, tasks: 2, endedFrameworks: 1, endedTasks: 2 }],
  reference: [
    { agents: 2_000, frameworks: 5, tasks: 10, endedFrameworks: 5, endedTasks: 10 },
    { agents: 2_000, frameworks: 5, tasks: 20, endedFrameworks: 0, endedTasks: 0 },
    { agents: 20_000, frameworks: 1, tasks: 5, endedFrameworks: 0, endedTasks: 0 },
    { agents: 10_000, frameworks: 1, tasks: 10, endedFrameworks: 0, endedTasks: 0, headline: true },
  ],
};
TUPLES.full = [...TUPLES.reference, { agents: 40_000, frameworks: 1, tasks: 10, endedFrameworks: 0, endedTasks: 0 }];

/** What of an agent is in a registry and in its message. */
export function agentInfo(index, port = 5051) {
  return {
    id: { value: `former-master-S${index}` },
    hostname: '127.0.0.1',
    port,
    resources: [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 100 }, role: '*' },
      { name: 'mem', type: 'SCALAR', scalar: { value: 100_000 }, role: '*' },
    ],
    checkpoint: true,
  };
}

function taskOf(agent, frameworkId, index, state) {
  const task_id = { value: `task-${index}` };
  return {
    name: 'task',
    task_id,
    framework_id: { value: frameworkId },
    agent_id: agent.id,
    state,
    resources: [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 }, allocation_info: { role: '*' } },
      { name: 'mem', type: 'SCALAR', scalar: { value: 5 }, allocation_info: { role: '*' } },
    ],
    statuses: [{ task_id, state, agent_id: agent.id, timestamp: 1.7e9, source: 'SOURCE_EXECUTOR' }],
    labels: { labels: Array.from({ length: 10 }, (_, i) => ({ key: `key-${i}`, value: `value-${i}` })) },
  };
}

/** The message of an agent that comes back with tasks of each of the frameworks. */
export function returningAgent(index, { frameworkIds: ids, tasks, endedFrameworks = 0, endedTasks = 0 }, port) {
  const agent = agentInfo(index, port);
  const info = (id) => ({ id: { value: id }, user: 'root', name: id, checkpoint: true, failover_timeout: 3600 });
  const ended = Array.from({ length: endedFrameworks }, (_, i) => `ended-framework-${i}`);
  return {
    agent,
    tasks: ids.flatMap((id) =>
      Array.from({ length: tasks }, (_, i) => taskOf(agent, id, index * tasks + i, 'TASK_RUNNING')),
    ),
    frameworks: ids.map(info),
    completed_frameworks: ended.map((id) => ({
      framework_info: info(id),
      tasks: Array.from({ length: endedTasks }, (_, i) => taskOf(agent, id, index * endedTasks + i, 'TASK_FINISHED')),
    })),
    version: '1.12.0',
    agent_capabilities: CAPABILITIES.map((type) => ({ type })),
  };
}

/** Runs one tuple; the figures count once every agent has its answer. */
export function runStorm(figures, tuple) {
  const { agents, headline = false, ...rest } = tuple;
  const frameworkIds = Array.from({ length: rest.frameworks }, (_, i) => `framework-${i}`);
  const shape = { ...rest, frameworkIds };
  const messages = Array.from({ length: agents }, (_, i) => ReregisterAgentMessage.encode(returningAgent(i, shape)));
  const admitted = Array.from({ length: agents }, (_, i) => agentInfo(i));
  const core = newMasterCore();
  let nowMs = 0;
  const answered = new Set();
  const turns = [];
  const from = performance.now();
  const now = () => ({ wallMs: 1.7e12 + nowMs, monotonicMs: nowMs });
  const drain = () => {
    for (const effect of core.drain()) {
      if (effect.kind === 'write-registry') core.step({ kind: 'registry-written', pending: effect.pending }, now());
      if (effect.kind === 'send' && effect.name === 'mesos.internal.SlaveReregisteredMessage') answered.add(effect.to);
      if (effect.kind === 'exit') throw new Error(effect.text);
    }
  };
  core.step({ kind: 'started', registry: { admitted, unreachable: [], gone: [] } }, now());
  drain();
  const recoveredMs = performance.now() - from;
  messages.forEach((bytes, i) => {
    const turnFrom = performance.now();
    nowMs += 0.01;
    // Agents share an address here, as the many of a simulated cluster do.
    const pid = `slave(${i + 1})@127.0.0.1:5051`;
    core.step({ kind: 'reregister-agent', from: pid, message: ReregisterAgentMessage.decode(bytes) }, now());
    drain();
    turns.push(performance.now() - turnFrom);
  });
  const seconds = (performance.now() - from) / 1000;
  if (answered.size !== agents) throw new Error(`${answered.size} of ${agents} agents were taken back`);
  core.check();
  const params = { agents, ...rest };
  figures.add('agents_back_s', seconds, 's', { headline, params, aim: headline ? { atMost: 5 } : undefined });
  figures.add('recovered_ms', recoveredMs, 'ms', { params });
  figures.add('agent_back_p99_ms', quantile(turns, 0.99), 'ms', { params });
  figures.add('agent_back_max_ms', quantile(turns, 1), 'ms', { params });
  figures.add('heap_mb', process.memoryUsage().heapUsed / 1e6, 'MB', { params });
}
