/** A whole master on loopback for tests, with agents that run nothing and schedulers that speak plain HTTP. */
import { type IncomingMessage, request } from 'node:http';
import type { Result } from '@mesolite/base';
import { HttpServer, type RunningDaemon } from '@mesolite/daemon';
import { Libprocess } from '@mesolite/libprocess';
import { silentLog } from '@mesolite/ports';
import {
  type AgentInfoCapability,
  AgentRegisteredMessage,
  ApplyOperationMessage,
  type Attribute,
  type MessageType,
  PingAgentMessage,
  PongAgentMessage,
  RecordParser,
  RegisterAgentMessage,
  type Resource,
  RunTaskMessage,
  type SchedulerCall,
  SchedulerCall as SchedulerCallType,
  SchedulerEvent,
  ShutdownFrameworkMessage,
  StatusUpdateMessage,
  type TaskState,
  UpdateOperationStatusMessage,
  wireName,
} from '@mesolite/wire';
import { onTestFinished } from 'vitest';
import { startMaster } from '../src/index.ts';
import { AGENT_CAPABILITIES, AGENT_RESOURCES, uuidOf } from './core-harness.ts';

const DEADLINE_MS = 15_000;

/** Waits for a condition, with a deadline; `what` names it in the failure. */
export async function eventually(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (performance.now() > untilMs) throw new Error(`gave up waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export async function startTestMaster(...argv: string[]): Promise<RunningDaemon> {
  const started: Result<RunningDaemon, { text: string }> = await startMaster({
    argv: ['--ip=127.0.0.1', '--port=0', '--allocation_interval=20ms', '--quiet', ...argv],
    env: { 'MESOS_REGISTRY': 'in_memory' },
  });
  if (!started.ok) throw new Error(started.error.text);
  onTestFinished(() => started.value.stop());
  return started.value;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingMessage['headers'];
}

/** One request, whole answer. */
export function post(
  port: number,
  body: string | Uint8Array,
  headers: Record<string, string> = { 'Content-Type': 'application/json' },
  more: { method?: string; path?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path: more.path ?? '/api/v1/scheduler', method: more.method ?? 'POST', headers },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(chunks).toString(),
            headers: response.headers,
          }),
        );
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

export type Codec = 'application/json' | 'application/x-protobuf';

export class TestScheduler {
  readonly events: SchedulerEvent[] = [];
  readonly #port: number;
  readonly #codec: Codec;
  #response: IncomingMessage | undefined;
  streamId = '';
  frameworkId = '';
  ended = false;

  private constructor(port: number, codec: Codec) {
    this.#port = port;
    this.#codec = codec;
  }

  static async subscribe(
    port: number,
    info: NonNullable<SchedulerCall['subscribe']>['framework_info'],
    codec: Codec = 'application/json',
  ): Promise<TestScheduler> {
    const scheduler = new TestScheduler(port, codec);
    await scheduler.#subscribe({ type: 'SUBSCRIBE', subscribe: { framework_info: info }, framework_id: info.id });
    return scheduler;
  }

  async #subscribe(call: SchedulerCall): Promise<void> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: this.#port,
          path: '/api/v1/scheduler',
          method: 'POST',
          agent: false,
          headers: { 'Content-Type': this.#codec, 'Accept': this.#codec },
        },
        resolve,
      );
      sent.on('error', reject);
      sent.end(this.#encode(call));
    });
    this.#response = response;
    onTestFinished(() => {
      response.destroy();
    });
    if (response.statusCode !== 200) throw new Error(`SUBSCRIBE was answered ${response.statusCode}`);
    this.streamId = String(response.headers['mesos-stream-id']);
    const parser = new RecordParser();
    response.on('data', (chunk: Buffer) => {
      for (const record of parser.push(chunk)) this.#take(record);
    });
    response.on('error', () => {});
    response.on('close', () => {
      this.ended = true;
    });
    await eventually('the first event', () => this.events.length > 0);
  }

  #take(record: Uint8Array): void {
    const event =
      this.#codec === 'application/json'
        ? SchedulerEvent.fromJson(Buffer.from(record).toString())
        : SchedulerEvent.decode(record);
    if (event.subscribed !== undefined) this.frameworkId = event.subscribed.framework_id.value;
    this.events.push(event);
  }

  call(call: Omit<SchedulerCall, 'framework_id'>): Promise<Answer> {
    return post(this.#port, this.#encode({ ...call, framework_id: { value: this.frameworkId } }), {
      'Content-Type': this.#codec,
      'Mesos-Stream-Id': this.streamId,
    });
  }

  /** Cuts the stream. */
  disconnect(): void {
    this.#response?.destroy();
  }

  /** Stops reading it. */
  stall(): void {
    this.#response?.pause();
  }

  offers(): NonNullable<NonNullable<SchedulerEvent['offers']>['offers']> {
    return this.events.flatMap(({ offers }) => offers?.offers ?? []);
  }

  states(taskId: string): TaskState[] {
    return this.events.flatMap(({ update }) => (update?.status.task_id.value === taskId ? [update.status.state] : []));
  }

  #encode(call: SchedulerCall): string | Uint8Array {
    return this.#codec === 'application/json' ? SchedulerCallType.toJson(call) : SchedulerCallType.encode(call);
  }
}

/** An agent over a real socket that reports every task as running and then as finished. */
export class TestAgent {
  readonly launched: RunTaskMessage[] = [];
  readonly shutdowns: string[] = [];
  readonly names: string[] = [];
  readonly #libprocess: Libprocess;
  readonly #server: HttpServer;
  readonly #master: string;
  id = '';
  silent = false;

  private constructor(server: HttpServer, libprocess: Libprocess, master: string) {
    this.#server = server;
    this.#libprocess = libprocess;
    this.#master = master;
  }

  /** With a version of its resources it takes operations, and reports each as finished. */
  static async register(
    master: RunningDaemon,
    fields: {
      readonly resources?: Resource[];
      readonly attributes?: Attribute[];
      readonly capabilities?: readonly AgentInfoCapability[];
      readonly resourceVersion?: Uint8Array;
    } = {},
  ): Promise<TestAgent> {
    const server = new HttpServer({ ip: '127.0.0.1', port: 0, log: silentLog, processIds: ['slave(1)'] });
    await server.listen();
    const libprocess = new Libprocess({ server, log: silentLog });
    const agent = new TestAgent(server, libprocess, master.pid);
    onTestFinished(() => agent.stop());
    libprocess.start();
    libprocess.spawn('slave(1)', { message: (from, name, body) => agent.#take(from, name, body), exited: () => {} });
    const { resources = AGENT_RESOURCES } = fields;
    agent.send(RegisterAgentMessage, {
      agent: {
        hostname: '127.0.0.1',
        port: server.address.port,
        resources,
        attributes: fields.attributes,
        checkpoint: true,
      },
      version: '1.12.0',
      agent_capabilities: [...(fields.capabilities ?? AGENT_CAPABILITIES)],
      resource_version_uuid: fields.resourceVersion === undefined ? undefined : { value: fields.resourceVersion },
    });
    await eventually('the registration', () => agent.id !== '');
    return agent;
  }

  get pid(): string {
    return `slave(1)@${this.#libprocess.address}`;
  }

  send<M extends object>(type: MessageType<M>, message: M, to: string = this.#master): void {
    this.#libprocess.send('slave(1)', to, wireName(type), type.encode(message));
  }

  async stop(): Promise<void> {
    await Promise.all([this.#server.close(), this.#libprocess.close()]);
  }

  #take(from: string, name: string, body: Uint8Array): void {
    this.names.push(name);
    if (name === wireName(AgentRegisteredMessage)) this.id = AgentRegisteredMessage.decode(body).agent_id.value;
    if (name === wireName(PingAgentMessage) && !this.silent) this.send(PongAgentMessage, {}, from);
    if (name === wireName(ApplyOperationMessage)) this.#finish(ApplyOperationMessage.decode(body));
    if (name === wireName(ShutdownFrameworkMessage))
      this.shutdowns.push(ShutdownFrameworkMessage.decode(body).framework_id.value);
    if (name !== wireName(RunTaskMessage)) return;
    const run = RunTaskMessage.decode(body);
    this.launched.push(run);
    for (const state of ['TASK_RUNNING', 'TASK_FINISHED'] as const) this.#update(run, state);
  }

  #finish({ framework_id, operation_info, operation_uuid }: ApplyOperationMessage): void {
    const agent_id = { value: this.id };
    const uuid = { value: uuidOf('operation', 'TASK_FINISHED') };
    this.send(UpdateOperationStatusMessage, {
      framework_id,
      agent_id,
      status: { operation_id: operation_info.id, state: 'OPERATION_FINISHED', uuid, agent_id },
      operation_uuid,
    });
  }

  #update({ task, framework }: RunTaskMessage, state: TaskState): void {
    if (framework.id === undefined) return;
    const uuid = uuidOf(task.task_id.value, state);
    this.send(StatusUpdateMessage, {
      update: {
        framework_id: framework.id,
        agent_id: { value: this.id },
        status: { task_id: task.task_id, state, source: 'SOURCE_EXECUTOR', uuid },
        timestamp: Date.now() / 1000,
        uuid,
        latest_state: 'TASK_FINISHED',
      },
      pid: this.pid,
    });
  }
}
