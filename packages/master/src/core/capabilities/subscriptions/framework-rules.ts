/** What a FrameworkInfo must hold to be taken by this master. Answers are the texts that schedulers see. */
import { OfferConstraints } from '@mesolite/allocator';
import type { FrameworkId } from '@mesolite/base';
import type { FrameworkInfo, SchedulerOfferConstraints } from '@mesolite/wire';
import type { MasterContext } from '../../context.ts';
import { PATTERN_LIMITS } from '../../options.ts';
import { braced, frameworkInfoError, rolesOf } from '../../rules/framework-info.ts';

/** Rules of this master on top: its roles, its view of root, and who has ended here. */
export function admitFramework(context: MasterContext, info: FrameworkInfo): string | undefined {
  const error = frameworkInfoError(info);
  if (error !== undefined) return error;
  const { roles, rootSubmissions } = context.options;
  const strange = new Set(rolesOf(info).filter((role) => roles !== undefined && !roles.has(role as never)));
  if (strange.size > 0) return `Roles ${braced(strange)} are not present in the master's --roles`;
  if (info.user === 'root' && !rootSubmissions)
    return "User 'root' is not allowed to run frameworks without --root_submissions set";
  if (info.id !== undefined && context.state.frameworks.completed.has(info.id.value as FrameworkId))
    return 'Framework has been removed';
  return undefined;
}

/** The suppressed roles and constraints that come with a FrameworkInfo. */
export function roleOptionsError(
  { options: { patternLimits = PATTERN_LIMITS } }: MasterContext,
  info: FrameworkInfo,
  suppressedRoles: readonly string[],
  constraints: SchedulerOfferConstraints | undefined,
): string | undefined {
  const roles = new Set(rolesOf(info));
  const strange = new Set(suppressedRoles.filter((role) => !roles.has(role)));
  if (strange.size > 0) return `Suppressed roles ${braced(strange)} are not contained in the set of roles`;
  const compiled = constraints === undefined ? undefined : OfferConstraints.create(constraints, patternLimits);
  if (compiled?.ok === false) return `Offer constraints are not valid: ${compiled.error}`;
  for (const role of Object.keys(constraints?.role_constraints ?? {}))
    if (!roles.has(role))
      return `Offer constraints specify \`role_constraints\` for a role '${role}'not contained in the set of roles`;
  return undefined;
}

/** What may not change while a framework lives. */
export function frameworkUpdateError(old: FrameworkInfo, info: FrameworkInfo): string | undefined {
  if (old.principal !== info.principal) return "Changing framework's principal is not allowed.";
  if (old.user !== info.user)
    return `Updating 'FrameworkInfo.user' is unsupported; attempted to update from '${old.user}' to '${info.user}'`;
  const [before, after] = [old.checkpoint ?? false, info.checkpoint ?? false];
  if (before !== after)
    return `Updating 'FrameworkInfo.checkpoint' is unsupported; attempted to update from '${before}' to '${after}'`;
  return undefined;
}

/** Why a driver may not subscribe as what it says it is. */
export function driverIdentityError(
  { options, state }: MasterContext,
  info: FrameworkInfo,
  pid: string,
): string | undefined {
  const principal = state.clients.principal(pid);
  if (principal === undefined)
    return options.authenticateFrameworks === true ? `Framework at ${pid} is not authenticated` : undefined;
  if (info.principal === undefined || info.principal === principal) return undefined;
  return `Framework principal '${info.principal}' does not match authenticated principal '${principal}'`;
}
