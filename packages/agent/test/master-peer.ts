/** A master on real sockets for tests of agents: takes their messages, answers registrations, keeps what they said. */
import {
  CramMd5Authenticator,
  HttpServer,
  type Secrets,
  systemClock,
  systemRandom,
  systemTimers,
} from '@mesolite/daemon';
import { Libprocess } from '@mesolite/libprocess';
import { silentLog } from '@mesolite/ports';
import {
  AcknowledgeOperationStatusMessage,
  AgentRegisteredMessage,
  AgentReregisteredMessage,
  ApplyOperationMessage,
  AuthenticateMessage,
  ExecutorToFrameworkMessage,
  ExitedExecutorMessage,
  type FrameworkInfo,
  KillTaskMessage,
  type MessageType,
  type OfferOperation,
  type OperationState,
  PingAgentMessage,
  PongAgentMessage,
  RegisterAgentMessage,
  ReregisterAgentMessage,
  RunTaskMessage,
  ShutdownExecutorMessage,
  StatusUpdateAcknowledgementMessage,
  StatusUpdateMessage,
  type TaskInfo,
  type TaskStatus,
  UnregisterAgentMessage,
  UpdateOperationStatusMessage,
  wireName,
} from '@mesolite/wire';

const MASTER = 'master';

export interface SeenStatus extends TaskStatus {
  readonly at: number;
}

export class MasterPeer {
  readonly statuses: SeenStatus[] = [];
  readonly names: string[] = [];
  readonly registrations: RegisterAgentMessage[] = [];
  readonly reregistrations: ReregisterAgentMessage[] = [];
  /** Both of these as they came. */
  readonly introductions: (RegisterAgentMessage | ReregisterAgentMessage)[] = [];
  readonly exitedExecutors: ExitedExecutorMessage[] = [];
  readonly messages: ExecutorToFrameworkMessage[] = [];
  readonly unregistered: UnregisterAgentMessage[] = [];
  /** State and text of each operation by its number, as told last. */
  readonly operations = new Map<number, readonly [OperationState, string | undefined]>();
  /** Whether updates are acknowledged at once. */
  acknowledges = true;
  agentPid: string | undefined;
  pongs = 0;
  /** Pids that proved who they are, and as whom. */
  readonly authenticated = new Map<string, string>();
  /** When set, only who proves to be one of these is registered. */
  secrets: Secrets | undefined;
  readonly #server: HttpServer;
  readonly #libprocess: Libprocess;
  #authenticator: CramMd5Authenticator | undefined;
  #agents = 0;
  #applied = 0;

  private constructor(server: HttpServer) {
    this.#server = server;
    this.#libprocess = new Libprocess({ server, log: silentLog });
  }

  static async start(port = 0): Promise<MasterPeer> {
    const server = new HttpServer({ ip: '127.0.0.1', port, log: silentLog, processIds: [MASTER] });
    await server.listen();
    const peer = new MasterPeer(server);
    peer.#libprocess.spawn(MASTER, {
      message: (from, name, body) => peer.#receive(from, name, body),
      exited: () => {},
    });
    peer.#libprocess.spawn('slave-observer(1)', {
      message: (_from, name) => {
        if (name === wireName(PongAgentMessage)) peer.pongs++;
      },
      exited: () => {},
    });
    peer.#libprocess.start();
    return peer;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  get port(): number {
    return this.#server.address.port;
  }

  /** Agents registered so far. */
  get registered(): number {
    return this.#agents;
  }

  get agentId(): string {
    return `M-S${this.#agents - 1}`;
  }

  send<M extends object>(type: MessageType<M>, message: M, from = MASTER): void {
    if (this.agentPid === undefined) throw new Error('no agent registered');
    this.#libprocess.send(from, this.agentPid, wireName(type), type.encode(message));
  }

  sendBytes(name: string, body: Uint8Array): void {
    if (this.agentPid === undefined) throw new Error('no agent registered');
    this.#libprocess.send(MASTER, this.agentPid, name, body);
  }

  ping(connected: boolean): void {
    this.send(PingAgentMessage, { connected }, 'slave-observer(1)');
  }

  run(framework: FrameworkInfo, task: Omit<TaskInfo, 'agent_id'>, launchExecutor?: boolean): void {
    this.send(RunTaskMessage, {
      framework,
      task: { ...task, agent_id: { value: this.agentId } },
      pid: '@0.0.0.0:0',
      ...(launchExecutor === undefined ? {} : { launch_executor: launchExecutor }),
    });
  }

  /** Wants an operation done and answers the number by which its outcome is kept. */
  apply(operation: OfferOperation): number {
    const number = ++this.#applied;
    this.send(ApplyOperationMessage, {
      framework_id: { value: 'F' },
      operation_info: operation,
      operation_uuid: { value: new Uint8Array(16).fill(number) },
      resource_version_uuid: { uuid: { value: new Uint8Array(16) } },
    });
    return number;
  }

  kill(frameworkId: string, taskId: string): void {
    this.send(KillTaskMessage, { framework_id: { value: frameworkId }, task_id: { value: taskId } });
  }

  shutdownExecutor(frameworkId: string, executorId: string): void {
    this.send(ShutdownExecutorMessage, { framework_id: { value: frameworkId }, executor_id: { value: executorId } });
  }

  acknowledge(frameworkId: string, status: TaskStatus): void {
    if (status.uuid === undefined) return;
    this.send(StatusUpdateAcknowledgementMessage, {
      agent_id: { value: this.agentId },
      framework_id: { value: frameworkId },
      task_id: status.task_id,
      uuid: status.uuid,
    });
  }

  statesOf(taskId: string): string[] {
    return this.statuses.filter((status) => status.task_id.value === taskId).map((status) => status.state);
  }

  async stop(): Promise<void> {
    this.#authenticator?.close();
    await this.#libprocess.close();
    await this.#server.close();
  }

  #receive(from: string, name: string, body: Uint8Array): void {
    this.names.push(name);
    const registers = name === wireName(RegisterAgentMessage) || name === wireName(ReregisterAgentMessage);
    if (registers && this.secrets !== undefined && !this.authenticated.has(from)) return;
    switch (name) {
      case wireName(AuthenticateMessage):
        this.#authenticate(AuthenticateMessage.decode(body).pid, from);
        return;
      case wireName(RegisterAgentMessage):
        this.registrations.push(RegisterAgentMessage.decode(body));
        this.introductions.push(RegisterAgentMessage.decode(body));
        // A repeated registration gets the answer of the first.
        if (this.agentPid !== from) {
          this.agentPid = from;
          this.#libprocess.link(MASTER, from);
          this.#agents++;
        }
        this.send(AgentRegisteredMessage, {
          agent_id: { value: this.agentId },
          connection: { total_ping_timeout_seconds: 75 },
        });
        return;
      case wireName(ReregisterAgentMessage): {
        const message = ReregisterAgentMessage.decode(body);
        this.reregistrations.push(message);
        this.introductions.push(message);
        this.agentPid = from;
        this.#libprocess.link(MASTER, from);
        this.send(AgentReregisteredMessage, { agent_id: message.agent.id ?? { value: '' } });
        return;
      }
      case wireName(StatusUpdateMessage): {
        const { update } = StatusUpdateMessage.decode(body);
        this.statuses.push({ ...update.status, at: performance.now() });
        if (this.acknowledges) this.acknowledge(update.framework_id.value, update.status);
        return;
      }
      case wireName(UpdateOperationStatusMessage): {
        const { status, operation_uuid } = UpdateOperationStatusMessage.decode(body);
        if (operation_uuid === undefined) return;
        this.operations.set(operation_uuid.value[0] ?? 0, [status.state, status.message]);
        if (this.acknowledges && status.uuid !== undefined) {
          this.send(AcknowledgeOperationStatusMessage, { status_uuid: status.uuid, operation_uuid });
        }
        return;
      }
      case wireName(ExitedExecutorMessage):
        this.exitedExecutors.push(ExitedExecutorMessage.decode(body));
        return;
      case wireName(ExecutorToFrameworkMessage):
        this.messages.push(ExecutorToFrameworkMessage.decode(body));
        return;
      case wireName(UnregisterAgentMessage):
        this.unregistered.push(UnregisterAgentMessage.decode(body));
        return;
    }
  }

  #authenticate(client: string, peer: string): void {
    if (this.secrets === undefined) return;
    this.#authenticator ??= new CramMd5Authenticator({
      links: this.#libprocess,
      secrets: this.secrets,
      clock: systemClock,
      timers: systemTimers,
      random: systemRandom,
      log: silentLog,
      timeoutMs: 5_000,
    });
    this.#authenticator.authenticate(client, peer, (verdict) => {
      if ('principal' in verdict) this.authenticated.set(client, verdict.principal);
    });
  }
}
