/**
 * A scheduler opens its stream: as a new framework, as the next instance of a known one, or as one that this master
 * has only heard of from agents, or not at all. Whatever it is refused for, it is told on the stream.
 */
import { type FrameworkId, uuidText } from '@mesolite/base';
import type { FrameworkInfo, SchedulerCallSubscribe } from '@mesolite/wire';
import type { Handler, MasterContext } from '../../context.ts';
import type { SchedulerStream } from '../../state/frameworks.ts';
import { admitFramework, roleOptionsError } from './framework-rules.ts';
import { begin, change, resume } from './subscribed-framework.ts';

export const subscribeScheduler: Handler<'subscribe-scheduler'> = (context, input) => {
  const { connection, subscribe, principal } = input;
  const info: FrameworkInfo =
    principal !== undefined && subscribe.framework_info.principal === undefined
      ? { ...subscribe.framework_info, principal }
      : subscribe.framework_info;
  const id = info.id?.value ?? '';
  context.counters.add(id === '' ? 'registerFrameworkMessages' : 'reregisterFrameworkMessages');
  const stream: SchedulerStream = { kind: 'stream', connection, streamId: uuidText(context.options.random.bytes(16)) };
  context.outbox.push({ kind: 'open-stream', connection, streamId: stream.streamId });
  const error =
    admitFramework(context, info) ??
    roleOptionsError(context, info, subscribe.suppressed_roles ?? [], subscribe.offer_constraints) ??
    admit(context, info, stream, subscribe);
  if (error === undefined) return;
  context.options.log.info(`Refusing subscription of framework '${info.name}': ${error}`);
  context.outbox.event(connection, { type: 'ERROR', error: { message: error } });
  context.outbox.push({ kind: 'close-stream', connection });
};

function admit(
  context: MasterContext,
  info: FrameworkInfo,
  stream: SchedulerStream,
  subscribe: SchedulerCallSubscribe,
): string | undefined {
  const known = context.state.frameworks.registered.get(info.id?.value as FrameworkId);
  if (known === undefined) return begin(context, info, stream, subscribe);
  const error = change(context, known, info, subscribe);
  if (error === undefined) resume(context, known, stream);
  return error;
}
