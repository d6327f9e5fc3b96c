/**
 * An operator sets, changes or removes quota of roles: durable first, then the allocator keeps to it, and offers that
 * stand against it end.
 *
 * Departs from Mesos: nothing changes before the registry has it, in the old calls too; a demand has to fit what others
 * asked for before it, also while that is being written; removing a quota that is not there by REMOVE_QUOTA is refused,
 * where the original's process ends.
 */
import { isStrictSubrole, ResourceQuantities, Resources } from '@mesolite/resources';
import type { QuotaConfig, Resource } from '@mesolite/wire';
import type { Handler, MasterContext } from '../../context.ts';
import type { ConnectionId } from '../../inputs.ts';
import { MAX_PENDING } from '../../options.ts';
import type { OfferRecord } from '../../state/offers.ts';
import type { Pending } from '../../state/pending.ts';
import { roleBreakdown } from '../../state/role-breakdown.ts';
import { offersOf, rescindOffer } from '../../transitions/offers.ts';
import { askQuotas, quotaOf, quotasWritten } from '../../transitions/role-settings.ts';
import { commitments, isWhitelisted, quotaRequestError, quotaUpdateError, requestedConfig } from './quota-rules.ts';

export const updateQuota: Handler<'update-quota'> = (context, { connection, configs, force }) => {
  const error = quotaUpdateError(context, configs, force);
  if (error !== undefined) context.outbox.reply(connection, 400, error);
  else write(context, connection, configs, 'update');
};

/** The old form, by `/quota` and SET_QUOTA. */
export const setQuota: Handler<'set-quota'> = (context, { connection, request }) => {
  const error = quotaRequestError(context, request);
  if (error !== undefined) {
    context.outbox.reply(connection, 400, error);
    return;
  }
  const config = requestedConfig(request);
  const { guarantees, capacity } = commitments(context, [config]);
  if (request.force !== true && !capacity.contains(guarantees)) {
    context.outbox.reply(
      connection,
      409,
      "Quota guarantees overcommit the cluster (use 'force' to bypass this check): Total quota guarantees " +
        `'${guarantees}' exceed cluster capacity '${capacity}'`,
    );
    return;
  }
  write(context, connection, [config], 'set', request.guarantee);
};

/** `path` is that of the request, for the texts of the endpoint. */
export const removeQuota: Handler<'remove-quota'> = (context, { connection, role, path }) => {
  const where = path === undefined ? '' : ` for path '${path}'`;
  if (!isWhitelisted(context, role)) {
    context.outbox.reply(connection, 400, `Failed to validate remove quota request${where}: Unknown role '${role}'`);
    return;
  }
  if (!context.state.roleSettings.askedQuotas.has(role)) {
    context.outbox.reply(connection, 400, `Failed to remove quota${where}: Role '${role}' has no quota set`);
    return;
  }
  write(context, connection, [{ role }], 'remove');
};

function write(
  context: MasterContext,
  connection: ConnectionId,
  configs: readonly QuotaConfig[],
  by: 'update' | 'set' | 'remove',
  guarantee: readonly Resource[] = [],
): void {
  const { pending } = context.state;
  if (pending.size >= MAX_PENDING) {
    context.outbox.reply(connection, 503, 'Too many changes wait for the registry');
    return;
  }
  askQuotas(context, configs);
  context.outbox.push({
    kind: 'write-registry',
    pending: pending.add({ kind: 'update-quota', connection, configs, by, guarantee }),
    operation: { kind: 'update-quota', configs },
  });
}

export function quotaWritten(context: MasterContext, written: Extract<Pending, { kind: 'update-quota' }>): void {
  const { configs, by, guarantee } = written;
  quotasWritten(context, configs);
  if (by === 'update') for (const config of configs) rescindForQuota(context, config);
  if (by === 'set') rescindForGuarantee(context, configs[0]?.role ?? '', Resources.from(guarantee));
  context.outbox.reply(written.connection, 200);
}

/** Offers to the role that go beyond its limits end, then offers to others until its guarantees could be met. */
function rescindForQuota(context: MasterContext, config: QuotaConfig): void {
  const { state } = context;
  const { limits, guarantees } = quotaOf(config);
  const { consumed, offered } = roleBreakdown(state, config.role);
  let held = consumed.plus(offered);
  const isOwn = ({ role }: OfferRecord): boolean => role === config.role || isStrictSubrole(role, config.role);
  for (const framework of state.frameworks.registered.values())
    for (const offer of offersOf(context, framework.offers)) {
      if (limits.allow(held)) break;
      if (!isOwn(offer)) continue;
      held = held.minus(ResourceQuantities.of(offer.resources));
      rescindOffer(context, offer);
    }
  let within = held;
  for (const agent of state.agents.registered.values())
    for (const offer of offersOf(context, agent.offers)) {
      if (within.contains(guarantees)) return;
      if (isOwn(offer)) continue;
      within = within.plus(ResourceQuantities.of(offer.resources));
      rescindOffer(context, offer);
    }
}

/** Offers end until what is guaranteed is free, on at least as many agents as the role has active frameworks. */
function rescindForGuarantee(context: MasterContext, role: string, guarantee: Resources): void {
  const { agents, frameworks } = context.state;
  let wanted = 0;
  for (const framework of frameworks.registered.values())
    if (framework.state === 'active' && framework.roles.includes(role)) wanted++;
  let rescinded = Resources.empty;
  let visited = 0;
  for (const agent of agents.registered.values()) {
    if (visited >= wanted && rescinded.contains(guarantee)) return;
    if (!agent.active || agent.offers.size === 0) continue;
    visited++;
    for (const offer of offersOf(context, agent.offers)) {
      rescinded = rescinded.plus(offer.resources.unallocate());
      rescindOffer(context, offer);
    }
  }
}
