/**
 * What of a cluster is free now for a role, agent by agent, from what the master tells of itself: total without what
 * tasks and executors hold. What is offered and not used counts as free, and is kept apart to be told.
 *
 * Never: asks agents; decides what fits.
 */
import type { Result } from '@mesolite/base';
import { parseThresholds, type ResourceQuantities, Resources, reachesThreshold } from '@mesolite/resources';
import type { Allowance } from '@mesolite/scheduling';
import type { ApiError, MasterClient } from '@mesolite/sdk';
import type {
  AgentInfo,
  MaintenanceWindow,
  MasterResponseGetAgents,
  MasterResponseGetAgentsAgent,
  Offer,
} from '@mesolite/wire';
import { describeApiError } from '../describe-api-error.ts';
import { CommandError } from '../exit-codes.ts';
import { quotaRoom, type RoleDocument, readRoles } from './quota-room.ts';

/** Of one agent that may be offered. */
export interface FreeAgent {
  /** Everything free, as an offer that nobody has made. */
  readonly offer: Offer;
  /** The part of it that is out in offers. */
  readonly offered: Resources;
}

export interface LeftOut {
  readonly agentId: string;
  readonly hostname: string;
  readonly reason: string;
}

export interface ClusterView {
  /** By host name, then by id. */
  readonly agents: readonly FreeAgent[];
  readonly leftOut: readonly LeftOut[];
  readonly allowances: readonly Allowance[];
  /** Where the master is, if it says so. */
  readonly homeRegion: string | undefined;
}

/** What the master said, in its own words. */
export interface ClusterFacts {
  readonly agents: MasterResponseGetAgents;
  readonly roles: readonly RoleDocument[];
  readonly maintenance: readonly MaintenanceWindow[];
  readonly homeRegion: string | undefined;
  /** Flags of the master. */
  readonly minAllocatable: string;
  readonly filterGpuResources: boolean;
}

/** For whom the view is. */
export interface Wanted {
  readonly role: string;
  readonly gpus: boolean;
}

/** Throws CommandError when the master does not say what is needed. */
export async function readCluster(client: MasterClient): Promise<ClusterFacts> {
  const agents = answered(await client.getAgents());
  const master = answered(await client.getMaster());
  const roles = readRoles(answered(await client.http.json('/roles')));
  const { flags } = answered(await client.http.json('/flags')) as { flags?: Readonly<Record<string, string>> };
  // Masters without maintenance refuse the question; then there is none.
  const schedule = await client.call({ type: 'GET_MAINTENANCE_SCHEDULE' });
  return {
    agents,
    roles,
    maintenance: schedule.ok ? (schedule.value?.get_maintenance_schedule?.schedule.windows ?? []) : [],
    homeRegion: master.master_info?.domain?.fault_domain?.region.name,
    minAllocatable: flags?.['min_allocatable_resources'] ?? '',
    filterGpuResources: flags?.['filter_gpu_resources'] !== 'false',
  };
}

function answered<T>(answer: Result<T, ApiError>): T {
  if (!answer.ok) throw new CommandError(describeApiError(answer.error));
  return answer.value;
}

export function clusterView(facts: ClusterFacts, wanted: Wanted, nowMs: number): ClusterView {
  const parsed = parseThresholds(facts.minAllocatable);
  // A master does not begin with what cannot be parsed.
  const thresholds = parsed.ok ? parsed.value : [];
  const agents: FreeAgent[] = [];
  const leftOut: LeftOut[] = [];
  const free: Resources[] = [];
  for (const agent of facts.agents.agents ?? []) {
    const { agent_info: info } = agent;
    const own = freeOf(agent);
    free.push(own);
    const reason = whyLeftOut(agent, own, facts, wanted, thresholds, nowMs);
    if (reason === undefined) agents.push({ offer: offerOf(info, own), offered: offeredOf(agent) });
    else leftOut.push({ agentId: info.id?.value ?? '', hostname: info.hostname, reason });
  }
  for (const { id, hostname } of facts.agents.recovered_agents ?? [])
    leftOut.push({ agentId: id?.value ?? '', hostname, reason: 'not back yet after a failover of the master' });
  agents.sort((a, b) => byText(a.offer.hostname, b.offer.hostname) || byText(idOf(a), idOf(b)));
  leftOut.sort((a, b) => byText(a.hostname, b.hostname) || byText(a.agentId, b.agentId));
  return {
    agents,
    leftOut,
    allowances: quotaRoom(facts.roles, wanted.role, Resources.sum(free)),
    homeRegion: facts.homeRegion,
  };
}

function whyLeftOut(
  agent: MasterResponseGetAgentsAgent,
  free: Resources,
  facts: ClusterFacts,
  { role, gpus }: Wanted,
  thresholds: readonly ResourceQuantities[],
  nowMs: number,
): string | undefined {
  const total = Resources.from(agent.total_resources);
  if (agent.drain_info !== undefined) return `draining (${agent.drain_info.state})`;
  if (agent.deactivated === true) return 'deactivated';
  if (!agent.active) return 'disconnected';
  const window = facts.maintenance.find((one) => concerns(one, agent));
  if (window !== undefined && isOpen(window, nowMs)) return 'in maintenance';
  if (facts.filterGpuResources && !gpus && total.scalarMillis('gpus') > 0)
    return 'has GPUs, which are kept for tasks that ask for some';
  const usable = free.allocatableTo(role).nonRevocable();
  if (usable.isEmpty) return 'nothing is free';
  if (!reachesThreshold(usable, thresholds))
    return `less is free than min_allocatable_resources (${facts.minAllocatable})`;
  return undefined;
}

function concerns(window: MaintenanceWindow, { agent_info: info, pid }: MasterResponseGetAgentsAgent): boolean {
  const ip = /@(.*):\d+$/.exec(pid ?? '')?.[1];
  return (window.machine_ids ?? []).some(
    (machine) =>
      (machine.hostname !== undefined || machine.ip !== undefined) &&
      (machine.hostname === undefined || machine.hostname.toLowerCase() === info.hostname.toLowerCase()) &&
      (machine.ip === undefined || machine.ip === ip),
  );
}

function isOpen({ unavailability: { start, duration } }: MaintenanceWindow, nowMs: number): boolean {
  const startMs = Number(start.nanoseconds / 1_000_000n);
  if (nowMs < startMs) return false;
  return duration === undefined || nowMs < startMs + Number(duration.nanoseconds / 1_000_000n);
}

function freeOf({ total_resources: total, allocated_resources: allocated }: MasterResponseGetAgentsAgent): Resources {
  return Resources.from(total).minus(Resources.from(allocated).unallocate());
}

function offeredOf({ offered_resources: offered }: MasterResponseGetAgentsAgent): Resources {
  return Resources.from(offered).unallocate();
}

function offerOf(info: AgentInfo, resources: Resources): Offer {
  return {
    id: { value: '' },
    framework_id: { value: '' },
    agent_id: info.id ?? { value: '' },
    hostname: info.hostname,
    domain: info.domain,
    attributes: info.attributes,
    resources: resources.toProto(),
  };
}

function idOf({ offer }: FreeAgent): string {
  return offer.agent_id.value;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
