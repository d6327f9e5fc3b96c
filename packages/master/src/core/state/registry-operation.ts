/**
 * What the registry is asked to record. The durable truth about which agents exist, about weights and quota, and about
 * the maintenance of machines; everything else a master knows is rebuilt from re-registrations.
 */
import type { AgentId } from '@mesolite/base';
import type { AgentInfo, MachineID, MaintenanceSchedule, QuotaConfig, WeightInfo } from '@mesolite/wire';

export type RegistryOperation =
  | { readonly kind: 'admit-agent'; readonly info: AgentInfo }
  /** A returning agent with other resources or attributes than recorded. */
  | { readonly kind: 'update-agent'; readonly info: AgentInfo }
  | { readonly kind: 'mark-agent-unreachable'; readonly agentId: AgentId; readonly wallMs: number }
  | { readonly kind: 'mark-agent-reachable'; readonly info: AgentInfo }
  | { readonly kind: 'remove-agent'; readonly agentId: AgentId }
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
