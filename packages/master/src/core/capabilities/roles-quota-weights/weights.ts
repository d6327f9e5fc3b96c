/**
 * An operator changes weights of roles: durable first, then shares follow, and offers that stood on the old ones end.
 *
 * Departs from Mesos: weights that are infinite or no number are refused too; with them no share can be reckoned.
 */
import { roleError } from '@mesolite/resources';
import type { WeightInfo } from '@mesolite/wire';
import type { Handler, MasterContext } from '../../context.ts';
import { MAX_PENDING, MAX_ROLE_SETTINGS, MAX_ROLES_PER_CHANGE } from '../../options.ts';
import type { Pending } from '../../state/pending.ts';
import { voidOffers } from '../../transitions/offers.ts';
import { setWeights } from '../../transitions/role-settings.ts';

const FAILED = 'Failed to validate update weights request JSON';

export const updateWeights: Handler<'update-weights'> = (context, { connection, weights: given }) => {
  if (given.length > MAX_ROLES_PER_CHANGE) {
    context.outbox.reply(connection, 400, `${FAILED}: 'weight_infos' has more than ${MAX_ROLES_PER_CHANGE} roles`);
    return;
  }
  const weights = given.map((one) => ({ ...one, role: (one.role ?? '').trim() }));
  const error = weightsError(context, weights);
  if (error !== undefined) {
    context.outbox.reply(connection, 400, error);
    return;
  }
  if (context.state.pending.size >= MAX_PENDING) {
    context.outbox.reply(connection, 503, 'Too many changes wait for the registry');
    return;
  }
  context.outbox.push({
    kind: 'write-registry',
    pending: context.state.pending.add({ kind: 'update-weights', connection, weights }),
    operation: { kind: 'update-weights', weights },
  });
};

function weightsError(context: MasterContext, weights: readonly WeightInfo[]): string | undefined {
  const known = context.state.roleSettings.weights;
  let fresh = 0;
  for (const { role = '', weight } of weights) {
    const invalid = roleError(role);
    if (invalid !== undefined) return `${FAILED}: Invalid role '${role}': ${invalid}`;
    if (context.options.roles !== undefined && !context.options.roles.has(role as never))
      return `${FAILED}: Unknown role '${role}'`;
    // Written so that NaN is refused too.
    const wrong = !(weight > 0) ? 'positive' : Number.isFinite(weight) ? undefined : 'finite';
    if (wrong !== undefined)
      return `${FAILED} for role '${role}': Invalid weight '${weight}': Weights must be ${wrong}`;
    if (!known.has(role)) fresh++;
  }
  return known.size + fresh <= MAX_ROLE_SETTINGS
    ? undefined
    : `${FAILED}: More than ${MAX_ROLE_SETTINGS} roles would have a weight`;
}

export function weightsWritten(context: MasterContext, written: Extract<Pending, { kind: 'update-weights' }>): void {
  setWeights(context, written.weights);
  const changed = new Set(written.weights.map(({ role }) => role ?? ''));
  if (isInUse(context, changed)) voidOffers(context);
  context.outbox.reply(written.connection, 200);
}

export function seedWeightsWritten(context: MasterContext, written: Extract<Pending, { kind: 'seed-weights' }>): void {
  setWeights(context, written.weights);
}

/** A framework is subscribed to one of the roles, or holds something by it. */
function isInUse(context: MasterContext, roles: ReadonlySet<string>): boolean {
  for (const framework of context.state.frameworks.registered.values()) {
    if (framework.roles.some((role) => roles.has(role))) return true;
    const isHeldBy = ({ allocationRole }: { readonly allocationRole: string | undefined }): boolean =>
      roles.has(allocationRole ?? '');
    for (const held of framework.used.values()) if (held.someKind(isHeldBy)) return true;
  }
  return false;
}
