/**
 * A scheduler opens its stream: as a new framework, as the next instance of a known one, or as one that this master
 * has only heard of from agents, or not at all. Whatever it is refused for, it is told on the stream.
 */
import { type FrameworkId, uuidText } from '@mesolite/base';
import type { FrameworkInfo } from '@mesolite/wire';
import type { Handler, MasterContext } from '../../context.ts';
import type { ConnectionId, InputOf } from '../../inputs.ts';
import { MAX_FRAMEWORKS } from '../../options.ts';
import type { FrameworkRecord, SchedulerStream } from '../../state/frameworks.ts';
import { greet, takeOver, tellAgents } from '../../transitions/framework-connection.ts';
import { addFramework } from '../../transitions/framework-membership.ts';
import { changeFramework } from '../../transitions/framework-update.ts';
import { admitFramework, frameworkUpdateError, roleOptionsError } from './framework-rules.ts';

export const subscribeScheduler: Handler<'subscribe-scheduler'> = (context, input) => {
  const { connection, subscribe, principal } = input;
  const info: FrameworkInfo =
    principal !== undefined && subscribe.framework_info.principal === undefined
      ? { ...subscribe.framework_info, principal }
      : subscribe.framework_info;
  const id = info.id?.value ?? '';
  context.counters.add(id === '' ? 'registerFrameworkMessages' : 'reregisterFrameworkMessages');
  const stream: SchedulerStream = { connection, streamId: uuidText(context.options.random.bytes(16)) };
  context.outbox.push({ kind: 'open-stream', connection, streamId: stream.streamId });
  const error =
    admitFramework(context, info) ??
    roleOptionsError(context, info, subscribe.suppressed_roles ?? [], subscribe.offer_constraints);
  if (error !== undefined) {
    refuse(context, connection, info, error);
    return;
  }
  const known = context.state.frameworks.registered.get(id as FrameworkId);
  if (known !== undefined) resume(context, known, info, stream, input);
  else begin(context, info, stream, input);
};

/** New to this master. One that brings an id was somebody's before: it keeps it. */
function begin(
  context: MasterContext,
  info: FrameworkInfo,
  stream: SchedulerStream,
  { subscribe }: InputOf<'subscribe-scheduler'>,
): void {
  const { frameworks, ids } = context.state;
  if (frameworks.registered.size >= MAX_FRAMEWORKS) {
    refuse(context, stream.connection, info, `There are ${MAX_FRAMEWORKS} frameworks already: no more are taken`);
    return;
  }
  const isNew = (info.id?.value ?? '') === '';
  const framework = addFramework(context, isNew ? { ...info, id: { value: ids.framework() } } : info, {
    stream,
    suppressedRoles: subscribe.suppressed_roles ?? [],
    offerConstraints: subscribe.offer_constraints,
  });
  if (!isNew) framework.reregisteredWallMs = context.now.wallMs;
  greet(context, framework, stream);
  if (!isNew) tellAgents(context, framework);
  context.options.log.info(`Subscribed framework ${framework.id} (${info.name})`);
}

function resume(
  context: MasterContext,
  framework: FrameworkRecord,
  given: FrameworkInfo,
  stream: SchedulerStream,
  { subscribe }: InputOf<'subscribe-scheduler'>,
): void {
  // These two cannot change; the original ignores the attempt, so do we.
  const info: FrameworkInfo = { ...given, user: framework.info.user, checkpoint: framework.info.checkpoint };
  const error = frameworkUpdateError(framework.info, info);
  if (error !== undefined) {
    refuse(context, stream.connection, info, error);
    return;
  }
  changeFramework(context, framework, {
    info,
    suppressedRoles: subscribe.suppressed_roles ?? [],
    offerConstraints: subscribe.offer_constraints,
  });
  if (framework.state === 'recovered') framework.registeredWallMs = context.now.wallMs;
  framework.reregisteredWallMs = context.now.wallMs;
  takeOver(context, framework, stream);
  greet(context, framework, stream);
  tellAgents(context, framework);
  context.options.log.info(`Framework ${framework.id} (${info.name}) subscribed again`);
}

function refuse(context: MasterContext, connection: ConnectionId, info: FrameworkInfo, message: string): void {
  context.options.log.info(`Refusing subscription of framework '${info.name}': ${message}`);
  context.outbox.event(connection, { type: 'ERROR', error: { message } });
  context.outbox.push({ kind: 'close-stream', connection });
}
