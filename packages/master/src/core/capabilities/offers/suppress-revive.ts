/** A framework wants no offers for some of its roles, or wants them again. A call with one bad role is dropped whole. */
import { roleError } from '@mesolite/resources';
import type { MasterContext } from '../../context.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';

export function suppress(context: MasterContext, framework: FrameworkRecord, roles: readonly string[]): void {
  context.counters.add('suppressOffersMessages');
  if (drops(context, framework, 'SUPPRESS', roles)) return;
  const meant = new Set(roles.length === 0 ? framework.roles : roles);
  framework.suppressedRoles = new Set([...framework.suppressedRoles, ...meant]);
  context.allocator.suppress(framework.id, [...meant]);
}

/** Ends refusals, too. */
export function revive(context: MasterContext, framework: FrameworkRecord, roles: readonly string[]): void {
  context.counters.add('reviveOffersMessages');
  if (drops(context, framework, 'REVIVE', roles)) return;
  const meant = new Set(roles.length === 0 ? framework.roles : roles);
  framework.suppressedRoles = new Set([...framework.suppressedRoles].filter((role) => !meant.has(role)));
  context.allocator.revive(framework.id, [...meant]);
}

function drops(context: MasterContext, framework: FrameworkRecord, call: string, roles: readonly string[]): boolean {
  const subscribed = new Set(framework.roles);
  for (const role of roles) {
    const error = roleError(role);
    const reason =
      error !== undefined
        ? `role '${role}' is invalid: ${error}`
        : subscribed.has(role)
          ? undefined
          : `role '${role}' is not one of the framework's subscribed roles`;
    if (reason === undefined) continue;
    context.options.log.warning(`Dropping ${call} call from framework ${framework.id}: ${reason}`);
    return true;
  }
  return false;
}
