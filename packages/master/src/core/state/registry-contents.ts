/**
 * What a registry holds, operation by operation. Hosts keep it on disk, the simulator in memory.
 *
 * Never: more unreachable or gone agents than are remembered; the oldest go first.
 */
import { type AgentId, BoundedMap } from '@mesolite/base';
import type { AgentInfo, QuotaConfig, WeightInfo } from '@mesolite/wire';
import type { RecoveredRegistry } from '../inputs.ts';
import { MAX_REMEMBERED_LOST_AGENTS } from '../options.ts';
import { machineInfos, NO_MAINTENANCE, planAfter, planFromRegistry, schedules } from './maintenance-plan.ts';
import type { RegistryOperation } from './registry-operation.ts';

export class RegistryContents {
  readonly #admitted = new Map<AgentId, AgentInfo>();
  readonly #unreachable = new BoundedMap<AgentId, number>(MAX_REMEMBERED_LOST_AGENTS);
  readonly #gone = new BoundedMap<AgentId, number>(MAX_REMEMBERED_LOST_AGENTS);
  readonly #weights = new Map<string, WeightInfo>();
  readonly #quotas = new Map<string, QuotaConfig>();
  #maintenance = NO_MAINTENANCE;

  /** Replaces everything. Agents without an id are left out: nobody could return as them. */
  load(registry: RecoveredRegistry): void {
    for (const info of registry.admitted) if (info.id !== undefined) this.#admitted.set(info.id.value as AgentId, info);
    for (const { agentId, wallMs } of registry.unreachable) this.#unreachable.set(agentId, wallMs);
    for (const { agentId, wallMs } of registry.gone) this.#gone.set(agentId, wallMs);
    for (const weight of registry.weights ?? []) this.#weights.set(weight.role ?? '*', weight);
    for (const config of registry.quotas ?? []) this.#quotas.set(config.role, config);
    this.#maintenance = planFromRegistry(registry.machines ?? [], registry.schedules ?? []);
  }

  apply(operation: RegistryOperation): void {
    switch (operation.kind) {
      case 'admit-agent':
      case 'update-agent':
      case 'mark-agent-reachable': {
        const id = operation.info.id?.value as AgentId;
        this.#unreachable.delete(id);
        this.#admitted.set(id, operation.info);
        return;
      }
      case 'mark-agent-unreachable':
        this.#admitted.delete(operation.agentId);
        this.#unreachable.set(operation.agentId, operation.wallMs);
        return;
      case 'remove-agent':
        this.#admitted.delete(operation.agentId);
        return;
      case 'update-weights':
        for (const weight of operation.weights) this.#weights.set(weight.role ?? '*', weight);
        return;
      case 'update-quota':
        for (const config of operation.configs)
          if (isEmpty(config.guarantees) && isEmpty(config.limits)) this.#quotas.delete(config.role);
          else this.#quotas.set(config.role, config);
        return;
      case 'update-maintenance-schedule':
      case 'start-maintenance':
      case 'stop-maintenance':
        this.#maintenance = planAfter(this.#maintenance, operation);
        return;
    }
  }

  /** As a master that begins to lead reads it. */
  read(): RecoveredRegistry {
    const timed = (agents: BoundedMap<AgentId, number>): { agentId: AgentId; wallMs: number }[] =>
      [...agents.entries()].map(([agentId, wallMs]) => ({ agentId, wallMs }));
    return {
      admitted: [...this.#admitted.values()],
      unreachable: timed(this.#unreachable),
      gone: timed(this.#gone),
      weights: [...this.#weights.values()],
      quotas: [...this.#quotas.values()],
      machines: machineInfos(this.#maintenance),
      schedules: schedules(this.#maintenance),
    };
  }
}

function isEmpty(amounts: QuotaConfig['guarantees']): boolean {
  return Object.keys(amounts ?? {}).length === 0;
}
