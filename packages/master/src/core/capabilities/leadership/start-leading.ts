/**
 * The master begins: it remembers what the registry holds, gives those agents a time to return, and begins to offer; with
 * quota, once enough of them are back.
 */
import type { AgentId } from '@mesolite/base';
import { toPostRefinement } from '@mesolite/resources';
import type { WeightInfo } from '@mesolite/wire';
import type { Handler, MasterContext } from '../../context.ts';
import { REGISTRY_GC } from '../../options.ts';
import { planFromRegistry } from '../../state/maintenance-plan.ts';
import { allocatorQuota, setQuotas, setWeights } from '../../transitions/role-settings.ts';
import { recoverFrameworks } from './recover-frameworks.ts';

export const startLeading: Handler<'started'> = (context, { registry }) => {
  const { state, options, now } = context;
  const { agents, deadlines } = state;
  state.startedWallMs = now.wallMs;
  for (const info of registry?.admitted ?? [])
    if (info.id !== undefined)
      agents.recovered.set(info.id.value as AgentId, { ...info, resources: toPostRefinement(info.resources) });
  for (const { agentId, wallMs } of registry?.unreachable ?? [])
    agents.unreachable.set(agentId, { wallMs, tasks: new Map() });
  for (const { agentId, drain } of registry?.deactivated ?? [])
    if (agents.isKnown(agentId)) agents.deactivated.set(agentId, { drain });
  for (const { agentId, wallMs } of registry?.gone ?? []) agents.gone.set(agentId, { wallMs });
  agents.recoveredAtStart = agents.recovered.size;
  recoverFrameworks(context, registry?.frameworks ?? []);
  state.maintenance.recover(planFromRegistry(registry?.machines ?? [], registry?.schedules ?? []));
  recoverWeights(context, registry?.weights ?? []);
  setQuotas(context, registry?.quotas ?? []);
  context.allocator.awaitAgents({
    quotas: new Map([...state.roleSettings.quotas].map(([role, quota]) => [role, allocatorQuota(quota)])),
    knownAgents: agents.recovered.size,
    nowMs: now.monotonicMs,
  });
  if (agents.recovered.size > 0)
    deadlines.set(now.monotonicMs + options.agentReregisterTimeoutMs, { kind: 'recovered-agents-timeout' });
  deadlines.set(now.monotonicMs + (options.registryGcIntervalMs ?? REGISTRY_GC.intervalMs), { kind: 'prune-agents' });
  deadlines.set(now.monotonicMs + options.allocationIntervalMs, { kind: 'allocate' });
  options.log.info(`Leading as ${options.info.id}, with ${agents.recovered.size} agents to return`);
};

/** Those of the options only where nobody has set any: they are recorded, and count from then on. */
function recoverWeights(context: MasterContext, recorded: readonly WeightInfo[]): void {
  const { options, state, outbox } = context;
  setWeights(context, recorded);
  if (options.weights === undefined || options.weights.size === 0) return;
  if (recorded.length > 0) {
    const given = [...options.weights].map(([role, weight]) => `${role}=${weight}`).join(',');
    options.log.warning(`Ignoring --weights flag '${given}' and recovering the weights from registry`);
    return;
  }
  const weights = [...options.weights].map(([role, weight]) => ({ role, weight }));
  const pending = state.pending.add({ kind: 'seed-weights', weights });
  outbox.push({ kind: 'write-registry', pending, operation: { kind: 'update-weights', weights } });
}
