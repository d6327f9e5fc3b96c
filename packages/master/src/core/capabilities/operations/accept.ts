/**
 * ACCEPT: takes the offers, applies the operations in order to what they hold, gives back what is left with the call's
 * filters. Each refusal is told in the way its operation knows: tasks by a status, others by an operation status, if
 * they have an id.
 *
 * Departs from Mesos: when some offers are invalid, only those of this framework are given back; the original gives
 * back those of others too.
 */
import type { OfferId } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type { OfferOperation, SchedulerCallAccept, TaskInfo } from '@mesolite/wire';
import type { MasterContext } from '../../context.ts';
import type { AgentRecord } from '../../state/agents.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import { sendEvent } from '../../transitions/framework-events.ts';
import { refuseTask, stateFor } from '../../transitions/master-status.ts';
import { discardOffer, giveBack, takeOffer } from '../../transitions/offers.ts';
import { refuseMs } from '../../transitions/refuse-duration.ts';
import { dropOperation } from './drop-operation.ts';
import { type Exchanged, exchangeResources } from './exchange.ts';
import { launchTasks } from './launch.ts';
import { offersError } from './offer-rules.ts';

export function accept(context: MasterContext, framework: FrameworkRecord, call: SchedulerCallAccept): void {
  const operations = call.operations ?? [];
  for (const { type, launch } of operations)
    if (type === 'LAUNCH')
      context.counters.add((launch?.task_infos ?? []).length > 0 ? 'launchTasksMessages' : 'declineOffersMessages');
  const ids = (call.offer_ids ?? []).map(({ value }) => value as OfferId);
  const error = offersError(context, framework, ids);
  const offers = context.state.offers.withIds(new Set(ids)).filter(({ frameworkId }) => frameworkId === framework.id);
  const agent = offers[0] === undefined ? undefined : context.state.agents.registered.get(offers[0].agentId);
  if (error !== undefined || offers[0] === undefined) {
    for (const offer of offers) discardOffer(context, offer);
    refuseAll(context, framework, operations, error ?? 'No offers specified');
    return;
  }
  if (agent === undefined || !agent.connected) {
    for (const offer of offers) discardOffer(context, offer);
    agentLost(context, framework, operations, agent);
    return;
  }
  const offered = Resources.sum(offers.map(({ resources }) => resources));
  const { role } = offers[0];
  for (const offer of offers) takeOffer(context, offer);
  framework.counts.offers('accepted', offers.length);
  let left = offered;
  let shared = offered.shared();
  let resized = Resources.empty;
  for (const operation of operations) {
    const after = apply(context, { framework, agent, role, operation, available: left, shared });
    left = after.left;
    shared = after.shared ?? shared;
    resized = resized.plus(after.resized);
  }
  const declined = declinedPart(offered, left, resized);
  const changed = left.plus(resized).minus(declined);
  const { monotonicMs } = context.now;
  if (!changed.isEmpty) context.allocator.recover(framework.id, agent.id, changed, { nowMs: monotonicMs });
  if (!declined.isEmpty)
    giveBack(context, offers[0], { resources: declined, refuseMs: refuseMs(call.filters), by: 'ACCEPT' });
}

/** What is left as it was offered counts as refused; what operations made is new and may be offered again at once. */
function declinedPart(offered: Resources, left: Resources, resized: Resources): Resources {
  return left.minus(left.plus(resized).minus(offered));
}

/** One operation on what is left of the offers. */
export interface AppliedOperation {
  readonly framework: FrameworkRecord;
  readonly agent: AgentRecord;
  /** The offers are allocated to. */
  readonly role: string;
  readonly operation: OfferOperation;
  readonly available: Resources;
  /** Shared volumes as often as they were offered: any number of tasks may use each, whatever is left of them. */
  readonly shared: Resources;
}

function apply(context: MasterContext, applied: AppliedOperation): Exchanged {
  const { framework, operation, available } = applied;
  const unchanged: Exchanged = { left: available, resized: Resources.empty };
  if (operation.id !== undefined && isExchange(operation) && framework.scheduler?.kind === 'process') {
    refuseFeedback(context, framework, operation);
    return unchanged;
  }
  switch (operation.type) {
    case 'LAUNCH':
      return { left: launchTasks(context, applied), resized: Resources.empty };
    case 'LAUNCH_GROUP':
      for (const task of tasksOf(operation))
        refuseTask(context, framework, {
          taskId: task.task_id.value,
          agentId: task.agent_id.value,
          state: 'TASK_ERROR',
          message: 'LAUNCH_GROUP is not supported by this master',
          reason: 'REASON_TASK_GROUP_INVALID',
        });
      return unchanged;
    case undefined:
    case 'UNKNOWN':
      context.options.log.warning(`Ignoring unknown operation from framework ${framework.id}`);
      return unchanged;
    case 'CREATE_DISK':
    case 'DESTROY_DISK':
      dropOperation(context, framework, operation, `${operation.type} is not supported by this master`);
      return unchanged;
    default:
      return exchangeResources(context, applied);
  }
}

function isExchange({ type }: OfferOperation): boolean {
  return type !== 'LAUNCH' && type !== 'LAUNCH_GROUP' && type !== 'UNKNOWN' && type !== undefined;
}

/** The error ends the driver: it waits for what it can never hear. */
function refuseFeedback(context: MasterContext, framework: FrameworkRecord, { type }: OfferOperation): void {
  const message =
    "The 'id' field was set in an offer operation, but operation feedback is not supported for the SchedulerDriver API";
  context.options.log.warning(`Dropping ${type} operation of framework ${framework.id}: ${message}`);
  sendEvent(context, framework, {
    type: 'ERROR',
    error: { message: `${message}; please use the HTTP scheduler API for this feature` },
  });
}

function tasksOf(operation: OfferOperation): readonly TaskInfo[] {
  if (operation.type === 'LAUNCH') return operation.launch?.task_infos ?? [];
  return operation.type === 'LAUNCH_GROUP' ? (operation.launch_group?.task_group.tasks ?? []) : [];
}

function refuseAll(
  context: MasterContext,
  framework: FrameworkRecord,
  operations: readonly OfferOperation[],
  error: string,
): void {
  context.options.log.warning(`ACCEPT of framework ${framework.id} used invalid offers: ${error}`);
  for (const operation of operations) {
    if (operation.type !== 'LAUNCH' && operation.type !== 'LAUNCH_GROUP')
      dropOperation(context, framework, operation, `Operation attempted with invalid offers: ${error}`);
    for (const task of tasksOf(operation))
      refuseTask(context, framework, {
        taskId: task.task_id.value,
        agentId: task.agent_id.value,
        state: stateFor(framework, 'TASK_DROPPED'),
        message: `Task launched with invalid offers: ${error}`,
        reason: 'REASON_INVALID_OFFERS',
      });
  }
}

/** Offers end with their agent, so this is a matter of defence. */
function agentLost(
  context: MasterContext,
  framework: FrameworkRecord,
  operations: readonly OfferOperation[],
  agent: AgentRecord | undefined,
): void {
  for (const operation of operations)
    for (const task of tasksOf(operation))
      refuseTask(context, framework, {
        taskId: task.task_id.value,
        agentId: task.agent_id.value,
        state: stateFor(framework, 'TASK_DROPPED'),
        message: agent === undefined ? 'Agent removed' : 'Agent disconnected',
        reason: agent === undefined ? 'REASON_AGENT_REMOVED' : 'REASON_AGENT_DISCONNECTED',
      });
}
