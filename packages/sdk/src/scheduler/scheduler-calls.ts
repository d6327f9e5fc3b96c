/**
 * The calls of the v1 scheduler API as methods. Knows how each is written, not how it is sent.
 *
 * Never: throws (each call answers a Result, and may be left unawaited).
 */
import { err, ok, type Result } from '@mesolite/base';
import type {
  ExecutorInfo,
  Filters,
  InverseOffer,
  KillPolicy,
  Offer,
  OfferOperation,
  OperationStatus,
  Request,
  SchedulerCall,
  SchedulerCallReconcileOperationsOperation,
  SchedulerCallReconcileTask,
  TaskInfo,
  TaskStatus,
} from '@mesolite/wire';
import { ApiError } from '../http/api-error.ts';

export type CallResult = Promise<Result<void, ApiError>>;
/** An offer, or its id. */
export type OfferRef = Offer | string;
/** An inverse offer, or its id. */
export type InverseOfferRef = InverseOffer | string;

export interface TaskRef {
  readonly taskId: string;
  /** Helps the master answer; may be left out. */
  readonly agentId?: string | undefined;
}

export abstract class SchedulerCalls {
  /** Undefined until the first subscription, unless FrameworkInfo brought one. */
  abstract get frameworkId(): string | undefined;

  /** Sends `call` with the framework's id; `agentId` is where the operations of an ACCEPT go, if that is known. */
  protected abstract call(call: SchedulerCall, agentId?: string): CallResult;

  /**
   * Uses offers of one agent for `operations`, in order; what is left of them is declined under `filters`. When whole
   * offers are given rather than ids, tasks of LAUNCH need no agent id, nor their executors a framework id.
   */
  accept(offers: readonly OfferRef[], operations: readonly OfferOperation[], filters?: Filters): CallResult {
    const agentId = offers.flatMap((offer) => (typeof offer === 'string' ? [] : offer.agent_id.value))[0];
    const filled = agentId === undefined ? [...operations] : operations.map((one) => this.#filled(one, agentId));
    return this.call(
      { type: 'ACCEPT', accept: { offer_ids: offers.map(offerId), operations: filled, filters } },
      agentId,
    );
  }

  /** Launches `tasks` on an offer; their agent id is filled in, as is the framework id of their executors. */
  launch(offer: Offer | readonly Offer[], tasks: readonly TaskInfo[], filters?: Filters): CallResult {
    const offers = Array.isArray(offer) ? (offer as readonly Offer[]) : [offer as Offer];
    if (offers.length === 0) return Promise.resolve(err(new ApiError('invalid', 'launch needs an offer')));
    return this.accept(offers, [{ type: 'LAUNCH', launch: { task_infos: [...tasks] } }], filters);
  }

  /** Gives offers back; `refuseSeconds` (default 5) is how long the same resources shall not be offered again. */
  decline(offers: readonly OfferRef[], refuseSeconds?: number): CallResult {
    const filters: Filters | undefined = refuseSeconds === undefined ? undefined : { refuse_seconds: refuseSeconds };
    return this.call({ type: 'DECLINE', decline: { offer_ids: offers.map(offerId), filters } });
  }

  /** Asks for offers again: lifts filters and suppression for `roles` (default: all). */
  revive(roles: readonly string[] = []): CallResult {
    return this.call({ type: 'REVIVE', revive: { roles: [...roles] } });
  }

  /** Asks for no more offers for `roles` (default: all) until {@link revive}. */
  suppress(roles: readonly string[] = []): CallResult {
    return this.call({ type: 'SUPPRESS', suppress: { roles: [...roles] } });
  }

  /** The outcome comes as an update; a task nobody knows is answered as a reconciliation. */
  kill(task: TaskRef, killPolicy?: KillPolicy): CallResult {
    return this.call({
      type: 'KILL',
      kill: { task_id: { value: task.taskId }, agent_id: agentIdOf(task), kill_policy: killPolicy },
    });
  }

  shutdownExecutor(executorId: string, agentId: string): CallResult {
    return this.call({
      type: 'SHUTDOWN',
      shutdown: { executor_id: { value: executorId }, agent_id: { value: agentId } },
    });
  }

  /** For explicit acknowledgements. An update without uuid (made up by the master) needs none and sends none. */
  acknowledge(status: TaskStatus): CallResult {
    if (status.uuid === undefined || status.agent_id === undefined) return Promise.resolve(ok(undefined));
    return this.call({
      type: 'ACKNOWLEDGE',
      acknowledge: { agent_id: status.agent_id, task_id: status.task_id, uuid: status.uuid },
    });
  }

  /** For explicit acknowledgements. A status without uuid needs none and sends none. */
  acknowledgeOperationStatus(status: OperationStatus): CallResult {
    if (status.uuid === undefined || status.operation_id === undefined) return Promise.resolve(ok(undefined));
    return this.call({
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
    return this.call({ type: 'RECONCILE', reconcile: { tasks: named } });
  }

  /**
   * Asks what became of the operations named, or, without any, of all that the master knows of this framework. The
   * answers come to `updateOperationStatus`.
   */
  reconcileOperations(operations: readonly SchedulerCallReconcileOperationsOperation[] = []): CallResult {
    return this.call({ type: 'RECONCILE_OPERATIONS', reconcile_operations: { operations: [...operations] } });
  }

  /** Best effort: bytes for an executor. */
  message(executorId: string, agentId: string, data: Uint8Array): CallResult {
    return this.call({
      type: 'MESSAGE',
      message: { agent_id: { value: agentId }, executor_id: { value: executorId }, data },
    });
  }

  /** A hint to the allocator; the default one of Mesos ignores it. */
  request(requests: readonly Request[]): CallResult {
    return this.call({ type: 'REQUEST', request: { requests: [...requests] } });
  }

  /**
   * Operators see that the framework will leave those agents in time. It binds neither; the question comes again after
   * `filters.refuse_seconds` (default 5) for as long as something is held there.
   */
  acceptInverseOffers(offers: readonly InverseOfferRef[], filters?: Filters): CallResult {
    const ids = offers.map(offerId);
    return this.call({ type: 'ACCEPT_INVERSE_OFFERS', accept_inverse_offers: { inverse_offer_ids: ids, filters } });
  }

  /** Operators see that the framework does not want to leave; they may take the agents down all the same. */
  declineInverseOffers(offers: readonly InverseOfferRef[], filters?: Filters): CallResult {
    const ids = offers.map(offerId);
    return this.call({ type: 'DECLINE_INVERSE_OFFERS', decline_inverse_offers: { inverse_offer_ids: ids, filters } });
  }

  /** Removes the framework and kills its tasks; {@link close} with `teardown` also ends the client. */
  teardown(): CallResult {
    return this.call({ type: 'TEARDOWN' });
  }

  #filled(operation: OfferOperation, agentId: string): OfferOperation {
    const { launch, launch_group: group } = operation;
    const fill = (task: TaskInfo): TaskInfo => ({
      ...task,
      agent_id: { value: agentId },
      executor: task.executor && this.#owned(task.executor),
    });
    if (launch !== undefined) return { ...operation, launch: { task_infos: (launch.task_infos ?? []).map(fill) } };
    if (group === undefined) return operation;
    const tasks = { ...group.task_group, tasks: (group.task_group.tasks ?? []).map(fill) };
    return { ...operation, launch_group: { ...group, executor: this.#owned(group.executor), task_group: tasks } };
  }

  #owned(executor: ExecutorInfo): ExecutorInfo {
    if (executor.framework_id !== undefined || this.frameworkId === undefined) return executor;
    return { ...executor, framework_id: { value: this.frameworkId } };
  }
}

function offerId(offer: OfferRef | InverseOfferRef): { value: string } {
  return typeof offer === 'string' ? { value: offer } : offer.id;
}

function agentIdOf(task: TaskRef): { value: string } | undefined {
  return task.agentId === undefined || task.agentId === '' ? undefined : { value: task.agentId };
}
