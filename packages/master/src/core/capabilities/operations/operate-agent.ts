/**
 * An operator reserves, frees, creates, destroys or resizes on an agent: what is offered there is taken back as far as it
 * is needed, then what nobody holds becomes something else. 202 says that the agent has been told.
 */
import {
  type Asker,
  applyOperation,
  consumedBy,
  operationSizeError,
  Resources,
  upgradeOperation,
} from '@mesolite/resources';
import type { OfferOperation } from '@mesolite/wire';
import type { Handler, MasterContext } from '../../context.ts';
import type { AgentRecord } from '../../state/agents.ts';
import { rescindOffer, rescindOffersOfVolumes } from '../../transitions/offers.ts';
import {
  agentName,
  freeResources,
  operationsFullError,
  startOperation,
  totalAfter,
  unusedResources,
} from '../../transitions/operations.ts';
import { exchangeError } from './exchange-rules.ts';

export const operateAgent: Handler<'operate-agent'> = (context, { connection, agentId, operation, principal }) => {
  const { outbox, state } = context;
  const agent = state.agents.registered.get(agentId);
  if (agent === undefined) {
    outbox.reply(connection, 400, 'No agent found with specified ID');
    return;
  }
  const tooMany = operationSizeError(operation);
  if (tooMany !== undefined) {
    outbox.reply(connection, 400, `Invalid ${operation.type} operation: ${tooMany}`);
    return;
  }
  const upgraded = upgradeOperation(operation);
  const error = upgraded.ok ? ruleError(upgraded.value, { principal }, agent) : upgraded.error;
  if (!upgraded.ok || error !== undefined) {
    outbox.reply(connection, 400, error ?? '');
    return;
  }
  const conflict = perform(context, agent, upgraded.value);
  if (conflict === undefined) outbox.reply(connection, 202);
  else outbox.reply(connection, 409, conflict);
};

function ruleError(operation: OfferOperation, asker: Asker, agent: AgentRecord): string | undefined {
  const error = exchangeError(operation, asker, agent);
  const where = operation.type === 'UNRESERVE' || operation.type === 'DESTROY' ? '' : ` on agent ${agentName(agent)}`;
  if (error !== undefined) return `Invalid ${operation.type} operation${where}: ${error}`;
  const consumed = consumedBy(operation);
  return consumed.ok ? undefined : `Invalid ${operation.type} operation: ${consumed.error}`;
}

/** The reason why not, in which case nothing has changed. */
function perform(context: MasterContext, agent: AgentRecord, operation: OfferOperation): string | undefined {
  const unused = applyOperation(unusedResources(agent), operation);
  if (!unused.ok) return unused.error;
  const total = totalAfter(agent, operation);
  if (!total.ok) return total.error;
  const full = operationsFullError(context, agent);
  if (full !== undefined) return full;
  makeFree(context, agent, operation);
  startOperation(context, agent, undefined, operation, total.value);
  context.options.log.info(`Applying ${operation.type} of an operator to agent ${agent.id}`);
  return undefined;
}

/**
 * Takes offers back, one by one, until what they held would do; of a volume to be destroyed, all.
 * Departs from Mesos: what is free already counts, so that fewer offers end, and none end for what cannot be.
 */
function makeFree(context: MasterContext, agent: AgentRecord, operation: OfferOperation): void {
  if (operation.type === 'DESTROY') {
    rescindOffersOfVolumes(context, agent, Resources.from(operation.destroy?.volumes));
    return;
  }
  const consumed = consumedBy(operation);
  let missing = consumed.ok ? consumed.value.minus(freeResources(agent)) : Resources.empty;
  for (const offer of context.state.offers.withIds(agent.offers)) {
    if (missing.isEmpty) return;
    const rest = missing.minus(offer.resources.unallocate());
    if (rest.equals(missing)) continue;
    missing = rest;
    rescindOffer(context, offer);
  }
}
