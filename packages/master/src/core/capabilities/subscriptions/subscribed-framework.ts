/** What becomes of a framework whose scheduler may subscribe, whichever way it is reached. */
import type { FrameworkInfo, SchedulerOfferConstraints } from '@mesolite/wire';
import type { MasterContext } from '../../context.ts';
import { MAX_FRAMEWORKS } from '../../options.ts';
import type { FrameworkRecord, SchedulerLink } from '../../state/frameworks.ts';
import { greet, takeOver, tellAgents } from '../../transitions/framework-connection.ts';
import { addFramework } from '../../transitions/framework-membership.ts';
import { changeFramework } from '../../transitions/framework-update.ts';
import { frameworkUpdateError } from './framework-rules.ts';

/** What comes along with a FrameworkInfo. */
export interface SubscribeOptions {
  readonly suppressed_roles?: readonly string[] | undefined;
  readonly offer_constraints?: SchedulerOfferConstraints | undefined;
}

/** New to this master. One that brings an id was somebody's before: it keeps it. Answers why there can be no more. */
export function begin(
  context: MasterContext,
  info: FrameworkInfo,
  scheduler: SchedulerLink,
  options: SubscribeOptions,
): string | undefined {
  const { frameworks, ids } = context.state;
  if (frameworks.registered.size >= MAX_FRAMEWORKS)
    return `There are ${MAX_FRAMEWORKS} frameworks already: no more are taken`;
  const isNew = (info.id?.value ?? '') === '';
  const framework = addFramework(context, isNew ? { ...info, id: { value: ids.framework() } } : info, {
    scheduler,
    suppressedRoles: options.suppressed_roles ?? [],
    offerConstraints: options.offer_constraints,
  });
  if (!isNew) framework.reregisteredWallMs = context.now.wallMs;
  greet(context, framework, scheduler);
  if (!isNew) tellAgents(context, framework);
  context.options.log.info(`Subscribed framework ${framework.id} (${info.name})`);
  return undefined;
}

/** A known framework says anew what it is. Answers why it may not. */
export function change(
  context: MasterContext,
  framework: FrameworkRecord,
  given: FrameworkInfo,
  options: SubscribeOptions,
): string | undefined {
  // These two cannot change; the original ignores the attempt, so do we.
  const info: FrameworkInfo = { ...given, user: framework.info.user, checkpoint: framework.info.checkpoint };
  const error = frameworkUpdateError(framework.info, info);
  if (error !== undefined) return error;
  changeFramework(context, framework, {
    info,
    suppressedRoles: options.suppressed_roles ?? [],
    offerConstraints: options.offer_constraints,
  });
  return undefined;
}

/** Another instance of its scheduler takes over; the one before, if any, is told. */
export function resume(context: MasterContext, framework: FrameworkRecord, scheduler: SchedulerLink): void {
  if (framework.state === 'recovered') framework.registeredWallMs = context.now.wallMs;
  framework.reregisteredWallMs = context.now.wallMs;
  takeOver(context, framework, scheduler);
  greet(context, framework, scheduler);
  tellAgents(context, framework);
  context.options.log.info(`Framework ${framework.id} (${framework.info.name}) subscribed again`);
}
