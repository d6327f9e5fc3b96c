/**
 * What operators read, in four recorded situations: a cluster without frameworks, with one running task, with the task
 * finished, with the framework torn down. Every recorded read is made again in the same situation, in JSON and protobuf.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgentResponse, MasterResponse } from '@mesolite/wire';
import { waitFor } from '../../tools/daemons/daemon-process.mjs';
import { LocalCluster } from '../../tools/daemons/local-cluster.mjs';
import { readExchange } from '../captured-traffic.mjs';
import { compareAnswers } from './conversation.mjs';
import { Identities } from './identities.mjs';
import { READS_NOT_REPLAYED } from './known-differences.mjs';
import { Subscription } from './subscription.mjs';
import { WireConnection } from './wire-connection.mjs';

/** Times, and measurements of processes. */
const VOLATILE = [
  ...['start_time', 'elected_time', 'reregistered_time', 'build_time', 'mtime', 'size', 'nlink'],
  ...['cpus_limit', 'cpus_system_time_secs', 'cpus_user_time_secs', 'mem_rss_bytes', 'mem_limit_bytes'],
];
const FRAMEWORK = {
  user: 'root',
  name: 'capture-framework',
  roles: ['dev'],
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }],
};
const allocated = { allocation_info: { role: 'dev' } };
const RESOURCES = [
  { name: 'cpus', type: 'SCALAR', scalar: { value: 0.5 }, ...allocated },
  { name: 'mem', type: 'SCALAR', scalar: { value: 64 }, ...allocated },
  { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31000, end: 31001 }] }, ...allocated },
];

/** The recorded task, but that it ends when a file appears. */
function taskOf(agentId, endFile) {
  return {
    name: 'captured task',
    task_id: { value: 'cap-1' },
    agent_id: agentId,
    resources: RESOURCES,
    command: {
      value: `echo hello from task; while [ ! -e ${endFile} ]; do sleep 0.02; done`,
      environment: { variables: [{ name: 'FOO', value: 'bar' }] },
    },
    labels: { labels: [{ key: 'k', value: 'v' }] },
    discovery: {
      visibility: 'CLUSTER',
      name: 'svc',
      ports: { ports: [{ number: 31000, name: 'http', protocol: 'tcp' }] },
    },
  };
}

async function read(port, request, headers, body) {
  const connection = new WireConnection(port);
  connection.send(request.start, headers, body);
  try {
    return await waitFor(`an answer to ${request.start}`, () => {
      const answer = connection.responses()[0];
      return answer?.complete || (answer !== undefined && connection.closed) ? answer : undefined;
    });
  } finally {
    connection.close();
  }
}

/** A protobuf answer in JSON, so that it compares like the others. */
function asJson(message, type) {
  if (message.headers['content-type'] !== 'application/x-protobuf') return message;
  return {
    ...message,
    headers: { ...message.headers, 'content-type': 'application/json' },
    body: Buffer.from(type.toJson(type.decode(message.body))),
  };
}

class Reads {
  differences = [];
  requests = 0;
  leftOut = new Set();
  #cluster;
  #identities;

  constructor(cluster, identities) {
    this.#cluster = cluster;
    this.#identities = identities;
  }

  /** Makes all recorded reads of one situation. */
  async compare(directory, situation) {
    for (const target of readdirSync(join(directory, situation))) {
      for (const file of readdirSync(join(directory, situation, target)).filter((name) => name.endsWith('.http'))) {
        const name = `${target}/${file.slice(0, -'.http'.length)}`;
        const reason = Object.keys(READS_NOT_REPLAYED).find((pattern) => new RegExp(pattern).test(name));
        if (reason !== undefined) this.leftOut.add(reason);
        else await this.#compareOne(join(directory, situation, target, file), `${situation} ${name}`);
      }
    }
  }

  async #compareOne(path, name) {
    const { request, response } = readExchange(path);
    const onAgent = request.headers.host.endsWith(':5051');
    const port = onAgent ? this.#cluster.agents[0].port : this.#cluster.master.port;
    const start = this.#identities.translate(request.start);
    const body = Buffer.from(this.#identities.translate(request.body.toString('latin1')), 'latin1');
    const headers = { ...request.headers, host: `127.0.0.1:${port}` };
    if (headers['content-length'] !== undefined) headers['content-length'] = String(body.length);
    this.requests += 1;
    const answer = await read(port, { ...request, start }, headers, body);
    const type = onAgent ? AgentResponse : MasterResponse;
    this.differences.push(...compareAnswers(this.#identities, name, asJson(response, type), asJson(answer, type)));
  }
}

/**
 * Replays all recorded reads.
 * @returns {Promise<Reads>}
 */
export async function replayOperatorReads(directory) {
  const cluster = await LocalCluster.start({ agentArgs: ['--attributes=rack:r1;zone:a'] });
  const identities = new Identities(VOLATILE);
  identities.learnPorts(cluster);
  identities.learn('/var/mesos/x/op/a', cluster.agents[0].workDirectory);
  const endFile = join(cluster.directory, 'end');
  const reads = new Reads(cluster, identities);
  let subscription;
  try {
    await learnAgents(cluster, identities, join(directory, 'empty/master/GET_slaves.http'));
    await reads.compare(directory, 'empty');
    subscription = await Subscription.open(cluster.master.port, FRAMEWORK);
    await launch(subscription, endFile);
    await untilAcknowledged(subscription, 'TASK_RUNNING');
    learnTask(identities, subscription, join(directory, 'running/agent-api-v1/GET_CONTAINERS.http'));
    await reads.compare(directory, 'running');
    writeFileSync(endFile, '');
    await untilAcknowledged(subscription, 'TASK_FINISHED');
    await wholeAgentOffered(cluster, subscription);
    await reads.compare(directory, 'finished');
    await subscription.call({ type: 'TEARDOWN' });
    await waitFor('the framework to go', async () => (await cluster.read('/frameworks')).frameworks.length === 0);
    await reads.compare(directory, 'teardown');
    return reads;
  } finally {
    writeFileSync(endFile, '');
    subscription?.close();
    await cluster.stop();
  }
}

/** Agent and master ids, from the first list of agents. */
async function learnAgents(cluster, identities, recordedList) {
  const [recorded] = JSON.parse(readExchange(recordedList).response.body.toString()).slaves;
  const [ours] = (await cluster.read('/slaves')).slaves;
  identities.learn(recorded.id, ours.id);
}

function learnTask(identities, subscription, recordedContainers) {
  const { get_containers } = JSON.parse(readExchange(recordedContainers).response.body.toString());
  const [recorded] = get_containers.containers;
  const { update } = subscription.events().findLast(({ type }) => type === 'UPDATE');
  identities.learn(recorded.container_id.value, update.status.container_status.container_id.value);
  identities.learn(recorded.framework_id.value, subscription.frameworkId);
}

async function launch(subscription, endFile) {
  const event = await waitFor('an offer', () => subscription.events().find(({ type }) => type === 'OFFERS'));
  const [offer] = event.offers.offers;
  const operation = { type: 'LAUNCH', launch: { task_infos: [taskOf(offer.agent_id, endFile)] } };
  await subscription.call({
    type: 'ACCEPT',
    // Nothing was on offer when the running task was looked at.
    accept: { offer_ids: [offer.id], operations: [operation], filters: { refuse_seconds: 100_000 } },
  });
}

/** Waits for a state of the task and acknowledges all that came until then. */
async function untilAcknowledged(subscription, state) {
  const statuses = () => subscription.events().flatMap(({ update }) => (update === undefined ? [] : [update.status]));
  const acknowledged = new Set();
  await waitFor(state, async () => {
    for (const { agent_id, task_id, uuid } of statuses().filter((status) => !acknowledged.has(status.uuid))) {
      acknowledged.add(uuid);
      await subscription.call({ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });
    }
    // One may have come while another was acknowledged.
    return statuses().at(-1)?.state === state && statuses().every(({ uuid }) => acknowledged.has(uuid));
  });
}

/** As recorded: the agent has forgotten the executor and is on offer as a whole. */
async function wholeAgentOffered(cluster, subscription) {
  await waitFor('the agent to be idle', async () => {
    const state = await fetch(`${cluster.agents[0].url}/state`).then((response) => response.json());
    return state.frameworks.length === 0;
  });
  await subscription.call({ type: 'REVIVE' });
  await waitFor('an offer of the whole agent', async () => {
    const [agent] = (await cluster.read('/slaves')).slaves;
    return agent.offered_resources.cpus === agent.resources.cpus;
  });
}
