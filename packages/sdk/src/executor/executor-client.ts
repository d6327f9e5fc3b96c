/**
 * An executor's side of the v1 executor API: subscribes to its agent, hands tasks to the handlers, sends updates until
 * each is acknowledged, survives an agent restart when the framework checkpoints, and ends when told to.
 *
 * Never: loses an update (it is kept until acknowledged and told again at every subscription), runs tasks itself.
 *
 * Departs from Mesos: after the grace period the process exits instead of killing its process group; the agent kills the
 * rest of the container.
 */
import { err, type Result, uuidBytes } from '@mesolite/base';
import { type Log, silentLog, type TimerHandle } from '@mesolite/ports';
import { ExecutorCall, ExecutorEvent, type KillPolicy, type TaskInfo, type TaskStatus } from '@mesolite/wire';
import { ApiConnection } from '../http/api-connection.ts';
import { ApiError, isFinal } from '../http/api-error.ts';
import { type EventSubscription, subscribe } from '../http/event-subscription.ts';
import { type Codec, encodeMessage, mediaTypeOf } from '../http/message-codec.ts';
import { type ClientPorts, realClock, realRandom, realTimers } from '../system-ports.ts';
import { type ExecutorEnvironment, readExecutorEnvironment } from './executor-environment.ts';
import type { ExecutorEnd, ExecutorHandlers } from './executor-handlers.ts';
import { Unacknowledged } from './unacknowledged.ts';
import { UpdateSender } from './update-sender.ts';

/** How long the first subscription may take: an agent that just started us is there. */
const FIRST_SUBSCRIPTION_MS = 30_000;
const HEARTBEAT_MS = 30 * 60_000;
const MIN_BACKOFF_MS = 50;

export interface ExecutorOptions extends ClientPorts {
  /** Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default `protobuf`. */
  readonly codec?: Codec;
  readonly log?: Log;
  /** What to do when the grace period is over and the program still runs. Default `process.exit(1)`. */
  readonly forceExit?: () => void;
}

/** What an executor says about a task; uuid, source, executor id and time are filled in. */
export type TaskUpdate = Partial<TaskStatus> & Pick<TaskStatus, 'task_id' | 'state'>;

export class ExecutorClient {
  readonly environment: ExecutorEnvironment;
  /** Resolves, never rejects, when the executor has nothing more to do. The program should then exit. */
  readonly ended: Promise<ExecutorEnd>;
  readonly #options: ExecutorOptions;
  readonly #ports: Required<ClientPorts>;
  readonly #log: Log;
  readonly #unacknowledged = new Unacknowledged();
  readonly #updates: UpdateSender;
  readonly #abort = new AbortController();
  #handlers: ExecutorHandlers | undefined;
  #subscription: EventSubscription<ExecutorEvent> | undefined;
  #connection: ApiConnection | undefined;
  #heartbeat: TimerHandle | undefined;
  #shuttingDown = false;
  #forced: TimerHandle | undefined;
  /** Set once the client only waits for the last acknowledgements. */
  #drainReason: ExecutorEnd['reason'] | undefined;
  #end: ExecutorEnd | undefined;
  #resolveEnd!: (end: ExecutorEnd) => void;
  #wake: (() => void) | undefined;

  private constructor(environment: ExecutorEnvironment, options: ExecutorOptions) {
    this.environment = environment;
    this.#options = options;
    this.#log = options.log ?? silentLog;
    this.#ports = {
      clock: options.clock ?? realClock,
      timers: options.timers ?? realTimers,
      random: options.random ?? realRandom,
    };
    this.#updates = new UpdateSender({
      timers: this.#ports.timers,
      send: (update) => this.#send({ type: 'UPDATE', update }),
    });
    this.ended = new Promise((resolve) => {
      this.#resolveEnd = resolve;
    });
  }

  /** The error says which variable of the environment is missing. */
  static fromEnvironment(options: ExecutorOptions = {}): Result<ExecutorClient> {
    const environment = readExecutorEnvironment(options.env ?? process.env);
    return environment.ok ? { ok: true, value: new ExecutorClient(environment.value, options) } : environment;
  }

  /** True between a SUBSCRIBED event and the end of its stream. */
  get connected(): boolean {
    return this.#connection !== undefined;
  }

  /** Updates that nobody confirmed yet. */
  get unacknowledgedUpdates(): number {
    return this.#unacknowledged.updates;
  }

  /** Connects and goes on until told to shut down. To be called once. */
  start(handlers: ExecutorHandlers): this {
    if (this.#handlers !== undefined) throw new Error('start may be called once');
    this.#handlers = handlers;
    void this.#run(handlers);
    return this;
  }

  /**
   * Tells the framework about a task. Kept and told again until acknowledged, whatever happens to the agent; answers
   * the status as sent.
   */
  update(update: TaskUpdate): TaskStatus {
    const status: TaskStatus = {
      timestamp: this.#ports.clock.wallMs() / 1000,
      ...update,
      uuid: uuidBytes(this.#ports.random.bytes(16)),
      source: 'SOURCE_EXECUTOR',
      executor_id: { value: this.environment.executorId },
    };
    this.#unacknowledged.updated(status);
    if (this.#connection !== undefined) this.#updates.tell({ status });
    return status;
  }

  /** Best effort: bytes for the scheduler. Refused as `disconnected` while there is no agent. */
  message(data: Uint8Array): Promise<Result<void, ApiError>> {
    return this.#send({ type: 'MESSAGE', message: { data } });
  }

  /** Ends the client once all updates are acknowledged, at the latest after `limitMs` (default: the grace period). */
  async close(limitMs: number = this.environment.shutdownGraceMs): Promise<void> {
    this.#drain('closed', limitMs);
    await this.ended;
  }

  async #run(handlers: ExecutorHandlers): Promise<void> {
    const { checkpoint, recoveryTimeoutMs, maxBackoffMs } = this.environment;
    let limitMs = FIRST_SUBSCRIPTION_MS;
    let lostAtMs = this.#ports.clock.monotonicMs();
    while (this.#end === undefined) {
      const { subscribed, reason } = await this.#session(handlers);
      if (this.#end !== undefined) return;
      if (subscribed) {
        lostAtMs = this.#ports.clock.monotonicMs();
        limitMs = checkpoint ? recoveryTimeoutMs : 0;
        this.#guard('disconnected', () => handlers.disconnected?.(reason));
      }
      if (this.#ports.clock.monotonicMs() - lostAtMs >= limitMs) {
        this.#log.warning(`giving up on the agent: ${reason}`);
        this.#beginShutdown(handlers, 'agent-lost');
        return;
      }
      await this.#pause(MIN_BACKOFF_MS + this.#ports.random.next() * maxBackoffMs);
    }
  }

  async #session(handlers: ExecutorHandlers): Promise<{ subscribed: boolean; reason: string }> {
    const codec = this.#options.codec ?? 'protobuf';
    const call = this.#call({ type: 'SUBSCRIBE', subscribe: this.#unacknowledged.toSubscribe() });
    const body = encodeMessage(ExecutorCall, call, codec);
    const opened = !body.ok
      ? body
      : await subscribe({
          origin: this.environment.origin,
          path: this.environment.path,
          body: body.value,
          codec,
          headers: this.#authorization(),
          eventType: ExecutorEvent,
          // Agents send a beat each half an hour, and not before: silence says nothing here, the connection does.
          silenceAfter: () => Number.POSITIVE_INFINITY,
          clock: this.#ports.clock,
          timers: this.#ports.timers,
          signal: this.#abort.signal,
        });
    if (!opened.ok) {
      const { message } = opened.error;
      if (isFinal(opened.error)) this.#finish({ reason: 'refused', message });
      return { subscribed: false, reason: message };
    }
    this.#subscription = opened.value;
    let subscribed = false;
    const reason = await opened.value.read((event) => {
      subscribed ||= event.subscribed !== undefined;
      if (this.#end === undefined) this.#deliver(event, handlers);
    });
    this.#disconnect();
    return { subscribed, reason };
  }

  #deliver(event: ExecutorEvent, handlers: ExecutorHandlers): void {
    if (event.subscribed !== undefined) {
      this.#connection = new ApiConnection(this.environment.origin);
      this.#armHeartbeat();
    } else if (event.acknowledged !== undefined) {
      this.#unacknowledged.acknowledged(event.acknowledged.task_id.value, event.acknowledged.uuid);
      this.#endIfDrained();
    }
    for (const task of launchedBy(event)) this.#unacknowledged.launched(task);
    this.#guard(event.type ?? 'event', () => {
      if (event.subscribed !== undefined) handlers.subscribed?.(event.subscribed);
      else if (event.acknowledged !== undefined) handlers.acknowledged?.(event.acknowledged);
      else if (event.launch !== undefined) handlers.launch?.(event.launch.task);
      else if (event.launch_group !== undefined) handlers.launchGroup?.(event.launch_group.task_group.tasks ?? []);
      else if (event.kill !== undefined) handlers.kill?.(event.kill.task_id.value, killPolicy(event));
      else if (event.message !== undefined) handlers.message?.(event.message.data);
      else if (event.error !== undefined) this.#finish({ reason: 'refused', message: event.error.message });
      else if (event.type === 'SHUTDOWN') this.#beginShutdown(handlers, 'shutdown');
    });
  }

  /** The handler ends the tasks; the client ends when its last updates are acknowledged or the grace period is over. */
  #beginShutdown(handlers: ExecutorHandlers, reason: 'shutdown' | 'agent-lost'): void {
    if (this.#shuttingDown) return;
    this.#shuttingDown = true;
    const graceMs = this.environment.shutdownGraceMs;
    const startedMs = this.#ports.clock.monotonicMs();
    this.#forced = this.#ports.timers.after(graceMs, () => (this.#options.forceExit ?? (() => process.exit(1)))());
    const drain = (): void => {
      // Without an agent nobody is left to acknowledge anything.
      const leftMs = reason === 'agent-lost' ? 0 : graceMs - (this.#ports.clock.monotonicMs() - startedMs);
      this.#drain(reason, Math.max(0, leftMs));
    };
    this.#guard('SHUTDOWN', () => {
      const handled = handlers.shutdown?.();
      if (typeof handled?.then !== 'function') drain();
      else handled.then(drain, drain);
    });
  }

  #drain(reason: ExecutorEnd['reason'], limitMs: number): void {
    if (this.#end !== undefined) return;
    this.#drainReason ??= reason;
    this.#endIfDrained();
    if (this.#end !== undefined) return;
    const limit = this.#ports.timers.after(limitMs, () => this.#finish({ reason, message: endMessage(reason) }));
    void this.ended.then(() => limit.cancel());
  }

  #endIfDrained(): void {
    const reason = this.#drainReason;
    if (reason === undefined || this.#unacknowledged.updates > 0) return;
    this.#forced?.cancel();
    this.#finish({ reason, message: endMessage(reason) });
  }

  #call(call: Omit<ExecutorCall, 'executor_id' | 'framework_id'>): ExecutorCall {
    const { executorId, frameworkId } = this.environment;
    return { executor_id: { value: executorId }, framework_id: { value: frameworkId }, ...call };
  }

  async #send(call: Omit<ExecutorCall, 'executor_id' | 'framework_id'>): Promise<Result<void, ApiError>> {
    const connection = this.#connection;
    const codec = this.#options.codec ?? 'protobuf';
    if (connection === undefined) return err(new ApiError('disconnected', 'no agent at the moment'));
    const body = encodeMessage(ExecutorCall, this.#call(call), codec);
    if (!body.ok) return body;
    const headers = { ...this.#authorization(), 'content-type': mediaTypeOf(codec) };
    const answer = await connection.request({ method: 'POST', path: this.environment.path, headers, body: body.value });
    if (!answer.ok) {
      // Subscribing again tells everything that is not acknowledged, in order: better than repeating one call.
      if (connection === this.#connection) this.#subscription?.close();
      return answer;
    }
    const { status } = answer.value;
    if (status >= 200 && status < 300) return { ok: true, value: undefined };
    const words = answer.value.body.toString().trim();
    const error = new ApiError('refused', `${call.type} refused: ${words === '' ? `status ${status}` : words}`, status);
    this.#log.warning(error.message);
    return err(error);
  }

  #authorization(): Record<string, string> {
    const { token } = this.environment;
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  #armHeartbeat(): void {
    this.#heartbeat = this.#ports.timers.after(HEARTBEAT_MS, () => {
      void this.#send({ type: 'HEARTBEAT' });
      this.#armHeartbeat();
    });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#ports.timers.after(ms, resolve);
      this.#wake = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  #guard(what: string, handler: () => void): void {
    try {
      handler();
    } catch (error) {
      this.#log.error(`the handler of ${what} failed: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }

  #disconnect(): void {
    this.#heartbeat?.cancel();
    this.#updates.reset();
    this.#subscription?.close();
    this.#subscription = undefined;
    this.#connection?.destroy();
    this.#connection = undefined;
  }

  #finish(end: ExecutorEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#abort.abort();
    this.#disconnect();
    this.#wake?.();
    this.#resolveEnd(end);
  }
}

function launchedBy(event: ExecutorEvent): readonly TaskInfo[] {
  if (event.launch !== undefined) return [event.launch.task];
  return event.launch_group?.task_group.tasks ?? [];
}

function killPolicy(event: ExecutorEvent): KillPolicy | undefined {
  return event.kill?.kill_policy;
}

function endMessage(reason: ExecutorEnd['reason']): string {
  switch (reason) {
    case 'shutdown':
      return 'the agent asked the executor to shut down';
    case 'agent-lost':
      return 'the agent did not come back';
    default:
      return 'the executor was closed';
  }
}
