/**
 * An operator sets, changes or removes quota of roles: durable first, then the allocator keeps to it, and offers that
 * stand against it end.
 *
 * Departs from Mesos: nothing changes before the registry has it, in the old calls too; a demand has to fit what others
 * asked for before it, also while that is being written; removing a quota that is not there by REMOVE_QUOTA is refused,
 * where the original's process ends.
 */
import { Resources } from '@mesolite/resources';
import type { QuotaConfig, Resource } from '@mesolite/wire';
import type { Handler, MasterContext } from '../../context.ts';
import type { ConnectionId } from '../../inputs.ts';
import { MAX_PENDING } from '../../options.ts';
import type { OfferRecord } from '../../state/offers.ts';
import type { Pending } from '../../state/pending.ts';
import type { MasterState } from '../../state/state.ts';
import { workForOperator } from '../../transitions/operator-work.ts';
import { askQuotas, quotasWritten } from '../../transitions/role-settings.ts';
import { offersAgainstGuarantee, offersAgainstQuotas } from './offers-against-quota.ts';
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
  quotasWritten(context, written.configs);
  workForOperator(
    context,
    written.connection,
    offersAgainst(context.state, written).map((offer) => ({ kind: 'rescind-offer', offer })),
  );
}

function offersAgainst(
  state: MasterState,
  { configs, by, guarantee }: Extract<Pending, { kind: 'update-quota' }>,
): OfferRecord[] {
  switch (by) {
    case 'update':
      return offersAgainstQuotas(state, configs);
    case 'set':
      return offersAgainstGuarantee(state, configs[0]?.role ?? '', Resources.from(guarantee));
    case 'remove':
      return [];
  }
}
