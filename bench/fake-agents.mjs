/**
 * Agents that run nothing: they speak the agent's side of the protocol over real sockets, a listening port and a
 * connection to the master each, and report every task as running at once and as finished when that was acknowledged.
 * Written apart from our own transport and agent, so that a fault of theirs does not hide here.
 */
import { randomFillSync } from 'node:crypto';
import { connect, createServer } from 'node:net';
import {
  AgentRegisteredMessage,
  PongAgentMessage,
  RegisterAgentMessage,
  RunTaskMessage,
  StatusUpdateAcknowledgementMessage,
  StatusUpdateMessage,
  UpdateAgentMessage,
  wireName,
} from '@mesolite/wire';
import { acceptMessages } from './http-reader.mjs';

const CAPABILITIES = ['MULTI_ROLE', 'HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT', 'AGENT_OPERATION_FEEDBACK'];
/** More than any benchmark uses. */
const RESOURCES = [
  { name: 'cpus', type: 'SCALAR', scalar: { value: 10_000 }, role: '*' },
  { name: 'mem', type: 'SCALAR', scalar: { value: 10_000_000 }, role: '*' },
];

class FakeAgent {
  id;
  tasks = 0;
  #server;
  #master;
  #masterPort;
  #pid = '';
  #head = '';
  #registered;
  /** Tasks reported as running, by id, until the scheduler has acknowledged. */
  #running = new Map();

  constructor(masterPort) {
    this.#masterPort = masterPort;
  }

  async start() {
    this.#server = createServer((socket) => this.#serve(socket));
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address();
    this.#pid = `slave(1)@127.0.0.1:${port}`;
    this.#head = `User-Agent: libprocess/${this.#pid}\r\nLibprocess-From: ${this.#pid}\r\nConnection: Keep-Alive\r\nHost: 127.0.0.1:${this.#masterPort}\r\n`;
    this.#master = connect({ host: '127.0.0.1', port: this.#masterPort, noDelay: true });
    this.#master.on('error', () => undefined);
    // Its answers mean nothing, but must be read.
    this.#master.resume();
    const registered = new Promise((resolve) => {
      this.#registered = resolve;
    });
    const agent = { hostname: '127.0.0.1', port, resources: RESOURCES, checkpoint: true };
    this.#send('master', RegisterAgentMessage, {
      agent,
      version: '1.12.0',
      agent_capabilities: CAPABILITIES.map((type) => ({ type })),
      resource_version_uuid: { value: randomFillSync(Buffer.alloc(16)) },
    });
    await registered;
  }

  stop() {
    this.#server.close();
    this.#master.destroy();
  }

  #serve(socket) {
    const receive = (start, body) =>
      this.#receive(start.slice(start.lastIndexOf('/', start.indexOf(' HTTP/')) + 1, start.indexOf(' HTTP/')), body);
    acceptMessages(socket, receive, () => this.#master);
  }

  #send(to, type, message) {
    const body = type.encode(message);
    this.#master.write(
      `POST /${to}/${wireName(type)} HTTP/1.1\r\n${this.#head}Content-Length: ${body.length}\r\n\r\n`,
      'latin1',
    );
    this.#master.write(body);
  }

  #receive(name, body) {
    switch (name) {
      case 'mesos.internal.RunTaskMessage':
        this.#run(RunTaskMessage.decode(body));
        break;
      case 'mesos.internal.StatusUpdateAcknowledgementMessage':
        this.#acknowledged(StatusUpdateAcknowledgementMessage.decode(body).task_id.value);
        break;
      case 'mesos.internal.PingSlaveMessage':
        this.#send('slave-observer(1)', PongAgentMessage, {});
        break;
      case 'mesos.internal.SlaveRegisteredMessage':
        this.id = AgentRegisteredMessage.decode(body).agent_id;
        this.#send('master', UpdateAgentMessage, { agent_id: this.id, update_oversubscribed_resources: false });
        this.#registered();
        break;
      default:
      // Whatever else a master says needs no answer.
    }
  }

  #run({ framework, task }) {
    this.tasks += 1;
    const { task_id } = task;
    this.#running.set(task_id.value, framework.id);
    this.#update(framework.id, task_id, 'TASK_RUNNING');
  }

  #acknowledged(taskId) {
    const frameworkId = this.#running.get(taskId);
    if (frameworkId === undefined) return;
    this.#running.delete(taskId);
    this.#update(frameworkId, { value: taskId }, 'TASK_FINISHED');
  }

  #update(framework_id, task_id, state) {
    const uuid = randomFillSync(Buffer.alloc(16));
    const timestamp = Date.now() / 1000;
    const executor_id = { value: task_id.value };
    const status = { task_id, state, source: 'SOURCE_EXECUTOR', agent_id: this.id, executor_id, timestamp, uuid };
    const update = { framework_id, executor_id, agent_id: this.id, status, timestamp, uuid, latest_state: state };
    this.#send('master', StatusUpdateMessage, { update, pid: this.#pid });
  }
}

export class FakeAgents {
  #agents;

  /** Resolves when all are registered. */
  static async start(masterPort, count) {
    const agents = Array.from({ length: count }, () => new FakeAgent(masterPort));
    await Promise.all(agents.map((agent) => agent.start()));
    return new FakeAgents(agents);
  }

  constructor(agents) {
    this.#agents = agents;
  }

  get tasks() {
    return this.#agents.reduce((sum, { tasks }) => sum + tasks, 0);
  }

  stop() {
    for (const agent of this.#agents) agent.stop();
  }
}
