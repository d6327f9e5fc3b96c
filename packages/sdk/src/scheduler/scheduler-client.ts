/**
 * A framework's side of the v1 scheduler API: stays subscribed to whoever leads, hands events to the handlers in order,
 * acknowledges updates, asks about its tasks after a reconnection.
 *
 * Never: throws from a call (every call answers a Result, and may be left unawaited), keeps calls for a later
 * subscription (what is called while disconnected is refused as `disconnected`).
 */
import { err, type Result } from '@mesolite/base';
import { type Log, silentLog } from '@mesolite/ports';
import type {
  Filters,
  FrameworkInfo,
  KillPolicy,
  Offer,
  OfferOperation,
  OperationStatus,
  Request,
  SchedulerCall,
  SchedulerCallReconcileOperationsOperation,
  SchedulerCallReconcileTask,
  SchedulerEvent,
  TaskInfo,
  TaskStatus,
} from '@mesolite/wire';
import { ApiError } from '../http/api-error.ts';
import { Backoff } from '../http/backoff.ts';
import { authorizationHeader } from '../http/credentials.ts';
import { AddressBook } from '../http/daemon-address.ts';
import { realClock, realRandom, realTimers } from '../system-ports.ts';
import { CallChannel } from './call-channel.ts';
import { Reconciliation } from './reconciliation.ts';
import type { SchedulerEnd, SchedulerHandlers, SchedulerOptions } from './scheduler-options.ts';
import { type Subscription, subscribe } from './subscription.ts';
import { TaskLedger } from './task-ledger.ts';

const MASTER_PORT = 5050;
const CLOSE_TIMEOUT_MS = 5_000;
const MIN_GIVE_UP_MS = 3_600_000;

export type CallResult = Promise<Result<void, ApiError>>;
/** An offer, or its id. */
export type OfferRef = Offer | string;

export interface TaskRef {
  readonly taskId: string;
  /** Helps the master answer; may be left out. */
  readonly agentId?: string | undefined;
}

export class SchedulerClient {
  /** Resolves, never rejects, when the client stopped for good. */
  readonly ended: Promise<SchedulerEnd>;
  readonly #options: SchedulerOptions;
  readonly #log: Log;
  readonly #addresses: AddressBook;
  readonly #backoff: Backoff;
  readonly #ledger: TaskLedger;
  readonly #reconciliation: Reconciliation;
  readonly #headers: Record<string, string>;
  #framework: FrameworkInfo;
  #handlers: SchedulerHandlers | undefined;
  #subscription: Subscription | undefined;
  #calls: CallChannel | undefined;
  #everSubscribed = false;
  #end: SchedulerEnd | undefined;
  #resolveEnd!: (end: SchedulerEnd) => void;
  #wake: (() => void) | undefined;
  #withoutMasterSinceMs = 0;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#log = options.log ?? silentLog;
    this.#framework = options.framework;
    this.#addresses = new AddressBook(options.master, MASTER_PORT);
    this.#backoff = new Backoff(options.backoff ?? { minMs: 100, maxMs: 10_000 }, options.random ?? realRandom);
    this.#ledger = new TaskLedger(options.maxTrackedTasks ?? 200_000);
    this.#headers = authorizationHeader(options);
    this.#reconciliation = new Reconciliation(this.#ledger, options.timers ?? realTimers, (reconcile) => {
      void this.#call({ type: 'RECONCILE', reconcile });
    });
    this.ended = new Promise((resolve) => {
      this.#resolveEnd = resolve;
    });
  }

  /** Undefined until the first subscription, unless FrameworkInfo brought one. */
  get frameworkId(): string | undefined {
    return this.#framework.id?.value;
  }

  /** True between a SUBSCRIBED event and the end of its stream. */
  get connected(): boolean {
    return this.#calls !== undefined;
  }

  /** Connects and goes on until {@link close} or a fatal error. To be called once. */
  start(handlers: SchedulerHandlers): this {
    if (this.#handlers !== undefined) throw new Error('start may be called once');
    this.#handlers = handlers;
    void this.#run(handlers);
    return this;
  }

  /**
   * Ends the client after waiting (up to 5 s) for calls under way. With `teardown` the framework is removed and its
   * tasks are killed; without, the framework stays for its failover timeout.
   */
  async close(options: { readonly teardown?: boolean } = {}): Promise<void> {
    if (this.#end !== undefined) return;
    const calls = this.#calls;
    if (calls !== undefined) {
      const timers = this.#options.timers ?? realTimers;
      if (options.teardown === true) void this.#call({ type: 'TEARDOWN' });
      await new Promise<void>((resolve) => {
        const limit = timers.after(CLOSE_TIMEOUT_MS, resolve);
        void calls.settled().then(() => {
          limit.cancel();
          resolve();
        });
      });
    }
    this.#finish(
      options.teardown === true
        ? { reason: 'torn-down', message: 'the framework was torn down' }
        : { reason: 'closed', message: 'the scheduler was closed' },
    );
  }

  /** Uses offers of one agent for `operations`, in order; what is left of them is declined under `filters`. */
  accept(offers: readonly OfferRef[], operations: readonly OfferOperation[], filters?: Filters): CallResult {
    if (this.#calls !== undefined) this.#ledger.launched(operations);
    return this.#call({
      type: 'ACCEPT',
      accept: { offer_ids: offers.map(offerId), operations: [...operations], filters },
    });
  }

  /** Launches `tasks` on an offer; their agent id is filled in, as is the framework id of their executors. */
  launch(offer: Offer | readonly Offer[], tasks: readonly TaskInfo[], filters?: Filters): CallResult {
    const offers = Array.isArray(offer) ? (offer as readonly Offer[]) : [offer as Offer];
    const agentId = offers[0]?.agent_id;
    if (agentId === undefined) return Promise.resolve(err(new ApiError('invalid', 'launch needs an offer')));
    const taskInfos = tasks.map((task): TaskInfo => {
      const filled: TaskInfo = { ...task, agent_id: agentId };
      if (task.executor !== undefined && task.executor.framework_id === undefined)
        filled.executor = { ...task.executor, framework_id: this.#framework.id };
      return filled;
    });
    return this.accept(offers, [{ type: 'LAUNCH', launch: { task_infos: taskInfos } }], filters);
  }

  /** Gives offers back; `refuseSeconds` (default 5) is how long the same resources shall not be offered again. */
  decline(offers: readonly OfferRef[], refuseSeconds?: number): CallResult {
    const filters: Filters | undefined = refuseSeconds === undefined ? undefined : { refuse_seconds: refuseSeconds };
    return this.#call({ type: 'DECLINE', decline: { offer_ids: offers.map(offerId), filters } });
  }

  /** Asks for offers again: lifts filters and suppression for `roles` (default: all). */
  revive(roles: readonly string[] = []): CallResult {
    return this.#call({ type: 'REVIVE', revive: { roles: [...roles] } });
  }

  /** Asks for no more offers for `roles` (default: all) until {@link revive}. */
  suppress(roles: readonly string[] = []): CallResult {
    return this.#call({ type: 'SUPPRESS', suppress: { roles: [...roles] } });
  }

  /** The outcome comes as an update; a task nobody knows is answered as a reconciliation. */
  kill(task: TaskRef, killPolicy?: KillPolicy): CallResult {
    return this.#call({
      type: 'KILL',
      kill: { task_id: { value: task.taskId }, agent_id: agentIdOf(task), kill_policy: killPolicy },
    });
  }

  shutdownExecutor(executorId: string, agentId: string): CallResult {
    return this.#call({
      type: 'SHUTDOWN',
      shutdown: { executor_id: { value: executorId }, agent_id: { value: agentId } },
    });
  }

  /** For explicit acknowledgements. An update without uuid (made up by the master) needs none and sends none. */
  acknowledge(status: TaskStatus): CallResult {
    if (status.uuid === undefined || status.agent_id === undefined)
      return Promise.resolve({ ok: true, value: undefined });
    return this.#call({
      type: 'ACKNOWLEDGE',
      acknowledge: { agent_id: status.agent_id, task_id: status.task_id, uuid: status.uuid },
    });
  }

  acknowledgeOperationStatus(status: OperationStatus): CallResult {
    if (status.uuid === undefined || status.operation_id === undefined)
      return Promise.resolve({ ok: true, value: undefined });
    return this.#call({
      type: 'ACKNOWLEDGE_OPERATION_STATUS',
      acknowledge_operation_status: {
        agent_id: status.agent_id,
        resource_provider_id: status.resource_provider_id,
        uuid: status.uuid.value,
        operation_id: status.operation_id,
      },
    });
  }

  /** Explicit for the tasks named, implicit (everything the master knows of this framework) without any. */
  reconcile(tasks: readonly TaskRef[] = []): CallResult {
    const named = tasks.map(
      (task): SchedulerCallReconcileTask => ({ task_id: { value: task.taskId }, agent_id: agentIdOf(task) }),
    );
    return this.#call({ type: 'RECONCILE', reconcile: { tasks: named } });
  }

  reconcileOperations(operations: readonly SchedulerCallReconcileOperationsOperation[] = []): CallResult {
    return this.#call({ type: 'RECONCILE_OPERATIONS', reconcile_operations: { operations: [...operations] } });
  }

  /** Best effort: bytes for an executor. */
  message(executorId: string, agentId: string, data: Uint8Array): CallResult {
    return this.#call({
      type: 'MESSAGE',
      message: { agent_id: { value: agentId }, executor_id: { value: executorId }, data },
    });
  }

  /** A hint to the allocator; the default one of Mesos ignores it. */
  request(requests: readonly Request[]): CallResult {
    return this.#call({ type: 'REQUEST', request: { requests: [...requests] } });
  }

  acceptInverseOffers(offerIds: readonly string[], filters?: Filters): CallResult {
    const ids = offerIds.map((value) => ({ value }));
    return this.#call({ type: 'ACCEPT_INVERSE_OFFERS', accept_inverse_offers: { inverse_offer_ids: ids, filters } });
  }

  declineInverseOffers(offerIds: readonly string[], filters?: Filters): CallResult {
    const ids = offerIds.map((value) => ({ value }));
    return this.#call({ type: 'DECLINE_INVERSE_OFFERS', decline_inverse_offers: { inverse_offer_ids: ids, filters } });
  }

  /** Changes roles, name, labels … of the running framework; kept for later subscriptions once the master agreed. */
  async updateFramework(framework: FrameworkInfo, suppressedRoles: readonly string[] = []): CallResult {
    const updated: FrameworkInfo = { ...framework, id: this.#framework.id };
    const result = await this.#call({
      type: 'UPDATE_FRAMEWORK',
      update_framework: { framework_info: updated, suppressed_roles: [...suppressedRoles] },
    });
    if (result.ok) this.#framework = updated;
    return result;
  }

  /** Removes the framework and kills its tasks; {@link close} with `teardown` also ends the client. */
  teardown(): CallResult {
    return this.#call({ type: 'TEARDOWN' });
  }

  async #call(call: SchedulerCall): CallResult {
    const id = this.#framework.id;
    if (this.#calls === undefined || id === undefined)
      return err(new ApiError('disconnected', `${call.type ?? 'call'} not sent: not subscribed at the moment`));
    const result = await this.#calls.send({ ...call, framework_id: id });
    if (!result.ok) this.#log.warning(result.error.message);
    return result;
  }

  async #run(handlers: SchedulerHandlers): Promise<void> {
    const clock = this.#options.clock ?? realClock;
    const timeoutMs = (this.#framework.failover_timeout ?? 0) * 1000;
    const giveUpAfterMs = this.#options.giveUpAfterMs ?? Math.max(MIN_GIVE_UP_MS, timeoutMs);
    this.#withoutMasterSinceMs = clock.monotonicMs();
    while (this.#end === undefined) {
      const reason = await this.#session(handlers);
      if (this.#end !== undefined) return;
      const waitMs = this.#backoff.nextMs();
      if (clock.monotonicMs() + waitMs - this.#withoutMasterSinceMs > giveUpAfterMs)
        return this.#finish({ reason: 'unreachable', message: reason });
      this.#log.warning(`${reason}; trying again in ${Math.round(waitMs)} ms`);
      this.#guard('disconnected', () => handlers.disconnected?.(reason, waitMs));
      await new Promise<void>((resolve) => {
        const timer = (this.#options.timers ?? realTimers).after(waitMs, resolve);
        this.#wake = () => {
          timer.cancel();
          resolve();
        };
      });
    }
  }

  /** One attempt: connects, subscribes, reads until the stream ends. Answers why it ended. */
  async #session(handlers: SchedulerHandlers): Promise<string> {
    const origin = await this.#addresses.next().catch((error: Error) => err(error.message));
    if (!origin.ok) return origin.error;
    const clock = this.#options.clock ?? realClock;
    const opened = await subscribe(origin.value, this.#subscribeCall(), {
      codec: this.#options.codec ?? 'protobuf',
      headers: this.#headers,
      missedHeartbeats: this.#options.missedHeartbeats ?? 5,
      clock,
      timers: this.#options.timers ?? realTimers,
    });
    if (!opened.ok) {
      const { kind, status, message } = opened.error;
      const hopeless =
        kind === 'invalid' || (kind === 'refused' && status !== undefined && status < 500 && status !== 429);
      if (hopeless) this.#finish({ reason: 'error', message });
      return message;
    }
    const subscription = opened.value;
    if (this.#end !== undefined) {
      subscription.close();
      return 'closed';
    }
    this.#subscription = subscription;
    const reason = await subscription.read((event) => this.#deliver(event, subscription, handlers));
    const wasSubscribed = this.#calls !== undefined;
    this.#disconnect();
    if (wasSubscribed) this.#withoutMasterSinceMs = clock.monotonicMs();
    return reason;
  }

  #subscribeCall(): SchedulerCall {
    const { suppressedRoles, offerConstraints } = this.#options;
    return {
      type: 'SUBSCRIBE',
      framework_id: this.#framework.id,
      subscribe: {
        framework_info: this.#framework,
        suppressed_roles: suppressedRoles === undefined ? undefined : [...suppressedRoles],
        offer_constraints: offerConstraints,
      },
    };
  }

  #deliver(event: SchedulerEvent, subscription: Subscription, handlers: SchedulerHandlers): void {
    if (this.#end !== undefined) return;
    if (event.subscribed !== undefined) return this.#subscribed(event.subscribed, subscription, handlers);
    if (event.type === 'ERROR') {
      this.#finish({ reason: 'error', message: event.error?.message ?? 'the master reported an error' });
      return;
    }
    if (event.update !== undefined) return this.#updated(event.update.status, handlers);
    this.#guard(event.type ?? 'event', () => {
      if (event.offers !== undefined) handlers.offers?.(event.offers.offers ?? []);
      else if (event.rescind !== undefined) handlers.rescind?.(event.rescind.offer_id.value);
      else if (event.message !== undefined) handlers.message?.(event.message);
      else if (event.failure !== undefined) handlers.failure?.(event.failure);
      else if (event.inverse_offers !== undefined) handlers.inverseOffers?.(event.inverse_offers.inverse_offers ?? []);
      else if (event.rescind_inverse_offer !== undefined)
        handlers.rescindInverseOffer?.(event.rescind_inverse_offer.inverse_offer_id.value);
      else if (event.update_operation_status !== undefined) {
        const { status } = event.update_operation_status;
        handlers.updateOperationStatus?.(status);
        if (this.#options.explicitAcknowledgements !== true) void this.acknowledgeOperationStatus(status);
      } else if (event.type === 'HEARTBEAT') handlers.heartbeat?.();
    });
  }

  #subscribed(
    event: NonNullable<SchedulerEvent['subscribed']>,
    subscription: Subscription,
    handlers: SchedulerHandlers,
  ): void {
    const resumed = this.#everSubscribed;
    const known = this.#framework.id !== undefined;
    this.#everSubscribed = true;
    this.#framework = { ...this.#framework, id: event.framework_id };
    this.#backoff.reset();
    this.#calls = new CallChannel({
      origin: subscription.origin,
      streamId: subscription.streamId,
      codec: this.#options.codec ?? 'protobuf',
      headers: this.#headers,
      maxInFlight: this.#options.maxCallsInFlight ?? 10_000,
    });
    this.#guard('SUBSCRIBED', () =>
      handlers.subscribed?.({ frameworkId: event.framework_id.value, masterInfo: event.master_info, resumed }),
    );
    if (known) this.#reconciliation.start();
  }

  #updated(status: TaskStatus, handlers: SchedulerHandlers): void {
    this.#ledger.updated(status);
    const acknowledge = (): void => {
      if (this.#options.explicitAcknowledgements !== true) void this.acknowledge(status);
    };
    this.#guard('UPDATE', () => {
      const handled = handlers.update?.(status);
      if (handled === undefined) return acknowledge();
      handled.then(acknowledge, (error: unknown) => this.#log.error(`the update handler failed: ${String(error)}`));
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
    this.#reconciliation.stop();
    this.#subscription?.close();
    this.#subscription = undefined;
    this.#calls?.destroy();
    this.#calls = undefined;
  }

  #finish(end: SchedulerEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#disconnect();
    this.#wake?.();
    this.#resolveEnd(end);
  }
}

function offerId(offer: OfferRef): { value: string } {
  return typeof offer === 'string' ? { value: offer } : offer.id;
}

function agentIdOf(task: TaskRef): { value: string } | undefined {
  return task.agentId === undefined || task.agentId === '' ? undefined : { value: task.agentId };
}
