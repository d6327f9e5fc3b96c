/**
 * An agent of ours with nobody else about: what answers it as its master and what reports as its executor is this program.
 * Both are written apart from our own transport. Its executor's process sleeps, so that none but the agent works.
 */
import { randomFillSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AgentRegisteredMessage,
  ExecutorCall,
  ExecutorEvent,
  RecordParser,
  RunTaskMessage,
  StatusUpdateAcknowledgementMessage,
  StatusUpdateMessage,
  wireName,
} from '@mesolite/wire';
import { DaemonProcess, delay, freePort, waitFor } from '../tools/daemons/daemon-process.mjs';
import { acceptMessages, HttpReader } from './http-reader.mjs';

const AGENT_ID = { value: 'bench-S0' };
const EXECUTOR_ID = { value: 'executor' };
const FRAMEWORK = {
  id: { value: 'bench' },
  user: 'root',
  name: 'bench',
  roles: ['*'],
  capabilities: [{ type: 'MULTI_ROLE' }],
  checkpoint: true,
};
const RESOURCES = [
  { name: 'cpus', type: 'SCALAR', scalar: { value: 1 }, allocation_info: { role: '*' } },
  { name: 'mem', type: 'SCALAR', scalar: { value: 64 }, allocation_info: { role: '*' } },
];
const EXECUTOR = {
  type: 'CUSTOM',
  executor_id: EXECUTOR_ID,
  framework_id: FRAMEWORK.id,
  // Ends by itself when the directory of the run is gone.
  command: { value: 'while [ -d "$MESOS_SANDBOX" ]; do sleep 5; done' },
  resources: RESOURCES,
};

export class LoneAgent {
  agent;
  /** Told the task's id when an update of it has come to the master and is being acknowledged. */
  onUpdate = () => undefined;
  /** Answers to updates other than 202, by first line. */
  refused = new Map();
  #directory = mkdtempSync(join(tmpdir(), 'mesolite-bench-agent-'));
  #master;
  #toAgent;
  #registered = false;
  #stream;
  #channel;
  #launched = 0;

  /** @param {{ tasks: number, agentArgs?: readonly string[], agentNodeArgs?: readonly string[] }} options */
  static async start({ tasks, agentArgs = [], agentNodeArgs = [] }) {
    const lone = new LoneAgent();
    try {
      await lone.#start(agentArgs, agentNodeArgs);
      await lone.#launch(tasks);
      return lone;
    } catch (error) {
      await lone.stop();
      throw error;
    }
  }

  async #start(agentArgs, nodeArgs) {
    this.#master = createServer((socket) => this.#serve(socket));
    await new Promise((resolve) => this.#master.listen(0, '127.0.0.1', resolve));
    const port = await freePort();
    const args = [
      '--ip=127.0.0.1',
      '--hostname=127.0.0.1',
      `--work_dir=${join(this.#directory, 'work')}`,
      `--runtime_dir=${join(this.#directory, 'runtime')}`,
      `--config_root=${join(this.#directory, 'no-configuration')}`,
      `--master=127.0.0.1:${this.#master.address().port}`,
      '--resources=cpus:100;mem:100000',
      '--launcher=posix',
      '--registration_backoff_factor=1ms',
      '--logging_level=WARNING',
      ...agentArgs,
    ];
    this.agent = new DaemonProcess('agent', { port, args, nodeArgs });
    await this.agent.up();
    await waitFor('the agent to register', () => this.#registered);
  }

  /** Where the agent keeps what it writes. */
  get directory() {
    return this.#directory;
  }

  /** Task number `task` says again that it runs. */
  update(task) {
    const status = {
      task_id: { value: `task-${task}` },
      executor_id: EXECUTOR_ID,
      state: 'TASK_RUNNING',
      source: 'SOURCE_EXECUTOR',
      uuid: randomFillSync(Buffer.alloc(16)),
      timestamp: Date.now() / 1000,
    };
    this.#call(this.#channel, { type: 'UPDATE', update: { status } });
  }

  async stop() {
    this.#stream?.destroy();
    this.#channel?.destroy();
    await this.agent?.stop();
    this.#toAgent?.destroy();
    this.#master?.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #launch(tasks) {
    for (let i = 0; i < tasks; i += 1) {
      const task = { name: `task-${i}`, task_id: { value: `task-${i}` }, agent_id: AGENT_ID, executor: EXECUTOR };
      this.#send(RunTaskMessage, { framework: FRAMEWORK, task: { ...task, resources: [] }, pid: '@0.0.0.0:0' });
    }
    await waitFor('the executor to subscribe', async () => (await this.#subscribe()) || delay(50));
    this.#channel = connect({ host: '127.0.0.1', port: this.agent.port, noDelay: true });
    this.#channel.on('error', () => undefined);
    const answers = new HttpReader((start) => {
      if (start !== 'HTTP/1.1 202 Accepted') this.refused.set(start, (this.refused.get(start) ?? 0) + 1);
    });
    this.#channel.on('data', (bytes) => answers.push(bytes));
    await waitFor('the tasks', () => this.#launched === tasks, { limitMs: 60_000 });
  }

  /** False while the agent does not know the executor. */
  #subscribe() {
    return new Promise((resolve) => {
      const stream = connect({ host: '127.0.0.1', port: this.agent.port, noDelay: true });
      stream.on('error', () => resolve(false));
      const records = new RecordParser();
      const events = new HttpReader(
        () => {
          stream.destroy();
          resolve(false);
        },
        (chunk) => {
          for (const record of records.push(chunk)) this.#event(ExecutorEvent.decode(record));
          this.#stream = stream;
          resolve(true);
        },
      );
      stream.on('data', (bytes) => events.push(bytes));
      this.#call(stream, { type: 'SUBSCRIBE', subscribe: {} });
    });
  }

  #event(event) {
    if (event.type === 'LAUNCH') this.#launched += 1;
    if (event.type === 'LAUNCH_GROUP') this.#launched += event.launch_group.task_group.tasks.length;
  }

  #call(socket, call) {
    const body = ExecutorCall.encode({ ...call, framework_id: FRAMEWORK.id, executor_id: EXECUTOR_ID });
    const type = 'application/x-protobuf';
    socket.cork();
    socket.write(
      `POST /slave(1)/api/v1/executor HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${type}\r\nAccept: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`,
      'latin1',
    );
    socket.write(body);
    process.nextTick(() => socket.uncork());
  }

  #serve(socket) {
    const receive = (start, body) => this.#receive(/^POST \/master\/(\S+) /.exec(start)?.[1], body);
    acceptMessages(socket, receive, () => this.#toAgent);
  }

  #receive(name, body) {
    if (name === 'mesos.internal.RegisterSlaveMessage' && !this.#registered) {
      this.#toAgent ??= connect({ host: '127.0.0.1', port: this.agent.port, noDelay: true });
      this.#toAgent.on('error', () => undefined);
      // Its answers mean nothing, but must be read.
      this.#toAgent.resume();
      this.#send(AgentRegisteredMessage, { agent_id: AGENT_ID, connection: { total_ping_timeout_seconds: 3600 } });
      this.#registered = true;
    } else if (name === 'mesos.internal.StatusUpdateMessage') {
      const { framework_id, status, uuid } = StatusUpdateMessage.decode(body).update;
      const { task_id } = status;
      this.#send(StatusUpdateAcknowledgementMessage, { agent_id: AGENT_ID, framework_id, task_id, uuid });
      this.onUpdate(task_id.value);
    }
  }

  #send(type, message) {
    const pid = `master@127.0.0.1:${this.#master.address().port}`;
    const body = type.encode(message);
    this.#toAgent.write(
      `POST /slave(1)/${wireName(type)} HTTP/1.1\r\nUser-Agent: libprocess/${pid}\r\nLibprocess-From: ${pid}\r\nConnection: Keep-Alive\r\nHost: 127.0.0.1:${this.agent.port}\r\nContent-Length: ${body.length}\r\n\r\n`,
      'latin1',
    );
    this.#toAgent.write(body);
  }
}
