/**
 * Agents that run nothing and share one address, `slave(1)` to `slave(n)`: they register, come back to another master with
 * tasks that run, and report of these. Written apart from our own transport and agent.
 */
import { randomFillSync } from 'node:crypto';
import { connect, createServer } from 'node:net';
import {
  AgentRegisteredMessage,
  RegisterAgentMessage,
  ReregisterAgentMessage,
  StatusUpdateAcknowledgementMessage,
  StatusUpdateMessage,
  wireName,
} from '@mesolite/wire';
import { returningAgent } from './b4-storm.mjs';
import { acceptMessages } from './http-reader.mjs';

/** Who gets no answer tries again after about this time, doubled each time. */
const BACKOFF_MS = 1000;

/** Agents at one address, `slave(1)` to `slave(n)`, with tasks that run all the time. */
export class ReturningAgents {
  /** Milliseconds, by agent: when the present master had it. */
  backAt = [];
  #count;
  #tasks;
  #frameworkId;
  #onAcknowledged;
  #server;
  #connection;
  #port;
  #masterPort;
  #ids = [];
  #back = new Set();

  /**
   * @param {number} count of agents @param {number} tasks on each
   * @param {{ frameworkId?: string, onAcknowledged?: (uuid: Uint8Array) => void }} options
   */
  constructor(count, tasks, { frameworkId = 'framework-0', onAcknowledged = () => undefined } = {}) {
    this.#count = count;
    this.#tasks = tasks;
    this.#frameworkId = frameworkId;
    this.#onAcknowledged = onAcknowledged;
  }

  /** Of the tasks that came back with them. */
  set frameworkId(id) {
    this.#frameworkId = id;
  }

  async listen() {
    this.#server = createServer((socket) => this.#serve(socket));
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#port = this.#server.address().port;
  }

  /** All to one master, each at its moment within `withinMs`; who gets no answer tries again, as agents do. */
  join(masterPort, withinMs) {
    this.backAt = [];
    this.#back = new Set();
    this.#masterPort = masterPort;
    this.#connection?.destroy();
    this.#connection = connect({ host: '127.0.0.1', port: masterPort, noDelay: true });
    this.#connection.on('error', () => undefined);
    this.#connection.resume();
    for (let i = 0; i < this.#count; i += 1) this.#try(i, masterPort, withinMs);
  }

  #try(index, masterPort, withinMs) {
    setTimeout(() => {
      if (this.#masterPort !== masterPort || this.#back.has(index)) return;
      this.#register(index, masterPort);
      this.#try(index, masterPort, Math.min(60_000, Math.max(BACKOFF_MS, 2 * withinMs)));
    }, Math.random() * withinMs);
  }

  get allBack() {
    return this.backAt.length === this.#count;
  }

  stop() {
    this.#server?.close();
    this.#server?.closeAllConnections?.();
    this.#connection?.destroy();
  }

  #register(index, masterPort) {
    const message = returningAgent(index, { frameworkIds: [this.#frameworkId], tasks: this.#tasks }, this.#port);
    const resource_version_uuid = { value: randomFillSync(Buffer.alloc(16)) };
    const id = this.#ids[index];
    if (id === undefined) {
      const { id: _, ...agent } = message.agent;
      const { version, agent_capabilities } = message;
      const first = { agent, version, agent_capabilities, resource_version_uuid };
      this.#send(index, masterPort, 'master', RegisterAgentMessage, first);
      return;
    }
    const agent_id = { value: id };
    const tasks = message.tasks.map((task) => ({ ...task, agent_id }));
    const again = { ...message, agent: { ...message.agent, id: agent_id }, tasks, resource_version_uuid };
    this.#send(index, masterPort, 'master', ReregisterAgentMessage, again);
  }

  #send(index, masterPort, to, type, message) {
    const pid = `slave(${index + 1})@127.0.0.1:${this.#port}`;
    const body = type.encode(message);
    this.#connection.write(
      `POST /${to}/${wireName(type)} HTTP/1.1\r\nUser-Agent: libprocess/${pid}\r\nLibprocess-From: ${pid}\r\nConnection: Keep-Alive\r\nHost: 127.0.0.1:${masterPort}\r\nContent-Length: ${body.length}\r\n\r\n`,
      'latin1',
    );
    this.#connection.write(body);
  }

  #serve(socket) {
    acceptMessages(socket, (start, body) => {
      const [, to, name] = /^POST \/slave(?:\(|%28)(\d+)(?:\)|%29)\/(\S+) /.exec(start) ?? [];
      this.#receive(Number(to) - 1, name, body);
    });
  }

  /** Task number `task` of all says again that it runs. Answers the update's uuid. */
  update(task) {
    const index = Math.floor(task / this.#tasks);
    const agent_id = { value: this.#ids[index] };
    const framework_id = { value: this.#frameworkId };
    const task_id = { value: `task-${task}` };
    const uuid = randomFillSync(Buffer.alloc(16));
    const timestamp = Date.now() / 1000;
    const status = { task_id, state: 'TASK_RUNNING', source: 'SOURCE_EXECUTOR', agent_id, timestamp, uuid };
    const update = { framework_id, agent_id, status, timestamp, uuid, latest_state: 'TASK_RUNNING' };
    const pid = `slave(${index + 1})@127.0.0.1:${this.#port}`;
    this.#send(index, this.#masterPort, 'master', StatusUpdateMessage, { update, pid });
    return uuid;
  }

  #receive(index, name, body) {
    if (name === 'mesos.internal.StatusUpdateAcknowledgementMessage') {
      this.#onAcknowledged(StatusUpdateAcknowledgementMessage.decode(body).uuid);
      return;
    }
    if (name === 'mesos.internal.SlaveRegisteredMessage')
      this.#ids[index] = AgentRegisteredMessage.decode(body).agent_id.value;
    else if (name !== 'mesos.internal.SlaveReregisteredMessage') return;
    if (this.#back.has(index)) return;
    this.#back.add(index);
    this.backAt.push(performance.now());
  }
}
