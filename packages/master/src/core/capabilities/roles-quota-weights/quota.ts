/**
 * An operator sets, changes or removes quota of roles: durable first, then the allocator keeps to it, and offers that
 * stand against it end.
 *
 * Departs from Mesos: nothing changes before the registry has it, in the old calls too; a demand has to fit what others
 * asked for before it, also while that is being written; removing a quota that is not there by REMOVE_QUOTA is refused,
 * where the original's process ends.
 */
import { must } from '@mesolite/base';
import { ResourceQuantities, Resources, topLevelRole } from '@mesolite/resources';
import type { QuotaConfig, Resource } from '@mesolite/wire';
import type { Handler, MasterContext } from '../../context.ts';
import type { ConnectionId } from '../../inputs.ts';
import { MAX_PENDING } from '../../options.ts';
import type { OfferRecord } from '../../state/offers.ts';
import type { Pending } from '../../state/pending.ts';
import { roleBreakdowns } from '../../state/role-breakdown.ts';
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
  if (by === 'update') rescindForQuotas(context, configs);
  if (by === 'set') rescindForGuarantee(context, configs[0]?.role ?? '', Resources.from(guarantee));
  context.outbox.reply(written.connection, 200);
}

/** Offers to the roles that go beyond their limits end, then offers to others until guarantees could be met. */
function rescindForQuotas(context: MasterContext, configs: readonly QuotaConfig[]): void {
  const { state } = context;
  const breakdowns = roleBreakdowns(state, new Set(configs.map(({ role }) => role)));
  const own = new Map<string, OfferRecord[]>();
  for (const offer of state.offers.values()) {
    const top = topLevelRole(offer.role);
    if (!breakdowns.has(top)) continue;
    const offers = own.get(top);
    if (offers === undefined) own.set(top, [offer]);
    else offers.push(offer);
  }
  for (const config of configs) {
    const { consumed } = must(breakdowns.get(config.role), 'breakdown');
    // Those of an earlier role in the list may have cost this one some.
    const offers = (own.get(config.role) ?? []).filter(({ id }) => state.offers.get(id) !== undefined);
    rescindForQuota(context, config, consumed, offers);
  }
}

function rescindForQuota(
  context: MasterContext,
  config: QuotaConfig,
  consumed: ResourceQuantities,
  own: readonly OfferRecord[],
): void {
  const { limits, guarantees } = quotaOf(config);
  let held = consumed.plus(ResourceQuantities.sum(own.map(({ resources }) => ResourceQuantities.of(resources))));
  for (const offer of own) {
    if (limits.allow(held)) break;
    held = held.minus(ResourceQuantities.of(offer.resources));
    rescindOffer(context, offer);
  }
  let within = held;
  for (const agent of context.state.agents.registered.values())
    for (const offer of offersOf(context, agent.offers)) {
      if (within.contains(guarantees)) return;
      if (topLevelRole(offer.role) === config.role) continue;
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
