/** A framework's scheduler comes, goes, and is replaced by another one. */
import {
  FrameworkRegisteredMessage,
  FrameworkReregisteredMessage,
  type SchedulerEvent,
  UpdateFrameworkMessage,
} from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import { HEARTBEAT_INTERVAL_MS } from '../options.ts';
import { type FrameworkRecord, isConnected, type SchedulerLink } from '../state/frameworks.ts';
import { pidForAgents, sendEvent } from './framework-events.ts';
import { rememberFramework } from './framework-memory.ts';
import { discardInverseOffer, rescindInverseOffer } from './inverse-offers.ts';
import { discardOffer, rescindOffer } from './offers.ts';

export const HEARTBEAT: SchedulerEvent = { type: 'HEARTBEAT' };

/**
 * What a scheduler hears first; for a stream also the first wish to be woken for the next heartbeat. `again`: a driver that
 * never believed itself replaced.
 */
export function greet(
  context: MasterContext,
  framework: FrameworkRecord,
  scheduler: SchedulerLink,
  again: 'again' | undefined = undefined,
): void {
  const id = { value: framework.id };
  const { info } = context.options;
  framework.counts.call('SUBSCRIBE');
  if (scheduler.kind === 'process') {
    framework.counts.event('SUBSCRIBED');
    context.outbox.push({ kind: 'link', to: scheduler.pid });
    const type = again === undefined ? FrameworkRegisteredMessage : FrameworkReregisteredMessage;
    context.outbox.send(scheduler.pid, type, { framework_id: id, master_info: info });
    return;
  }
  sendEvent(context, framework, {
    type: 'SUBSCRIBED',
    subscribed: {
      framework_id: id,
      heartbeat_interval_seconds: HEARTBEAT_INTERVAL_MS / 1000,
      master_info: info,
    },
  });
  sendEvent(context, framework, HEARTBEAT);
  context.state.deadlines.set(context.now.monotonicMs + HEARTBEAT_INTERVAL_MS, {
    kind: 'heartbeat',
    connection: scheduler.connection,
  });
}

/** No more offers; those that are out end. Does nothing to one that is not active. */
export function deactivate(context: MasterContext, framework: FrameworkRecord, how: 'rescind' | 'discard'): void {
  if (framework.state !== 'active') return;
  context.state.frameworks.setState(framework, 'inactive');
  context.allocator.deactivateFramework(framework.id);
  for (const offer of context.state.offers.withIds(framework.offers)) {
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
  context.state.frameworks.setScheduler(framework, undefined);
  // A driver authenticates each time before it registers.
  if (framework.pid !== undefined) context.state.clients.forget(framework.pid);
  context.state.frameworks.setState(framework, 'disconnected');
  const timeoutMs = Math.max(0, framework.info.failover_timeout ?? 0) * 1000;
  context.options.log.info(
    `Framework ${framework.id} (${framework.info.name}) disconnected; it has ${timeoutMs / 1000} s to fail over`,
  );
  framework.failoverAtMs = context.now.monotonicMs + timeoutMs;
  checkFailover(context, framework, framework.failoverAtMs);
  rememberFramework(context, framework);
}

/** Asks to look at the framework at a time, unless an earlier look is due anyway. */
export function checkFailover(context: MasterContext, framework: FrameworkRecord, atMs: number): void {
  if (framework.failoverCheckMs !== undefined && framework.failoverCheckMs <= atMs) return;
  framework.failoverCheckMs = atMs;
  context.state.deadlines.set(atMs, { kind: 'framework-failover-timeout', frameworkId: framework.id });
}

/** Another scheduler instance takes a known framework over. The old one, if still there, is told and cut off. */
export function takeOver(context: MasterContext, framework: FrameworkRecord, scheduler: SchedulerLink): void {
  const { frameworks, clients } = context.state;
  const before = framework.scheduler;
  const samePid = scheduler.kind === 'process' && scheduler.pid === framework.pid;
  // At the same pid it is the same scheduler that asks twice, or the old one has ended.
  if (before !== undefined && !samePid)
    sendEvent(context, framework, { type: 'ERROR', error: { message: 'Framework failed over' } });
  if (before?.kind === 'stream') context.outbox.push({ kind: 'close-stream', connection: before.connection });
  if (framework.pid !== undefined && !samePid) clients.forget(framework.pid);
  // Also clears its filters: the new instance knows nothing of what the old one refused.
  deactivate(context, framework, 'discard');
  framework.failoverAtMs = undefined;
  frameworks.setScheduler(framework, scheduler);
  frameworks.setState(framework, 'active');
  context.allocator.activateFramework(framework.id);
  rememberFramework(context, framework);
}

/**
 * A driver comes back that takes itself for the only one. Offers end and it is told so: what it answered to them meanwhile
 * may be lost.
 */
export function comeBack(context: MasterContext, framework: FrameworkRecord, scheduler: SchedulerLink): void {
  for (const offer of context.state.offers.withIds(framework.offers)) rescindOffer(context, offer);
  for (const offer of context.state.inverseOffers.ofFramework(framework.id)) rescindInverseOffer(context, offer);
  framework.failoverAtMs = undefined;
  if (framework.scheduler === undefined) context.state.frameworks.setScheduler(framework, scheduler);
  rememberFramework(context, framework);
  if (framework.state === 'active') return;
  context.state.frameworks.setState(framework, 'active');
  context.allocator.activateFramework(framework.id);
}

/** Agents keep the newest FrameworkInfo: executors may run where no task is launched any more. */
export function tellAgents(context: MasterContext, framework: FrameworkRecord): void {
  const body = UpdateFrameworkMessage.encode({
    framework_id: { value: framework.id },
    pid: pidForAgents(framework),
    framework_info: framework.info,
  });
  for (const agent of context.state.agents.registered.values())
    context.outbox.sendEncoded(agent.pid, UpdateFrameworkMessage, body);
}
