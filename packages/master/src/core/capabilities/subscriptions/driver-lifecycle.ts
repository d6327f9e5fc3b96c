/** How the framework of a v0 driver goes quiet, is cut off and ends, by what drivers send besides calls. */
import { SubmitSchedulerResponse } from '@mesolite/wire';
import type { Handler } from '../../context.ts';
import { sendError } from '../../transitions/driver-messages.ts';
import { deactivate, disconnect } from '../../transitions/framework-connection.ts';
import { teardown } from './teardown.ts';

/** The driver aborts: it stays connected and is offered nothing any more. */
export const deactivateFramework: Handler<'deactivate-framework'> = (context, { from, message }) => {
  context.counters.add('deactivateFrameworkMessages');
  const framework = context.state.frameworks.ofDriver(from, message.framework_id);
  if (typeof framework !== 'string') deactivate(context, framework, 'rescind');
  else context.options.log.warning(`Ignoring deactivation of framework ${message.framework_id.value} by ${from}`);
};

/** The old way to stop for good; unlike a call it also works while the framework counts as disconnected. */
export const unregisterFramework: Handler<'unregister-framework'> = (context, { from, message }) => {
  const framework = context.state.frameworks.ofDriver(from, message.framework_id);
  if (typeof framework !== 'string') teardown(context, framework);
  else context.options.log.warning(`Ignoring the end of framework ${message.framework_id.value} by ${from}`);
};

/** Schedulers are not run by masters any more, if ever. */
export const submitScheduler: Handler<'submit-scheduler'> = (context, { from }) =>
  context.outbox.send(from, SubmitSchedulerResponse, { okay: false });

/**
 * The connection to a driver broke. It is told, in case only this way is broken: a driver that goes on unaware would wait
 * for ever.
 */
export const driverExited: Handler<'link-exited'> = (context, { pid }) => {
  const framework = context.state.frameworks.byPid(pid);
  if (framework === undefined) return;
  sendError(context, pid, 'Framework disconnected');
  disconnect(context, framework);
};
