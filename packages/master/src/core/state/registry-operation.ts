/**
 * What the registry is asked to record. The durable truth about which agents exist and which of them are out of service,
 * about weights and quota, about the maintenance of machines, and about frameworks that may fail over; everything else a
 * master knows is rebuilt from re-registrations.
 */
import type { AgentId, FrameworkId } from '@mesolite/base';
import type { AgentInfo, DrainConfig, MachineID, MaintenanceSchedule, QuotaConfig, WeightInfo } from '@mesolite/wire';
import type { FrameworkMemory } from './framework-memory.ts';

export type RegistryOperation =
  | { readonly kind: 'admit-agent'; readonly info: AgentInfo }
  /** A returning agent with other resources or attributes than recorded. */
  | { readonly kind: 'update-agent'; readonly info: AgentInfo }
  | { readonly kind: 'mark-agent-unreachable'; readonly agentId: AgentId; readonly wallMs: number }
  | { readonly kind: 'mark-agent-reachable'; readonly info: AgentInfo }
  | { readonly kind: 'remove-agent'; readonly agentId: AgentId }
  /** Of admitted and unreachable agents: no offers of it any more, or none and what runs there ends. */
  | { readonly kind: 'deactivate-agent'; readonly agentId: AgentId }
  | { readonly kind: 'drain-agent'; readonly agentId: AgentId; readonly config: DrainConfig }
  /** Of an agent that is being drained: nothing runs there any more. */
  | { readonly kind: 'mark-agent-drained'; readonly agentId: AgentId }
  | { readonly kind: 'reactivate-agent'; readonly agentId: AgentId }
  /** For ever, whatever it was. */
  | { readonly kind: 'mark-agent-gone'; readonly agentId: AgentId; readonly wallMs: number }
  /** Agents that were lost long ago are forgotten; those that are not in that state any more stay. */
  | { readonly kind: 'prune-agents'; readonly unreachable: readonly AgentId[]; readonly gone: readonly AgentId[] }
  | { readonly kind: 'record-framework'; readonly frameworkId: FrameworkId; readonly memory: FrameworkMemory }
  | { readonly kind: 'forget-framework'; readonly frameworkId: FrameworkId }
  /** Of these roles; others keep theirs. */
  | { readonly kind: 'update-weights'; readonly weights: readonly WeightInfo[] }
  /** Of these roles; a configuration without amounts removes the quota. */
  | { readonly kind: 'update-quota'; readonly configs: readonly QuotaConfig[] }
  /** In place of the one before. Machines it names for the first time begin to drain, those it does not name are UP. */
  | { readonly kind: 'update-maintenance-schedule'; readonly schedule: MaintenanceSchedule }
  /** Of scheduled machines: they are DOWN. */
  | { readonly kind: 'start-maintenance'; readonly machines: readonly MachineID[] }
  /** Of machines that are DOWN: they are UP, and not scheduled any more. */
  | { readonly kind: 'stop-maintenance'; readonly machines: readonly MachineID[] };
