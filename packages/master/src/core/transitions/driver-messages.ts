/**
 * What a scheduler is told, in the old messages that v0 drivers know. The one place where events become those.
 *
 * Never: tells a driver what its API has no word for: operations, inverse offers, heartbeats.
 */
import type { AgentId } from '@mesolite/base';
import {
  ExecutorToFrameworkMessage,
  ExitedExecutorMessage,
  FrameworkErrorMessage,
  LostAgentMessage,
  type Offer,
  RescindResourceOfferMessage,
  ResourceOffersMessage,
  type SchedulerEvent,
  StatusUpdateMessage,
  type TaskStatus,
} from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import { NO_PID } from '../pid-address.ts';
import type { FrameworkRecord } from '../state/frameworks.ts';

export function sendToDriver(
  context: MasterContext,
  framework: FrameworkRecord,
  pid: string,
  event: SchedulerEvent,
): void {
  const { outbox } = context;
  if (event.offers !== undefined) sendOffers(context, pid, event.offers.offers ?? []);
  if (event.rescind !== undefined) outbox.send(pid, RescindResourceOfferMessage, event.rescind);
  if (event.update !== undefined) sendUpdateToDriver(context, framework, pid, event.update.status, undefined);
  if (event.message !== undefined)
    outbox.send(pid, ExecutorToFrameworkMessage, { ...event.message, framework_id: { value: framework.id } });
  if (event.failure !== undefined) sendFailure(context, framework, pid, event.failure);
  if (event.error !== undefined) sendError(context, pid, event.error.message);
}

/** Drivers end themselves when they hear it. */
export function sendError(context: MasterContext, pid: string, message: string): void {
  context.outbox.send(pid, FrameworkErrorMessage, { message });
}

/** A driver acknowledges what has a uuid and comes from an agent: one without a pid is never to be acknowledged. */
export function sendUpdateToDriver(
  context: MasterContext,
  framework: FrameworkRecord,
  pid: string,
  status: TaskStatus,
  forwarded: StatusUpdateMessage | undefined,
): void {
  context.outbox.send(
    pid,
    StatusUpdateMessage,
    forwarded ?? {
      update: {
        framework_id: { value: framework.id },
        executor_id: status.executor_id,
        agent_id: status.agent_id,
        status,
        timestamp: status.timestamp ?? context.now.wallMs / 1000,
      },
      pid: NO_PID,
    },
  );
}

/** With the pid of each offer's agent: drivers send messages to executors there. */
function sendOffers({ outbox, state }: MasterContext, pid: string, offers: readonly Offer[]): void {
  const agents = state.agents.registered;
  outbox.send(pid, ResourceOffersMessage, {
    offers: [...offers],
    pids: offers.map(({ agent_id: { value } }) => agents.get(value as AgentId)?.pid ?? NO_PID),
  });
}

function sendFailure(
  { outbox }: MasterContext,
  framework: FrameworkRecord,
  pid: string,
  { agent_id, executor_id, status }: NonNullable<SchedulerEvent['failure']>,
): void {
  if (agent_id === undefined) return;
  if (executor_id === undefined) outbox.send(pid, LostAgentMessage, { agent_id });
  else
    outbox.send(pid, ExitedExecutorMessage, {
      agent_id,
      framework_id: { value: framework.id },
      executor_id,
      status: status ?? 0,
    });
}
