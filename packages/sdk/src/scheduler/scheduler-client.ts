/**
 * A framework's side of the v1 scheduler API: stays subscribed to whoever leads, hands events to the handlers in order,
 * acknowledges updates, asks about its tasks and operations after a reconnection.
 *
 * Never: throws from a call (every call answers a Result, and may be left unawaited), keeps calls for a later
 * subscription (what is called while disconnected is refused as `disconnected`).
 */
import { err } from '@mesolite/base';
import { type Log, silentLog } from '@mesolite/ports';
import {
  type FrameworkInfo,
  type OperationStatus,
  SchedulerCall,
  type SchedulerCallReconcileOperationsOperation,
  type SchedulerCallReconcileTask,
  SchedulerEvent,
  type TaskStatus,
} from '@mesolite/wire';
import { ApiError, isFinal } from '../http/api-error.ts';
import { Backoff } from '../http/backoff.ts';
import { authorizationHeader } from '../http/credentials.ts';
import { AddressBook } from '../http/daemon-address.ts';
import { type EventSubscription, subscribe } from '../http/event-subscription.ts';
import { encodeMessage } from '../http/message-codec.ts';
import { realClock, realRandom, realTimers } from '../system-ports.ts';
import { CallChannel, SCHEDULER_PATH } from './call-channel.ts';
import { OperationLedger } from './operation-ledger.ts';
import { Reconciliation } from './reconciliation.ts';
import { type CallResult, SchedulerCalls } from './scheduler-calls.ts';
import type { SchedulerEnd, SchedulerHandlers, SchedulerOptions } from './scheduler-options.ts';
import { TaskLedger } from './task-ledger.ts';

const MASTER_PORT = 5050;
const CLOSE_TIMEOUT_MS = 5_000;

export class SchedulerClient extends SchedulerCalls {
  /** Resolves, never rejects, when the client stopped for good. */
  readonly ended: Promise<SchedulerEnd>;
  readonly #options: SchedulerOptions;
  readonly #log: Log;
  readonly #addresses: AddressBook;
  readonly #backoff: Backoff;
  readonly #ledger: TaskLedger;
  readonly #operations: OperationLedger;
  readonly #reconciliation: Reconciliation<SchedulerCallReconcileTask>;
  readonly #operationReconciliation: Reconciliation<SchedulerCallReconcileOperationsOperation>;
  readonly #headers: Record<string, string>;
  #framework: FrameworkInfo;
  #handlers: SchedulerHandlers | undefined;
  #subscription: EventSubscription<SchedulerEvent> | undefined;
  #calls: CallChannel | undefined;
  readonly #abort = new AbortController();
  #everSubscribed = false;
  #closing = false;
  #end: SchedulerEnd | undefined;
  #resolveEnd!: (end: SchedulerEnd) => void;
  #wake: (() => void) | undefined;
  #withoutMasterSinceMs = 0;

  constructor(options: SchedulerOptions) {
    super();
    this.#options = options;
    this.#log = options.log ?? silentLog;
    this.#framework = options.framework;
    this.#addresses = new AddressBook(options.master, MASTER_PORT);
    this.#backoff = new Backoff(options.backoff ?? { minMs: 100, maxMs: 10_000 }, options.random ?? realRandom);
    this.#ledger = new TaskLedger(options.maxTrackedTasks ?? 200_000);
    this.#headers = authorizationHeader(options);
    this.#operations = new OperationLedger(options.maxTrackedTasks ?? 200_000);
    const timers = options.timers ?? realTimers;
    this.#reconciliation = new Reconciliation(this.#ledger, timers, (tasks) => {
      void this.call({ type: 'RECONCILE', reconcile: { tasks } });
    });
    this.#operationReconciliation = new Reconciliation(this.#operations, timers, (operations) => {
      void this.reconcileOperations(operations);
    });
    this.ended = new Promise((resolve) => {
      this.#resolveEnd = resolve;
    });
  }

  override get frameworkId(): string | undefined {
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
    if (this.#end !== undefined || this.#closing) return;
    this.#closing = true;
    // Called from within the update handler, the acknowledgement of that update still goes first.
    await Promise.resolve();
    const calls = this.#calls;
    if (calls !== undefined) {
      const timers = this.#options.timers ?? realTimers;
      if (options.teardown === true) void this.call({ type: 'TEARDOWN' });
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

  /** Changes roles, name, labels … of the running framework; kept for later subscriptions once the master agreed. */
  async updateFramework(framework: FrameworkInfo, suppressedRoles: readonly string[] = []): CallResult {
    const updated: FrameworkInfo = { ...framework, id: this.#framework.id };
    const result = await this.call({
      type: 'UPDATE_FRAMEWORK',
      update_framework: { framework_info: updated, suppressed_roles: [...suppressedRoles] },
    });
    if (result.ok) this.#framework = updated;
    return result;
  }

  protected override async call(call: SchedulerCall, agentId?: string): CallResult {
    const id = this.#framework.id;
    if (this.#calls === undefined || id === undefined)
      return err(new ApiError('disconnected', `${call.type ?? 'call'} not sent: not subscribed at the moment`));
    const { operations = [] } = call.accept ?? {};
    this.#ledger.launched(operations);
    this.#operations.accepted(operations, agentId);
    const result = await this.#calls.send({ ...call, framework_id: id });
    if (!result.ok) this.#log.warning(result.error.message);
    return result;
  }

  async #run(handlers: SchedulerHandlers): Promise<void> {
    const clock = this.#options.clock ?? realClock;
    const { giveUpAfterMs = Number.POSITIVE_INFINITY } = this.#options;
    this.#withoutMasterSinceMs = clock.monotonicMs();
    while (this.#end === undefined) {
      const reason = await this.#session(handlers);
      if (this.#end !== undefined || this.#closing) return;
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
    if (this.#addresses.error !== undefined) {
      this.#finish({ reason: 'error', message: this.#addresses.error });
      return this.#addresses.error;
    }
    const origin = await this.#addresses.next().catch((error: Error) => err(error.message));
    if (!origin.ok) return origin.error;
    const codec = this.#options.codec ?? 'protobuf';
    const body = encodeMessage(SchedulerCall, this.#subscribeCall(), codec);
    const clock = this.#options.clock ?? realClock;
    const missable = this.#options.missedHeartbeats ?? 5;
    const opened = !body.ok
      ? body
      : await subscribe({
          origin: origin.value,
          path: SCHEDULER_PATH,
          body: body.value,
          codec,
          headers: this.#headers,
          eventType: SchedulerEvent,
          silenceAfter: (event) => {
            const seconds = event.subscribed?.heartbeat_interval_seconds;
            return seconds === undefined || !(seconds > 0) ? undefined : seconds * 1000 * missable;
          },
          clock,
          timers: this.#options.timers ?? realTimers,
          signal: this.#abort.signal,
        });
    if (!opened.ok) {
      const { message } = opened.error;
      if (isFinal(opened.error)) this.#finish({ reason: 'error', message });
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

  #deliver(event: SchedulerEvent, subscription: EventSubscription<SchedulerEvent>, handlers: SchedulerHandlers): void {
    if (this.#end !== undefined) return;
    if (event.type === 'ERROR')
      this.#finish({ reason: 'error', message: event.error?.message ?? 'the master reported an error' });
    else if (event.subscribed !== undefined) this.#subscribed(event.subscribed, subscription, handlers);
    else if (event.update !== undefined) this.#updated(event.update.status, handlers);
    else if (event.update_operation_status !== undefined)
      this.#operationUpdated(event.update_operation_status.status, handlers);
    else this.#guard(event.type ?? 'event', () => this.#hand(event, handlers));
  }

  #hand(event: SchedulerEvent, handlers: SchedulerHandlers): void {
    if (event.offers !== undefined) handlers.offers?.(event.offers.offers ?? []);
    else if (event.rescind !== undefined) handlers.rescind?.(event.rescind.offer_id.value);
    else if (event.message !== undefined) handlers.message?.(event.message);
    else if (event.failure !== undefined) handlers.failure?.(event.failure);
    else if (event.inverse_offers !== undefined) handlers.inverseOffers?.(event.inverse_offers.inverse_offers ?? []);
    else if (event.rescind_inverse_offer !== undefined)
      handlers.rescindInverseOffer?.(event.rescind_inverse_offer.inverse_offer_id.value);
    else if (event.type === 'HEARTBEAT') handlers.heartbeat?.();
  }

  #subscribed(
    event: NonNullable<SchedulerEvent['subscribed']>,
    subscription: EventSubscription<SchedulerEvent>,
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
    if (!known) return;
    this.#reconciliation.start();
    this.#operationReconciliation.start();
  }

  #updated(status: TaskStatus, handlers: SchedulerHandlers): void {
    this.#ledger.updated(status);
    this.#handled(
      'UPDATE',
      () => handlers.update?.(status),
      () => this.acknowledge(status),
    );
  }

  #operationUpdated(status: OperationStatus, handlers: SchedulerHandlers): void {
    this.#operations.updated(status);
    this.#handled(
      'UPDATE_OPERATION_STATUS',
      () => handlers.updateOperationStatus?.(status),
      () => this.acknowledgeOperationStatus(status),
    );
  }

  /** Acknowledges what its handler is through with, unless the scheduler does that itself. */
  #handled(what: string, handle: () => void | Promise<void>, acknowledge: () => CallResult): void {
    const done = (): void => {
      if (this.#options.explicitAcknowledgements !== true) void acknowledge();
    };
    this.#guard(what, () => {
      const handled = handle();
      // Arrow functions return what types do not show.
      if (typeof handled?.then !== 'function') return done();
      handled.then(done, (error: unknown) => this.#log.error(`the handler of ${what} failed: ${String(error)}`));
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
    this.#operationReconciliation.stop();
    this.#subscription?.close();
    this.#subscription = undefined;
    this.#calls?.destroy();
    this.#calls = undefined;
  }

  #finish(end: SchedulerEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#abort.abort();
    this.#disconnect();
    this.#wake?.();
    this.#resolveEnd(end);
  }
}
