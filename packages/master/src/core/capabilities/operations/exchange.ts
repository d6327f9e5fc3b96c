/**
 * RESERVE, UNRESERVE, CREATE, DESTROY, GROW_VOLUME and SHRINK_VOLUME of a framework: what is left of its offers becomes
 * something else at once. One that cannot be is dropped, and those after it go on.
 *
 * Departs from Mesos: the exchange is tried on what the agent has, too, before anything changes; the original's process
 * ends when it fails there. Offers of others end only for an operation that is applied.
 */
import { allocateOperation, conversionsOf, convert, Resources, upgradeOperation } from '@mesolite/resources';
import type { OfferOperation } from '@mesolite/wire';
import type { MasterContext } from '../../context.ts';
import type { AgentRecord } from '../../state/agents.ts';
import { rescindOffersOfVolumes } from '../../transitions/offers.ts';
import { agentName, operationsFullError, startOperation, totalAfter } from '../../transitions/operations.ts';
import type { AppliedOperation } from './accept.ts';
import { dropOperation } from './drop-operation.ts';
import { exchangeError } from './exchange-rules.ts';

export interface Exchanged {
  /** For the operations that follow. */
  readonly left: Resources;
  /** Volumes of another size: no operation of the same call sees them. */
  readonly resized: Resources;
  /** Shared volumes from now on, when the operation may have changed which there are. */
  readonly shared?: Resources;
}

export function exchangeResources(context: MasterContext, applied: AppliedOperation): Exchanged {
  const { framework, agent, role, available } = applied;
  const unchanged: Exchanged = { left: available, resized: Resources.empty };
  const drop = (why: string): Exchanged => {
    dropOperation(context, framework, applied.operation, why);
    return unchanged;
  };
  const upgraded = upgradeOperation(applied.operation);
  const invalid = upgraded.ok ? sourceError(applied.operation) : upgraded.error;
  if (!upgraded.ok || invalid !== undefined) return drop(`Operation attempted with invalid resources: ${invalid}`);
  const feedback = feedbackError(applied.operation, agent);
  if (feedback !== undefined) return drop(feedback);
  const operation = allocateOperation(upgraded.value, role);
  const { id, roles, capabilities, info } = framework;
  const error = exchangeError(operation, { principal: info.principal, framework: { id, roles, capabilities } }, agent);
  if (error !== undefined) return drop(`${error}; on agent ${agentName(agent)}`);
  const conversions = conversionsOf(operation);
  if (!conversions.ok) return drop(conversions.error);
  const converted = convert(available, conversions.value);
  const resizes = operation.type === 'GROW_VOLUME' || operation.type === 'SHRINK_VOLUME';
  if (!converted.ok) return drop(`${resizes ? `Invalid ${operation.type} operation: ` : ''}${converted.error}`);
  const total = totalAfter(agent, operation);
  const impossible = total.ok ? operationsFullError(context, agent) : total.error;
  if (!total.ok || impossible !== undefined) return drop(impossible ?? '');
  if (operation.type === 'DESTROY') rescindOffersOfVolumes(context, agent, Resources.from(operation.destroy?.volumes));
  startOperation(context, agent, framework, operation, total.value);
  framework.counts.operation(operation.type);
  const from = Resources.sum(conversions.value.map(({ consumed }) => consumed));
  const to = Resources.sum(conversions.value.map((one) => one.converted));
  context.allocator.exchange(framework.id, agent.id, from, to);
  context.options.log.info(`Applying ${operation.type} of framework ${framework.id} to agent ${agent.id}: ${to}`);
  if (resizes) return { left: available.minus(from), resized: to };
  const changed: Exchanged = { left: converted.value, resized: Resources.empty };
  const volumes = operation.type === 'CREATE' || operation.type === 'DESTROY';
  return volumes ? { ...changed, shared: converted.value.shared() } : changed;
}

function sourceError({ type, reserve }: OfferOperation): string | undefined {
  return type === 'RESERVE' && (reserve?.source ?? []).length > 0
    ? 'Reservation updates are not yet implemented for the scheduler API.'
    : undefined;
}

/** Whoever gives an operation an id wants to hear of it. */
function feedbackError({ id }: OfferOperation, agent: AgentRecord): string | undefined {
  if (id === undefined) return undefined;
  const { capabilities } = agent;
  if (!capabilities.has('RESOURCE_PROVIDER') || agent.resourceVersion === undefined)
    return `Operation requested feedback, but agent ${agent.id} does not have the required RESOURCE_PROVIDER capability`;
  if (capabilities.has('AGENT_OPERATION_FEEDBACK')) return undefined;
  return (
    `Operation on agent default resources requested feedback, but agent ${agent.id} does not have the required ` +
    'AGENT_OPERATION_FEEDBACK and RESOURCE_PROVIDER capabilities'
  );
}
