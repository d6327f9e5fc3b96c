/** Streams of schedulers while they last: heartbeats, their end, and what follows when nobody comes back in time. */
import type { DeadlineHandler, Handler } from '../../context.ts';
import { HEARTBEAT_INTERVAL_MS } from '../../options.ts';
import { checkFailover, disconnect, HEARTBEAT } from '../../transitions/framework-connection.ts';
import { sendEvent } from '../../transitions/framework-events.ts';
import { removeFramework } from '../../transitions/framework-membership.ts';

export const heartbeatDue: DeadlineHandler<'heartbeat'> = (context, { connection }) => {
  const framework = context.state.frameworks.byConnection(connection);
  if (framework === undefined) return;
  sendEvent(context, framework, HEARTBEAT);
  context.state.deadlines.set(context.now.monotonicMs + HEARTBEAT_INTERVAL_MS, { kind: 'heartbeat', connection });
};

export const streamClosed: Handler<'stream-closed'> = (context, { connection }) => {
  const framework = context.state.frameworks.byConnection(connection);
  if (framework !== undefined) disconnect(context, framework);
};

export const failoverTimeout: DeadlineHandler<'framework-failover-timeout'> = (context, { frameworkId }) => {
  const framework = context.state.frameworks.registered.get(frameworkId);
  if (framework === undefined) return;
  framework.failoverCheckMs = undefined;
  const { failoverAtMs } = framework;
  if (failoverAtMs === undefined) return;
  if (failoverAtMs > context.now.monotonicMs) {
    checkFailover(context, framework, failoverAtMs);
    return;
  }
  context.options.log.info(`Framework ${frameworkId} (${framework.info.name}) did not fail over in time`);
  removeFramework(context, framework);
};
