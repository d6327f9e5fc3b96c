/**
 * The recorded answers to malformed, misdirected and impossible requests and to what operators changed and then read,
 * sent again one by one, and the events that a subscribed framework saw meanwhile. Answers to what is not built yet are left out by number.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { delay, waitFor } from '../../tools/daemons/daemon-process.mjs';
import { LocalCluster } from '../../tools/daemons/local-cluster.mjs';
import { readExchange } from '../captured-traffic.mjs';
import { compareAnswers, flatten } from './conversation.mjs';
import { Identities } from './identities.mjs';
import { Subscription } from './subscription.mjs';
import { WireConnection } from './wire-connection.mjs';

const ANSWER_LIMIT_MS = 5_000;
const EVENT_LIMIT_MS = 10_000;

/** Numbers of the exchanges that concern what exists. */
const REPLAYED = [...range(1, 28), ...range(30, 33), ...range(36, 100)];
/** What these answer is compared by status and type only: documents that say a great deal more than whether it worked. */
const STATUS_ONLY = new Set([31, 32, 33]);
/** Sent by a framework that is subscribed. */
const FIRST_OF_FRAMEWORK = 85;
const FRAMEWORK = {
  user: 'root',
  name: 'doomed',
  roles: ['dev'],
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }],
};

function range(from, to) {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

async function exchange(port, request, headers, body) {
  const connection = new WireConnection(port);
  connection.send(request.start, headers, body);
  try {
    const complete = () => {
      const answer = connection.responses()[0];
      return answer?.complete || (answer !== undefined && connection.closed) ? answer : undefined;
    };
    return await waitFor(`an answer to ${request.start}`, complete, { limitMs: ANSWER_LIMIT_MS });
  } finally {
    connection.close();
  }
}

/**
 * Replays the exchanges of one directory.
 * @returns {Promise<{ differences: { path: string, recorded: unknown, ours: unknown }[], requests: number, events: number, leftOut: number }>}
 */
export async function replayErrorAnswers(directory) {
  const cluster = await LocalCluster.start({
    resources: 'cpus:8;mem:8192;disk:20480;ports:[31000-32000]',
    agentArgs: ['--attributes=rack:r1'],
  });
  const identities = new Identities(['start_time', 'elected_time', 'build_time']);
  identities.learnPorts(cluster);
  identities.learn(recordedAgent(directory), await agentId(cluster));
  const differences = [];
  let subscription;
  let requests = 0;
  const files = readdirSync(directory).filter((name) => /^\d{3}_.*\.http$/.test(name));
  try {
    for (const name of files) {
      const number = Number(name.slice(0, 3));
      if (!REPLAYED.includes(number)) continue;
      const { request, response } = readExchange(join(directory, name));
      if (number === FIRST_OF_FRAMEWORK) subscription = await subscribe(cluster, identities, frameworkOf(response));
      const stream = request.headers['mesos-stream-id'];
      if (stream?.includes('-') && !stream.startsWith('00000000')) identities.learn(stream, subscription.streamId);
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([key, value]) => [key, identities.translate(value)]),
      );
      const body = Buffer.from(identities.translate(request.body.toString('latin1')), 'latin1');
      if (headers['content-length'] !== undefined) headers['content-length'] = String(body.length);
      const port = request.headers.host.endsWith(':5051') ? cluster.agents[0].port : cluster.master.port;
      requests += 1;
      if (name.includes('GET_OPERATIONS')) await operationsEnded(cluster);
      const answer = await exchange(port, request, headers, body).catch((error) => error.message);
      if (typeof answer === 'string') {
        differences.push({ path: name, recorded: response.start, ours: answer });
        continue;
      }
      const found = compareAnswers(identities, name, response, answer);
      differences.push(...found.filter(({ path }) => !STATUS_ONLY.has(number) || !path.includes(': body')));
      // Streams that end with an error event say it in their body.
      if (response.chunks !== undefined && response.body.toString() !== answer.body.toString()) {
        differences.push({ path: `${name}: events`, recorded: response.body.toString(), ours: answer.body.toString() });
      }
    }
    const events = await compareEvents(directory, identities, subscription, differences);
    return { differences, requests, events, leftOut: files.length - requests };
  } finally {
    subscription?.close();
    await cluster.stop();
  }
}

/** The id of the one agent, in the first recorded request that names it. */
function recordedAgent(directory) {
  const name = readdirSync(directory).find((file) => file.endsWith('_v1_RESERVE_RESOURCES.http'));
  const { request } = readExchange(join(directory, name));
  return JSON.parse(request.body.toString()).reserve_resources.agent_id.value;
}

async function agentId(cluster) {
  const read = async () => {
    const answer = await fetch(`http://127.0.0.1:${cluster.master.port}/slaves`);
    return (await answer.json()).slaves[0]?.id;
  };
  return waitFor('the agent', read, { limitMs: EVENT_LIMIT_MS });
}

/** The recorded reader took his time: by then the agent had done what it was asked for. */
function operationsEnded(cluster) {
  const ended = async () => {
    const answer = await fetch(`${cluster.master.url}/api/v1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'GET_OPERATIONS' }),
    });
    return !(await answer.text()).includes('OPERATION_PENDING');
  };
  return waitFor('the operations to end', ended, { limitMs: EVENT_LIMIT_MS });
}

/** The id of the one framework in a recorded `/frameworks`. */
function frameworkOf(response) {
  return JSON.parse(response.body.toString()).frameworks[0].id;
}

async function subscribe(cluster, identities, recorded) {
  const subscription = await Subscription.open(cluster.master.port, FRAMEWORK);
  identities.learn(recorded, subscription.frameworkId);
  const offer = () => subscription.events().find(({ type }) => type === 'OFFERS');
  const { offers } = await waitFor('an offer', offer, { limitMs: EVENT_LIMIT_MS });
  const master = recorded.replace(/-\d+$/, '');
  identities.learn(`${master}-O0`, offers.offers[0].id.value);
  return subscription;
}

async function compareEvents(directory, identities, subscription, differences) {
  const recorded = readFileSync(join(directory, 'scheduler-events-during-errors.json'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .flatMap((line) => flatten(JSON.parse(line)))
    .filter(({ type }) => type !== 'HEARTBEAT');
  const ours = () => subscription.events().filter(({ type }) => type !== 'HEARTBEAT' && type !== 'SUBSCRIBED');
  await waitFor('the last event', () => ours().length >= recorded.length, { limitMs: EVENT_LIMIT_MS }).catch(() => {});
  // Whatever came too much would have come by now.
  await delay(200);
  const got = ours();
  // A later offer of what an error gave back is no part of the recording.
  const unasked = got.slice(1).filter(({ type }) => type === 'OFFERS');
  const told = got.filter((event) => !unasked.includes(event));
  for (let i = 0; i < Math.max(recorded.length, told.length); i += 1) {
    differences.push(...identities.compare(recorded[i], told[i], `event ${i} ${recorded[i]?.type ?? ''}`));
  }
  return recorded.length;
}
