/**
 * A v0 driver subscribes, as a new framework or as one that has an id. Drivers repeat themselves until they are answered, so
 * the same may come twice.
 *
 * `force`: this driver is a new instance that replaces whoever was there. Without it a driver takes itself for the only one,
 * and is refused when it is not: somebody has replaced it while it was cut off.
 *
 * Departs from Mesos: a driver that subscribes as a new framework from a pid known to be disconnected is connected again.
 */
import type { FrameworkId } from '@mesolite/base';
import type { FrameworkInfo, V0SchedulerCallSubscribe } from '@mesolite/wire';
import type { Handler, MasterContext } from '../../context.ts';
import { type FrameworkRecord, isConnected, type SchedulerProcess } from '../../state/frameworks.ts';
import { sendError } from '../../transitions/driver-messages.ts';
import { comeBack, greet, tellAgents } from '../../transitions/framework-connection.ts';
import { admitFramework, driverIdentityError, frameworkUpdateError, roleOptionsError } from './framework-rules.ts';
import { begin, change, resume } from './subscribed-framework.ts';

export function subscribeDriver(context: MasterContext, from: string, subscribe: V0SchedulerCallSubscribe): void {
  const { clients } = context.state;
  if (clients.isAuthenticating(from)) {
    clients.hold(from, () => subscribeDriver(context, from, subscribe));
    return;
  }
  const given = subscribe.framework_info;
  context.counters.add((given.id?.value ?? '') === '' ? 'registerFrameworkMessages' : 'reregisterFrameworkMessages');
  const error = refusal(context, from, subscribe) ?? subscribed(context, from, subscribe);
  if (error === undefined) return;
  context.options.log.info(`Refusing subscription of framework '${given.name}' at ${from}: ${error}`);
  sendError(context, from, error);
}

function refusal(context: MasterContext, from: string, subscribe: V0SchedulerCallSubscribe): string | undefined {
  const { framework_info: info, suppressed_roles, offer_constraints } = subscribe;
  return (
    admitFramework(context, info) ??
    driverIdentityError(context, info, from) ??
    roleOptionsError(context, info, suppressed_roles ?? [], offer_constraints)
  );
}

/** Answers what the driver is to be told instead. */
function subscribed(context: MasterContext, from: string, subscribe: V0SchedulerCallSubscribe): string | undefined {
  const { frameworks } = context.state;
  const info = withPrincipal(context, subscribe.framework_info, from);
  const scheduler: SchedulerProcess = { kind: 'process', pid: from };
  const id = info.id?.value ?? '';
  const here = frameworks.byPid(from);
  if (here !== undefined && id === '') {
    context.options.log.info(`Framework ${here.id} at ${from} is subscribed already, acknowledging again`);
    if (!isConnected(here)) comeBack(context, here, scheduler);
    greet(context, here, scheduler);
    return undefined;
  }
  if (here !== undefined && here.id !== id) {
    // An answer would reach the framework that is there.
    context.options.log.error(`Dropping subscription of framework '${info.name}': framework ${here.id} is at ${from}`);
    return undefined;
  }
  const known = frameworks.registered.get(id as FrameworkId);
  return known === undefined
    ? begin(context, info, scheduler, subscribe)
    : subscribedAgain(context, known, info, scheduler, subscribe);
}

function subscribedAgain(
  context: MasterContext,
  framework: FrameworkRecord,
  info: FrameworkInfo,
  scheduler: SchedulerProcess,
  subscribe: V0SchedulerCallSubscribe,
): string | undefined {
  const replaces = framework.state === 'recovered' || subscribe.force === true;
  if (!replaces && framework.pid !== scheduler.pid) {
    const error = frameworkUpdateError(framework.info, {
      ...info,
      user: framework.info.user,
      checkpoint: framework.info.checkpoint,
    });
    return error ?? 'Framework failed over';
  }
  const error = change(context, framework, info, subscribe);
  if (error !== undefined) return error;
  if (replaces) {
    resume(context, framework, scheduler);
    return undefined;
  }
  framework.reregisteredWallMs = context.now.wallMs;
  comeBack(context, framework, scheduler);
  greet(context, framework, scheduler, 'again');
  tellAgents(context, framework);
  context.options.log.info(`Framework ${framework.id} (${framework.info.name}) at ${scheduler.pid} came back`);
  return undefined;
}

function withPrincipal({ options, state }: MasterContext, info: FrameworkInfo, from: string): FrameworkInfo {
  const principal = state.clients.principal(from);
  if (info.principal !== undefined || principal === undefined) return info;
  options.log.warning(`Framework '${info.name}' at ${from} names no principal; it authenticated as '${principal}'`);
  return { ...info, principal };
}

/** The older messages. */
export const registerFramework: Handler<'register-framework'> = (context, { from, message: { framework } }) => {
  if ((framework.id?.value ?? '') === '') subscribeDriver(context, from, { framework_info: framework });
  else sendError(context, from, "Registering with 'id' already set");
};

export const reregisterFramework: Handler<'reregister-framework'> = (
  context,
  { from, message: { framework, failover } },
) => {
  if ((framework.id?.value ?? '') !== '')
    subscribeDriver(context, from, { framework_info: framework, force: failover });
  else sendError(context, from, "Re-registering without an 'id'");
};
