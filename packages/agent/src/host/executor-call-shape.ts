/**
 * The shape of an executor call, before anything is looked up. Answers nothing or the rule that is broken, in the
 * original's words and order.
 *
 * Departs from Mesos: SUBSCRIBE may come without its `subscribe` part, of which nothing is required; npm's
 * mesos-framework sends it so.
 */
import type { CheckStatusInfo, ExecutorCall } from '@mesolite/wire';

const UUID_BYTES = 16;

export function executorCallError(call: ExecutorCall): string | undefined {
  switch (call.type) {
    case undefined:
      return "Expecting 'type' to be present";
    case 'SUBSCRIBE':
      return subscribeError(call);
    case 'UPDATE':
      return updateError(call);
    case 'MESSAGE':
      return call.message === undefined ? "Expecting 'message' to be present" : undefined;
    default:
      return undefined;
  }
}

/** Updates that come with a subscription obey the rules of updates: the original only asked this of single ones. */
function subscribeError(call: ExecutorCall): string | undefined {
  for (const update of call.subscribe?.unacknowledged_updates ?? []) {
    const error = updateError({ ...call, update });
    if (error !== undefined) return `unacknowledged_updates: ${error}`;
  }
  return undefined;
}

function updateError({ update, executor_id, framework_id }: ExecutorCall): string | undefined {
  if (update === undefined) return "Expecting 'update' to be present";
  const { status } = update;
  if (status.uuid === undefined) return "Expecting 'uuid' to be present";
  if (status.uuid.length !== UUID_BYTES) return 'Not a valid UUID';
  if (status.executor_id !== undefined && status.executor_id.value !== executor_id.value) {
    return `ExecutorID in Call: ${executor_id.value} does not match ExecutorID in TaskStatus: ${status.executor_id.value}`;
  }
  const received = `Received Call from executor ${executor_id.value} of framework ${framework_id.value}`;
  if (status.source !== 'SOURCE_EXECUTOR') return `${received} with invalid source, expecting 'SOURCE_EXECUTOR'`;
  if (status.state === 'TASK_STAGING') {
    return `Received TASK_STAGING from executor ${executor_id.value} of framework ${framework_id.value} which is not allowed`;
  }
  return status.check_status === undefined ? undefined : checkStatusError(status.check_status);
}

function checkStatusError(check: CheckStatusInfo): string | undefined {
  switch (check.type) {
    case undefined:
      return "CheckStatusInfo must specify 'type'";
    case 'COMMAND':
      return check.command === undefined ? "Expecting 'command' to be set for COMMAND check's status" : undefined;
    case 'HTTP':
      return check.http === undefined ? "Expecting 'http' to be set for HTTP check's status" : undefined;
    case 'TCP':
      return check.tcp === undefined ? "Expecting 'tcp' to be set for TCP check's status" : undefined;
    default:
      return `'${check.type}' is not a valid check's status type`;
  }
}
