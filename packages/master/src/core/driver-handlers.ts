/** The directory from a driver's message to what is done about it. No rules here. */

import { authenticateClient } from './capabilities/authentication/authenticate-client.ts';
import { exitPaced, paced } from './capabilities/rate-limits/paced.ts';
import {
  deactivateFramework,
  driverExited,
  submitScheduler,
  unregisterFramework,
} from './capabilities/subscriptions/driver-lifecycle.ts';
import { registerFramework, reregisterFramework } from './capabilities/subscriptions/subscribe-driver.ts';
import type { Handler } from './context.ts';
import { asCall, callAsDriver } from './driver-calls.ts';
import type { DriverMessageKind } from './inputs.ts';

export const DRIVER_HANDLERS: { readonly [K in DriverMessageKind]: Handler<K> } = {
  'call-as-driver': paced(callAsDriver),
  'register-framework': paced(registerFramework),
  'reregister-framework': paced(reregisterFramework),
  'unregister-framework': paced(unregisterFramework),
  'deactivate-framework': paced(deactivateFramework),
  'request-resources': paced(
    asCall(({ framework_id, requests }) => ({ framework_id, type: 'REQUEST', request: { requests } })),
  ),
  // Without tasks it says no to the offers.
  'launch-tasks': paced(
    asCall(({ framework_id, offer_ids, tasks = [], filters }) =>
      tasks.length === 0
        ? { framework_id, type: 'DECLINE', decline: { offer_ids, filters } }
        : {
            framework_id,
            type: 'ACCEPT',
            accept: { offer_ids, operations: [{ type: 'LAUNCH', launch: { task_infos: tasks } }], filters },
          },
    ),
  ),
  'revive-offers': paced(asCall(({ framework_id, roles }) => ({ framework_id, type: 'REVIVE', revive: { roles } }))),
  'kill-task': paced(asCall(({ framework_id, task_id }) => ({ framework_id, type: 'KILL', kill: { task_id } }))),
  'acknowledge-status-update': paced(
    asCall(({ framework_id, ...acknowledge }) => ({ framework_id, type: 'ACKNOWLEDGE', acknowledge })),
  ),
  'message-executor': paced(asCall(({ framework_id, ...message }) => ({ framework_id, type: 'MESSAGE', message }))),
  'reconcile-tasks': paced(
    asCall(({ framework_id, statuses = [] }) => ({
      framework_id,
      type: 'RECONCILE',
      reconcile: { tasks: statuses.map(({ task_id, agent_id }) => ({ task_id, agent_id })) },
    })),
  ),
  'submit-scheduler': paced(submitScheduler),
  'authenticate-client': paced(authenticateClient),
};

/** `ofAgent` hears of all pids that no driver has. */
export function exitHandler(ofAgent: Handler<'link-exited'>): Handler<'link-exited'> {
  const ofDriver = exitPaced(driverExited);
  return (context, input) =>
    context.state.frameworks.byPid(input.pid) === undefined ? ofAgent(context, input) : ofDriver(context, input);
}
