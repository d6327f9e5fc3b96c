/**
 * What waits for an answer from outside (now: the registry). Waiting is data: the answer names the record, and one
 * function per kind looks at the world again before it goes on.
 */
import type { AgentId, FrameworkId } from '@mesolite/base';
import type {
  AgentInfo,
  DrainConfig,
  QuotaConfig,
  RegisterAgentMessage,
  ReregisterAgentMessage,
  Resource,
  WeightInfo,
} from '@mesolite/wire';
import type { ConnectionId, PendingId } from '../inputs.ts';
import type { MasterCounterName } from '../master-counters.ts';
import type { MaintenanceOperation } from './maintenance-plan.ts';

export type Pending =
  | {
      readonly kind: 'admit-agent';
      readonly pid: string;
      readonly info: AgentInfo;
      readonly message: RegisterAgentMessage;
    }
  | {
      readonly kind: 'readmit-agent';
      readonly pid: string;
      readonly agentId: AgentId;
      readonly message: ReregisterAgentMessage;
    }
  | { readonly kind: 'mark-unreachable'; readonly agentId: AgentId; readonly wallMs: number; readonly reason: string }
  | {
      readonly kind: 'remove-agent';
      readonly agentId: AgentId;
      readonly reason: string;
      /** Counts removals for this reason, where there is one. */
      readonly counter?: MasterCounterName | undefined;
    }
  | {
      readonly kind: 'drain-agent';
      readonly connection: ConnectionId;
      readonly agentId: AgentId;
      readonly config: DrainConfig;
    }
  | { readonly kind: 'agent-drained'; readonly agentId: AgentId }
  | { readonly kind: 'deactivate-agent'; readonly connection: ConnectionId; readonly agentId: AgentId }
  | { readonly kind: 'reactivate-agent'; readonly connection: ConnectionId; readonly agentId: AgentId }
  | {
      readonly kind: 'mark-gone';
      readonly agentId: AgentId;
      readonly wallMs: number;
      /** Of the operator who said so; unset at the end of a drain. */
      readonly connection?: ConnectionId | undefined;
    }
  | { readonly kind: 'prune-agents'; readonly unreachable: readonly AgentId[]; readonly gone: readonly AgentId[] }
  /** Recorded or forgotten. */
  | { readonly kind: 'remember-framework'; readonly frameworkId: FrameworkId }
  | { readonly kind: 'maintenance'; readonly connection: ConnectionId; readonly operation: MaintenanceOperation }
  | { readonly kind: 'update-weights'; readonly connection: ConnectionId; readonly weights: readonly WeightInfo[] }
  /** The first weights, which nobody waits for. */
  | { readonly kind: 'seed-weights'; readonly weights: readonly WeightInfo[] }
  | {
      readonly kind: 'update-quota';
      readonly connection: ConnectionId;
      readonly configs: readonly QuotaConfig[];
      readonly by: 'update' | 'set' | 'remove';
      /** What `set` asked for. */
      readonly guarantee: readonly Resource[];
    };

export class PendingTable {
  readonly #records = new Map<PendingId, Pending>();
  #last = 0;

  get size(): number {
    return this.#records.size;
  }

  add(pending: Pending): PendingId {
    this.#records.set(++this.#last, pending);
    return this.#last;
  }

  take(id: PendingId): Pending | undefined {
    const pending = this.#records.get(id);
    this.#records.delete(id);
    return pending;
  }

  entries(): IterableIterator<[PendingId, Pending]> {
    return this.#records.entries();
  }
}
