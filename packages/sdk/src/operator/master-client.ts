/** A master seen by an operator: the v1 calls with their types, the older JSON endpoints, files, the event stream. */
import {
  type MachineID,
  type MaintenanceClusterStatus,
  type MaintenanceSchedule,
  MasterCall,
  MasterEvent,
  MasterResponse,
  type MasterResponseGetAgents,
  type MasterResponseGetExecutors,
  type MasterResponseGetFrameworks,
  type MasterResponseGetMaster,
  type MasterResponseGetOperations,
  type MasterResponseGetRoles,
  type MasterResponseGetState,
  type MasterResponseGetTasks,
  type MasterResponseGetWeights,
  type QuotaConfig,
  type QuotaRequest,
  type QuotaStatus,
  type Resource,
  type WeightInfo,
} from '@mesolite/wire';
import { authorizationHeader } from '../http/credentials.ts';
import type { DaemonAddress } from '../http/daemon-address.ts';
import { type EventSubscription, subscribe } from '../http/event-subscription.ts';
import { encodeMessage } from '../http/message-codec.ts';
import { realClock, realTimers } from '../system-ports.ts';
import { DaemonHttp, type OperatorOptions } from './daemon-http.ts';
import { type Answer, OperatorClient } from './operator-client.ts';

const MASTER_PORT = 5050;
const TYPES = { call: MasterCall, response: MasterResponse };
const MISSED_HEARTBEATS = 5;

export class MasterClient extends OperatorClient<MasterCall, MasterResponse> {
  /** `address` may be any master; reads and calls go to the leader. */
  constructor(address: DaemonAddress, options: OperatorOptions = {}) {
    super(new DaemonHttp(address, MASTER_PORT, options), TYPES);
  }

  getMaster(): Answer<MasterResponseGetMaster> {
    return this.ask({ type: 'GET_MASTER' }, (response) => response.get_master);
  }

  getState(): Answer<MasterResponseGetState> {
    return this.ask({ type: 'GET_STATE' }, (response) => response.get_state);
  }

  getAgents(): Answer<MasterResponseGetAgents> {
    return this.ask({ type: 'GET_AGENTS' }, (response) => response.get_agents);
  }

  getFrameworks(): Answer<MasterResponseGetFrameworks> {
    return this.ask({ type: 'GET_FRAMEWORKS' }, (response) => response.get_frameworks);
  }

  getExecutors(): Answer<MasterResponseGetExecutors> {
    return this.ask({ type: 'GET_EXECUTORS' }, (response) => response.get_executors);
  }

  getTasks(): Answer<MasterResponseGetTasks> {
    return this.ask({ type: 'GET_TASKS' }, (response) => response.get_tasks);
  }

  getOperations(): Answer<MasterResponseGetOperations> {
    return this.ask({ type: 'GET_OPERATIONS' }, (response) => response.get_operations);
  }

  /** Roles that frameworks are in, or that have a weight, a quota or reservations. */
  getRoles(): Answer<MasterResponseGetRoles> {
    return this.ask({ type: 'GET_ROLES' }, (response) => response.get_roles);
  }

  /** Weights that were set. Every other role weighs 1. */
  getWeights(): Answer<MasterResponseGetWeights> {
    // Masters leave the part out when no weight is set.
    return this.ask({ type: 'GET_WEIGHTS' }, (response) => response.get_weights ?? {});
  }

  /** Sets the weights of the roles named; others keep theirs. Each is above 0. */
  updateWeights(weights: readonly WeightInfo[]): Answer<void> {
    return this.tell({ type: 'UPDATE_WEIGHTS', update_weights: { weight_infos: [...weights] } });
  }

  /** `configs` tells guarantees and limits; `infos`, the older form, guarantees only. */
  getQuota(): Answer<QuotaStatus> {
    return this.ask({ type: 'GET_QUOTA' }, (response) => response.get_quota?.status);
  }

  /**
   * Replaces the quota of each role named; all of them or, when one is refused, none. A config without guarantees and
   * limits is the default: nothing guaranteed, nothing limited. `force` skips the comparison of guarantees with what the
   * cluster has, and of limits with what the role has now.
   */
  updateQuota(configs: readonly QuotaConfig[], options: { readonly force?: boolean } = {}): Answer<void> {
    const { force = false } = options;
    return this.tell({ type: 'UPDATE_QUOTA', update_quota: { force, quota_configs: [...configs] } });
  }

  /** The older form of a quota, whose guarantee is a limit too. Refused for a role that has one already. */
  setQuota(request: QuotaRequest): Answer<void> {
    return this.tell({ type: 'SET_QUOTA', set_quota: { quota_request: request } });
  }

  removeQuota(role: string): Answer<void> {
    return this.tell({ type: 'REMOVE_QUOTA', remove_quota: { role } });
  }

  /**
   * Sets resources aside, each as its `reservations` say. `source`: what they are now, where they are reserved already
   * and are to be reserved otherwise. Offers in the way are rescinded. Accepted (202) does not mean done: see
   * `getOperations`.
   */
  reserveResources(agentId: string, resources: readonly Resource[], source: readonly Resource[] = []): Answer<void> {
    const part = { agent_id: { value: agentId }, source: [...source], resources: [...resources] };
    return this.tell({ type: 'RESERVE_RESOURCES', reserve_resources: part });
  }

  unreserveResources(agentId: string, resources: readonly Resource[]): Answer<void> {
    const part = { agent_id: { value: agentId }, resources: [...resources] };
    return this.tell({ type: 'UNRESERVE_RESOURCES', unreserve_resources: part });
  }

  /** Makes persistent volumes of reserved disk; `disk.persistence.id` is unique within a role on an agent. */
  createVolumes(agentId: string, volumes: readonly Resource[]): Answer<void> {
    const part = { agent_id: { value: agentId }, volumes: [...volumes] };
    return this.tell({ type: 'CREATE_VOLUMES', create_volumes: part });
  }

  /** Deletes volumes that no task uses, with all data in them. */
  destroyVolumes(agentId: string, volumes: readonly Resource[]): Answer<void> {
    const part = { agent_id: { value: agentId }, volumes: [...volumes] };
    return this.tell({ type: 'DESTROY_VOLUMES', destroy_volumes: part });
  }

  /** `addition` is free disk that is reserved as the volume is. */
  growVolume(agentId: string, volume: Resource, addition: Resource): Answer<void> {
    return this.tell({ type: 'GROW_VOLUME', grow_volume: { agent_id: { value: agentId }, volume, addition } });
  }

  /** `subtractMegabytes` (MiB) is less than the volume has. */
  shrinkVolume(agentId: string, volume: Resource, subtractMegabytes: number): Answer<void> {
    const subtract = { value: subtractMegabytes };
    return this.tell({ type: 'SHRINK_VOLUME', shrink_volume: { agent_id: { value: agentId }, volume, subtract } });
  }

  /** When which machines are to be out of service; empty when nothing is planned. */
  getMaintenanceSchedule(): Answer<MaintenanceSchedule> {
    return this.ask({ type: 'GET_MAINTENANCE_SCHEDULE' }, (response) => response.get_maintenance_schedule?.schedule);
  }

  /** Machines in the schedule with the last answers of frameworks to inverse offers, and those that are down. */
  getMaintenanceStatus(): Answer<MaintenanceClusterStatus> {
    return this.ask({ type: 'GET_MAINTENANCE_STATUS' }, (response) => response.get_maintenance_status?.status);
  }

  /**
   * Replaces the whole schedule. A machine is named by hostname and ip together, as its agents have them, and in one
   * window only; those that are down must stay in it.
   */
  updateMaintenanceSchedule(schedule: MaintenanceSchedule): Answer<void> {
    return this.tell({ type: 'UPDATE_MAINTENANCE_SCHEDULE', update_maintenance_schedule: { schedule } });
  }

  /** Takes scheduled machines down: their agents end, with all that runs there, and none is let in. */
  startMaintenance(machines: readonly MachineID[]): Answer<void> {
    return this.tell({ type: 'START_MAINTENANCE', start_maintenance: { machines: [...machines] } });
  }

  /** Machines that are down may have agents again, and leave the schedule. */
  stopMaintenance(machines: readonly MachineID[]): Answer<void> {
    return this.tell({ type: 'STOP_MAINTENANCE', stop_maintenance: { machines: [...machines] } });
  }

  /**
   * Empties an agent: it gets no more tasks, and what runs there is killed, each task within its own grace period or
   * `maxGraceSeconds`, whichever is shorter. Afterwards it stays out of service until {@link reactivateAgent}, or with
   * `markGone` is gone for ever.
   */
  drainAgent(
    agentId: string,
    options: { readonly maxGraceSeconds?: number; readonly markGone?: boolean } = {},
  ): Answer<void> {
    const { maxGraceSeconds, markGone = false } = options;
    const grace =
      maxGraceSeconds === undefined
        ? undefined
        : { seconds: Math.floor(maxGraceSeconds), nanos: Math.round((maxGraceSeconds % 1) * 1e9) };
    return this.tell({
      type: 'DRAIN_AGENT',
      drain_agent: { agent_id: { value: agentId }, max_grace_period: grace, mark_gone: markGone },
    });
  }

  /** Nothing of the agent is offered any more; what runs there is left alone. */
  deactivateAgent(agentId: string): Answer<void> {
    return this.tell({ type: 'DEACTIVATE_AGENT', deactivate_agent: { agent_id: { value: agentId } } });
  }

  /** Of an agent that was deactivated, or has been drained. Refused while it is being drained. */
  reactivateAgent(agentId: string): Answer<void> {
    return this.tell({ type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id: { value: agentId } } });
  }

  /** For ever: its tasks are over for their frameworks, and should it come back it is told to end. */
  markAgentGone(agentId: string): Answer<void> {
    return this.tell({ type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id: { value: agentId } } });
  }

  /** Removes a framework and kills its tasks. */
  teardown(frameworkId: string): Answer<void> {
    return this.tell({ type: 'TEARDOWN', teardown: { framework_id: { value: frameworkId } } });
  }

  /**
   * The master's event stream: SUBSCRIBED with the whole state first, then each change. The caller reads it to its end
   * and subscribes again, since what was missed comes with the next SUBSCRIBED.
   */
  async subscribe(signal: AbortSignal = new AbortController().signal): Answer<EventSubscription<MasterEvent>> {
    const origin = await this.http.origin();
    if (!origin.ok) return origin;
    const codec = this.http.options.codec ?? 'protobuf';
    const body = encodeMessage(MasterCall, { type: 'SUBSCRIBE' }, codec);
    if (!body.ok) return body;
    return subscribe({
      origin: origin.value,
      path: '/api/v1',
      body: body.value,
      codec,
      headers: authorizationHeader(this.http.options),
      eventType: MasterEvent,
      silenceAfter: (event) => {
        const seconds = event.subscribed?.heartbeat_interval_seconds;
        return seconds === undefined || !(seconds > 0) ? undefined : seconds * 1000 * MISSED_HEARTBEATS;
      },
      clock: realClock,
      timers: realTimers,
      signal,
    });
  }
}
