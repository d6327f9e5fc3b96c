/** UPDATE_FRAMEWORK: the one call whose answer says whether it took effect. */
import { FrameworkInfo, type SchedulerCallUpdateFramework } from '@mesolite/wire';
import type { MasterContext } from '../../context.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import { tellAgents } from '../../transitions/framework-connection.ts';
import { changeFramework } from '../../transitions/framework-update.ts';
import { admitFramework, frameworkUpdateError, roleOptionsError } from './framework-rules.ts';

/** Answers why it does not take effect, if so. */
export function updateFramework(
  context: MasterContext,
  framework: FrameworkRecord,
  call: SchedulerCallUpdateFramework,
): string | undefined {
  const { framework_info: info, suppressed_roles: suppressedRoles = [], offer_constraints: offerConstraints } = call;
  const error = updateError(context, framework.info, call);
  if (error !== undefined) return error;
  const differs = !FrameworkInfo.encode(info).equals(FrameworkInfo.encode(framework.info));
  changeFramework(context, framework, { info, suppressedRoles, offerConstraints });
  if (differs) tellAgents(context, framework);
  return undefined;
}

function updateError(
  context: MasterContext,
  old: FrameworkInfo,
  call: SchedulerCallUpdateFramework,
): string | undefined {
  const info = call.framework_info;
  const invalid = admitFramework(context, info);
  if (invalid !== undefined) return `Supplied FrameworkInfo is not valid: ${invalid}`;
  const changed = frameworkUpdateError(old, info);
  if (changed !== undefined) return `FrameworkInfo update is not valid: ${changed}`;
  const options = roleOptionsError(context, info, call.suppressed_roles ?? [], call.offer_constraints);
  return options === undefined ? undefined : `'UpdateFramework' call is not valid: ${options}`;
}
