/** A framework's scheduler comes, goes, and is replaced by another one. */
import { type SchedulerEvent, UpdateFrameworkMessage } from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import { HEARTBEAT_INTERVAL_MS } from '../options.ts';
import { NO_PID } from '../pid-address.ts';
import { type FrameworkRecord, isConnected, type SchedulerStream } from '../state/frameworks.ts';
import { sendEvent } from './framework-events.ts';
import { discardInverseOffer, rescindInverseOffer } from './inverse-offers.ts';
import { discardOffer, offersOf, rescindOffer } from './offers.ts';

export const HEARTBEAT: SchedulerEvent = { type: 'HEARTBEAT' };

/** First events of a stream, and the first wish to be woken for the next heartbeat. */
export function greet(context: MasterContext, framework: FrameworkRecord, stream: SchedulerStream): void {
  framework.counts.call('SUBSCRIBE');
  sendEvent(context, framework, {
    type: 'SUBSCRIBED',
    subscribed: {
      framework_id: { value: framework.id },
      heartbeat_interval_seconds: HEARTBEAT_INTERVAL_MS / 1000,
      master_info: context.options.info,
    },
  });
  sendEvent(context, framework, HEARTBEAT);
  context.state.deadlines.set(context.now.monotonicMs + HEARTBEAT_INTERVAL_MS, {
    kind: 'heartbeat',
    connection: stream.connection,
  });
}

/** No more offers; those that are out end. Does nothing to one that is not active. */
export function deactivate(context: MasterContext, framework: FrameworkRecord, how: 'rescind' | 'discard'): void {
  if (framework.state !== 'active') return;
  context.state.frameworks.setState(framework, 'inactive');
  context.allocator.deactivateFramework(framework.id);
  for (const offer of offersOf(context, framework.offers)) {
    if (how === 'rescind') rescindOffer(context, offer);
    else discardOffer(context, offer);
  }
  for (const offer of context.state.inverseOffers.ofFramework(framework.id)) {
    if (how === 'rescind') rescindInverseOffer(context, offer);
    else discardInverseOffer(context, offer);
  }
}

/** The scheduler is gone; its failover timeout begins to run. */
export function disconnect(context: MasterContext, framework: FrameworkRecord): void {
  if (!isConnected(framework)) return;
  deactivate(context, framework, 'discard');
  context.state.frameworks.setStream(framework, undefined);
  context.state.frameworks.setState(framework, 'disconnected');
  const timeoutMs = Math.max(0, framework.info.failover_timeout ?? 0) * 1000;
  context.options.log.info(
    `Framework ${framework.id} (${framework.info.name}) disconnected; it has ${timeoutMs / 1000} s to fail over`,
  );
  framework.failoverAtMs = context.now.monotonicMs + timeoutMs;
  checkFailover(context, framework, framework.failoverAtMs);
}

/** Asks to look at the framework at a time, unless an earlier look is due anyway. */
export function checkFailover(context: MasterContext, framework: FrameworkRecord, atMs: number): void {
  if (framework.failoverCheckMs !== undefined && framework.failoverCheckMs <= atMs) return;
  framework.failoverCheckMs = atMs;
  context.state.deadlines.set(atMs, { kind: 'framework-failover-timeout', frameworkId: framework.id });
}

/** Another scheduler instance takes a known framework over. The old one, if still there, is told and cut off. */
export function takeOver(context: MasterContext, framework: FrameworkRecord, stream: SchedulerStream): void {
  const { frameworks } = context.state;
  if (framework.stream !== undefined) {
    sendEvent(context, framework, { type: 'ERROR', error: { message: 'Framework failed over' } });
    context.outbox.push({ kind: 'close-stream', connection: framework.stream.connection });
  }
  // Also clears its filters: the new instance knows nothing of what the old one refused.
  deactivate(context, framework, 'discard');
  framework.failoverAtMs = undefined;
  frameworks.setStream(framework, stream);
  frameworks.setState(framework, 'active');
  context.allocator.activateFramework(framework.id);
}

/** Agents keep the newest FrameworkInfo: executors may run where no task is launched any more. */
export function tellAgents(context: MasterContext, framework: FrameworkRecord): void {
  const body = UpdateFrameworkMessage.encode({
    framework_id: { value: framework.id },
    pid: NO_PID,
    framework_info: framework.info,
  });
  for (const agent of context.state.agents.registered.values())
    context.outbox.sendEncoded(agent.pid, UpdateFrameworkMessage, body);
}
