/**
 * Messages of drivers that have registered are counted by principal, and taken no faster than its limit says: those beyond
 * wait in order, and those beyond the capacity are dropped, which the driver is told. A broken connection waits its turn
 * too, so that it does not overtake what was sent before it.
 *
 * Departs from Mesos: without a capacity no more than a fixed number waits.
 */
import { type MessageType, wireName } from '@mesolite/wire';
import type { DeadlineHandler, Handler, MasterContext } from '../../context.ts';
import { DRIVER_MESSAGE_TYPES } from '../../driver-message-types.ts';
import type { DriverMessageKind } from '../../inputs.ts';
import type { Limiter } from '../../state/rate-limits.ts';
import { sendError } from '../../transitions/driver-messages.ts';

export function paced<I extends { readonly kind: DriverMessageKind; readonly from: string }>(
  handler: (context: MasterContext, input: I) => void,
): (context: MasterContext, input: I) => void {
  return (context, input) => {
    const framework = context.state.frameworks.byPid(input.from);
    if (framework === undefined) {
      handler(context, input);
      return;
    }
    const { principal } = framework.info;
    context.counters.messageReceived(principal);
    const run = (): void => {
      // Handling it may end the framework.
      const of = context.state.frameworks.byPid(input.from)?.info.principal;
      handler(context, input);
      context.counters.messageProcessed(of);
    };
    const limiter = context.state.rateLimits.of(principal);
    if (limiter === undefined) run();
    else if (limiter.waiting >= limiter.capacity) exceeded(context, input, limiter);
    else inTurn(context, limiter, run);
  };
}

export function exitPaced(handler: Handler<'link-exited'>): Handler<'link-exited'> {
  return (context, input) => {
    const framework = context.state.frameworks.byPid(input.pid);
    const limiter = framework === undefined ? undefined : context.state.rateLimits.of(framework.info.principal);
    if (limiter === undefined) handler(context, input);
    else inTurn(context, limiter, () => handler(context, input));
  };
}

/** One message went through; the next follows in time. */
export const messagePermitted: DeadlineHandler<'message-permit'> = (context, { principal }) => {
  const limiter = context.state.rateLimits.of(principal);
  if (limiter === undefined) return;
  limiter.take(context.now.monotonicMs)?.();
  if (limiter.waiting > 0) awaitPermit(context, limiter);
};

function inTurn(context: MasterContext, limiter: Limiter, run: () => void): void {
  if (limiter.permits(context.now.monotonicMs) || !limiter.wait(run)) run();
  else if (limiter.waiting === 1) awaitPermit(context, limiter);
}

function awaitPermit({ state }: MasterContext, { nextMs, principal }: Limiter): void {
  state.deadlines.set(nextMs, { kind: 'message-permit', principal });
}

function exceeded(
  context: MasterContext,
  { kind, from }: { readonly kind: DriverMessageKind; readonly from: string },
  { capacity }: Limiter,
): void {
  const type: MessageType<object> = DRIVER_MESSAGE_TYPES[kind];
  const text = `dropped: capacity(${capacity}) exceeded`;
  context.options.log.warning(`Message ${wireName(type)} from ${from} ${text}`);
  sendError(context, from, `Message ${wireName(type)} ${text}`);
}
