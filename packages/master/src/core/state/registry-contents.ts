/**
 * What a registry holds, operation by operation, and which entries each of them changes: hosts write those down. The
 * simulator keeps it in memory.
 *
 * Never: more unreachable or gone agents than are remembered; the oldest go first.
 */
import { type AgentId, BoundedMap, type FrameworkId } from '@mesolite/base';
import type { AgentInfo, DrainInfo, QuotaConfig, WeightInfo } from '@mesolite/wire';
import type { RecoveredRegistry } from '../inputs.ts';
import { MAX_REMEMBERED_LOST_AGENTS } from '../options.ts';
import type { Deactivation } from './agents.ts';
import type { FrameworkMemory } from './framework-memory.ts';
import {
  type MaintenancePlan,
  machineInfos,
  NO_MAINTENANCE,
  planAfter,
  planFromRegistry,
  schedules,
} from './maintenance-plan.ts';
import type { RegistryOperation } from './registry-operation.ts';

/** One thing that is remembered, or, with nothing in it, is not any more. */
export type RegistryEntry =
  | {
      readonly kind: 'admitted';
      readonly agentId: AgentId;
      readonly info: AgentInfo | undefined;
      /** Out of service. */
      readonly deactivation?: Deactivation | undefined;
    }
  | {
      readonly kind: 'unreachable';
      readonly agentId: AgentId;
      readonly wallMs: number | undefined;
      readonly deactivation?: Deactivation | undefined;
    }
  | { readonly kind: 'gone'; readonly agentId: AgentId; readonly wallMs: number | undefined }
  | { readonly kind: 'framework'; readonly frameworkId: FrameworkId; readonly memory: FrameworkMemory | undefined }
  | { readonly kind: 'weight'; readonly role: string; readonly weight: WeightInfo | undefined }
  | { readonly kind: 'quota'; readonly role: string; readonly config: QuotaConfig | undefined }
  /** All of it together: machines belong to their schedule. */
  | { readonly kind: 'maintenance'; readonly plan: MaintenancePlan };

export class RegistryContents {
  readonly #admitted = new Map<AgentId, AgentInfo>();
  readonly #unreachable = new BoundedMap<AgentId, number>(MAX_REMEMBERED_LOST_AGENTS);
  readonly #gone = new BoundedMap<AgentId, number>(MAX_REMEMBERED_LOST_AGENTS);
  /** Of admitted and unreachable agents. */
  readonly #deactivated = new Map<AgentId, Deactivation>();
  readonly #frameworks = new Map<FrameworkId, FrameworkMemory>();
  readonly #weights = new Map<string, WeightInfo>();
  readonly #quotas = new Map<string, QuotaConfig>();
  #maintenance = NO_MAINTENANCE;

  /** Replaces everything. Agents without an id are left out: nobody could return as them. */
  load(registry: RecoveredRegistry): void {
    for (const info of registry.admitted) if (info.id !== undefined) this.#admitted.set(info.id.value as AgentId, info);
    for (const { agentId, wallMs } of registry.unreachable) this.#unreachable.set(agentId, wallMs);
    for (const { agentId, wallMs } of registry.gone) this.#gone.set(agentId, wallMs);
    for (const { agentId, drain } of registry.deactivated ?? []) this.#deactivated.set(agentId, { drain });
    for (const memory of registry.frameworks ?? [])
      if (memory.info.id !== undefined) this.#frameworks.set(memory.info.id.value as FrameworkId, memory);
    for (const weight of registry.weights ?? []) this.#weights.set(weight.role ?? '*', weight);
    for (const config of registry.quotas ?? []) this.#quotas.set(config.role, config);
    this.#maintenance = planFromRegistry(registry.machines ?? [], registry.schedules ?? []);
  }

  /** Answers what is different now. */
  apply(operation: RegistryOperation): RegistryEntry[] {
    switch (operation.kind) {
      case 'admit-agent':
      case 'update-agent':
      case 'mark-agent-reachable':
        return this.#admit(operation.info);
      case 'mark-agent-unreachable':
        return [...this.#forget(operation.agentId), ...this.#lose(operation.agentId, operation.wallMs)];
      case 'remove-agent':
        this.#deactivated.delete(operation.agentId);
        return this.#forget(operation.agentId);
      case 'deactivate-agent':
        return this.#deactivate(operation.agentId, this.#deactivated.get(operation.agentId)?.drain);
      case 'drain-agent':
        return this.#deactivate(operation.agentId, { state: 'DRAINING', config: operation.config });
      case 'mark-agent-drained': {
        const drain = this.#deactivated.get(operation.agentId)?.drain;
        return drain === undefined ? [] : this.#deactivate(operation.agentId, { ...drain, state: 'DRAINED' });
      }
      case 'reactivate-agent':
        this.#deactivated.delete(operation.agentId);
        return this.#known(operation.agentId);
      case 'mark-agent-gone':
        return this.#end(operation.agentId, operation.wallMs);
      case 'prune-agents':
        return [
          ...operation.unreachable.flatMap((agentId) => this.#forgetLost('unreachable', agentId)),
          ...operation.gone.flatMap((agentId) => this.#forgetLost('gone', agentId)),
        ];
      case 'record-framework':
        this.#frameworks.set(operation.frameworkId, operation.memory);
        return [{ kind: 'framework', frameworkId: operation.frameworkId, memory: operation.memory }];
      case 'forget-framework':
        return this.#frameworks.delete(operation.frameworkId)
          ? [{ kind: 'framework', frameworkId: operation.frameworkId, memory: undefined }]
          : [];
      case 'update-weights':
        return operation.weights.map((weight) => {
          const role = weight.role ?? '*';
          this.#weights.set(role, weight);
          return { kind: 'weight', role, weight };
        });
      case 'update-quota':
        return operation.configs.map((config) => this.#setQuota(config));
      case 'update-maintenance-schedule':
      case 'start-maintenance':
      case 'stop-maintenance':
        this.#maintenance = planAfter(this.#maintenance, operation);
        return [{ kind: 'maintenance', plan: this.#maintenance }];
    }
  }

  #admit(info: AgentInfo): RegistryEntry[] {
    const agentId = info.id?.value as AgentId;
    this.#admitted.set(agentId, info);
    const wasUnreachable = this.#unreachable.delete(agentId);
    const entries = this.#known(agentId);
    if (wasUnreachable) entries.push({ kind: 'unreachable', agentId, wallMs: undefined });
    return entries;
  }

  #forget(agentId: AgentId): RegistryEntry[] {
    return this.#admitted.delete(agentId) ? [{ kind: 'admitted', agentId, info: undefined }] : [];
  }

  /** It keeps being out of service, if it was. */
  #lose(agentId: AgentId, wallMs: number): RegistryEntry[] {
    const oldest = this.#unreachable.has(agentId) ? undefined : oldestOfFull(this.#unreachable);
    this.#unreachable.set(agentId, wallMs);
    if (oldest !== undefined) this.#deactivated.delete(oldest);
    return [
      ...this.#known(agentId),
      ...(oldest === undefined ? [] : [{ kind: 'unreachable' as const, agentId: oldest, wallMs: undefined }]),
    ];
  }

  #end(agentId: AgentId, wallMs: number): RegistryEntry[] {
    const before = [...this.#forget(agentId), ...this.#forgetLost('unreachable', agentId)];
    const oldest = this.#gone.has(agentId) ? undefined : oldestOfFull(this.#gone);
    this.#gone.set(agentId, wallMs);
    this.#deactivated.delete(agentId);
    return [
      ...before,
      { kind: 'gone', agentId, wallMs },
      ...(oldest === undefined ? [] : [{ kind: 'gone' as const, agentId: oldest, wallMs: undefined }]),
    ];
  }

  #forgetLost(kind: 'unreachable' | 'gone', agentId: AgentId): RegistryEntry[] {
    if (!(kind === 'gone' ? this.#gone : this.#unreachable).delete(agentId)) return [];
    this.#deactivated.delete(agentId);
    return [{ kind, agentId, wallMs: undefined }];
  }

  /** Nothing, if nobody knows the agent any more. */
  #deactivate(agentId: AgentId, drain: DrainInfo | undefined): RegistryEntry[] {
    if (!this.#admitted.has(agentId) && !this.#unreachable.has(agentId)) return [];
    this.#deactivated.set(agentId, { drain });
    return this.#known(agentId);
  }

  /** An admitted or unreachable agent as it is. */
  #known(agentId: AgentId): RegistryEntry[] {
    const deactivation = this.#deactivated.get(agentId);
    const info = this.#admitted.get(agentId);
    if (info !== undefined) return [{ kind: 'admitted', agentId, info, deactivation }];
    const wallMs = this.#unreachable.get(agentId);
    return wallMs === undefined ? [] : [{ kind: 'unreachable', agentId, wallMs, deactivation }];
  }

  #setQuota(config: QuotaConfig): RegistryEntry {
    const { role } = config;
    if (isEmpty(config.guarantees) && isEmpty(config.limits)) {
      this.#quotas.delete(role);
      return { kind: 'quota', role, config: undefined };
    }
    this.#quotas.set(role, config);
    return { kind: 'quota', role, config };
  }

  /** As a master that begins to lead reads it. */
  read(): RecoveredRegistry {
    const timed = (agents: BoundedMap<AgentId, number>): { agentId: AgentId; wallMs: number }[] =>
      [...agents.entries()].map(([agentId, wallMs]) => ({ agentId, wallMs }));
    return {
      admitted: [...this.#admitted.values()],
      unreachable: timed(this.#unreachable),
      gone: timed(this.#gone),
      deactivated: [...this.#deactivated].map(([agentId, { drain }]) => ({ agentId, drain })),
      frameworks: [...this.#frameworks.values()],
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

/** Who goes when one more is remembered. */
function oldestOfFull(agents: BoundedMap<AgentId, number>): AgentId | undefined {
  return agents.size < agents.capacity ? undefined : agents.keys().next().value;
}
