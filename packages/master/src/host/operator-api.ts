/**
 * `POST /api/v1` of the master: the calls about the cluster that are built. Reads are made by core/capabilities/reads;
 * what changes anything is a demand to the core.
 */
import { type AgentId, type FrameworkId, must } from '@mesolite/base';
import { HttpError, type HttpServer, listedAnswer, mountOperatorApi, type OperatorAnswer } from '@mesolite/daemon';
import { Resources } from '@mesolite/resources';
import { type AgentID, type Duration, MasterCall, MasterResponse, type OfferOperation } from '@mesolite/wire';
import { maintenanceSchedule, maintenanceStatus } from '../core/capabilities/reads/maintenance-reads.ts';
import {
  agentsJson,
  executorsJson,
  frameworksJson,
  stateJson,
  tasksJson,
} from '../core/capabilities/reads/operator-json.ts';
import {
  getAgents,
  getExecutors,
  getFrameworks,
  getOperations,
  getState,
  getTasks,
} from '../core/capabilities/reads/operator-reads.ts';
import { getRoles, getWeights, quotaStatus } from '../core/capabilities/reads/role-reads.ts';
import type { ConnectionId, MasterInput } from '../core/index.ts';
import type { OperatorHost } from './operator-host.ts';

type Answer = OperatorAnswer<MasterResponse>;

export function mountMasterApi(server: HttpServer, host: OperatorHost): void {
  mountOperatorApi(server, {
    callName: 'master::Call',
    callType: MasterCall,
    responseType: MasterResponse,
    optionalParts: [],
    facts: host.facts,
    answer: (call) => answer(call, host),
  });
}

function answer(call: MasterCall, host: OperatorHost): Answer | Promise<Answer> | undefined {
  const { identity } = host;
  const { state } = host.core;
  switch (call.type) {
    case 'GET_STATE': {
      const all = getState(state);
      return listedAnswer({ type: 'GET_STATE', get_state: all }, () => stateJson(all));
    }
    case 'GET_AGENTS': {
      const agents = getAgents(state);
      return listedAnswer({ type: 'GET_AGENTS', get_agents: agents }, () => agentsJson(agents));
    }
    case 'GET_FRAMEWORKS': {
      const frameworks = getFrameworks(state);
      return listedAnswer({ type: 'GET_FRAMEWORKS', get_frameworks: frameworks }, () => frameworksJson(frameworks));
    }
    case 'GET_EXECUTORS': {
      const executors = getExecutors(state);
      return listedAnswer({ type: 'GET_EXECUTORS', get_executors: executors }, () => executorsJson(executors));
    }
    case 'GET_TASKS': {
      const tasks = getTasks(state);
      return listedAnswer({ type: 'GET_TASKS', get_tasks: tasks }, () => tasksJson(tasks));
    }
    case 'GET_ROLES':
      return { kind: 'response', response: { type: 'GET_ROLES', get_roles: getRoles(state, host.core.options.roles) } };
    case 'GET_OPERATIONS':
      return { kind: 'response', response: { type: 'GET_OPERATIONS', get_operations: getOperations(state) } };
    case 'GET_MAINTENANCE_STATUS': {
      const status = maintenanceStatus(state, host.core.inverseOfferStatuses());
      return { kind: 'response', response: { type: call.type, get_maintenance_status: { status } } };
    }
    case 'GET_MAINTENANCE_SCHEDULE': {
      const schedule = maintenanceSchedule(state);
      return { kind: 'response', response: { type: call.type, get_maintenance_schedule: { schedule } } };
    }
    case 'UPDATE_MAINTENANCE_SCHEDULE': {
      const { schedule } = call.update_maintenance_schedule!;
      return demand(host, (connection) => ({ kind: 'update-maintenance-schedule', connection, schedule }));
    }
    case 'START_MAINTENANCE': {
      const { machines = [] } = call.start_maintenance!;
      return demand(host, (connection) => ({ kind: 'start-maintenance', connection, machines }));
    }
    case 'STOP_MAINTENANCE': {
      const { machines = [] } = call.stop_maintenance!;
      return demand(host, (connection) => ({ kind: 'stop-maintenance', connection, machines }));
    }
    case 'DRAIN_AGENT': {
      const { agent_id: id, max_grace_period: grace, mark_gone: markGone = false } = call.drain_agent!;
      const config = {
        max_grace_period: grace === undefined ? undefined : { nanoseconds: nanosecondsOf(grace) },
        mark_gone: markGone,
      };
      return demand(host, (connection) => ({
        kind: 'drain-agent',
        connection,
        agentId: id.value as AgentId,
        config,
      }));
    }
    case 'DEACTIVATE_AGENT': {
      const agentId = call.deactivate_agent!.agent_id.value as AgentId;
      return demand(host, (connection) => ({ kind: 'deactivate-agent', connection, agentId }));
    }
    case 'REACTIVATE_AGENT': {
      const agentId = call.reactivate_agent!.agent_id.value as AgentId;
      return demand(host, (connection) => ({ kind: 'reactivate-agent', connection, agentId }));
    }
    case 'MARK_AGENT_GONE': {
      const agentId = call.mark_agent_gone!.agent_id.value as AgentId;
      return demand(host, (connection) => ({ kind: 'mark-agent-gone', connection, agentId }));
    }
    case 'GET_MASTER': {
      const seconds = (wallMs: number): number => wallMs / 1000;
      return {
        kind: 'response',
        response: {
          type: 'GET_MASTER',
          get_master: {
            master_info: identity.info,
            start_time: seconds(identity.startedWallMs),
            elected_time: seconds(identity.electedWallMs()),
          },
        },
      };
    }
    case 'TEARDOWN':
      return demand(host, (connection) => ({
        kind: 'teardown-framework',
        connection,
        frameworkId: call.teardown!.framework_id.value as FrameworkId,
      }));
    case 'GET_WEIGHTS':
      return { kind: 'response', response: { type: 'GET_WEIGHTS', get_weights: getWeights(state) } };
    case 'UPDATE_WEIGHTS':
      return demand(host, (connection) => ({
        kind: 'update-weights',
        connection,
        weights: call.update_weights!.weight_infos ?? [],
      }));
    case 'GET_QUOTA':
      return { kind: 'response', response: { type: 'GET_QUOTA', get_quota: { status: quotaStatus(state) } } };
    case 'UPDATE_QUOTA':
      return demand(host, (connection) => ({
        kind: 'update-quota',
        connection,
        configs: call.update_quota!.quota_configs ?? [],
        force: call.update_quota!.force ?? false,
      }));
    case 'SET_QUOTA':
      return demand(host, (connection) => ({
        kind: 'set-quota',
        connection,
        request: call.set_quota!.quota_request,
      }));
    case 'REMOVE_QUOTA':
      return demand(host, (connection) => ({ kind: 'remove-quota', connection, role: call.remove_quota!.role }));
    default:
      return operate(call, host);
  }
}

/** The calls that change what an agent's resources are set aside for. */
function operate(call: MasterCall, host: OperatorHost): Promise<Answer> | undefined {
  const asked = operationOf(call);
  if (asked === undefined) return undefined;
  const error = operatingCallError(call, asked.agentId);
  if (error !== undefined) throw new HttpError(400, `Failed to validate master::Call: ${error}`);
  const agentId = must(asked.agentId, 'agent_id').value as AgentId;
  return demand(host, (connection) => ({ kind: 'operate-agent', connection, agentId, operation: asked.operation }));
}

/** What is wrong whatever the agent has, and is told before it is looked for. */
function operatingCallError(call: MasterCall, agentId: AgentID | undefined): string | undefined {
  if (agentId === undefined)
    return "Expecting 'agent_id' to be present; only agent default resources are supported right now";
  return Resources.validate(call.reserve_resources?.resources ?? call.unreserve_resources?.resources);
}

function operationOf(
  call: MasterCall,
): { readonly agentId: AgentID | undefined; readonly operation: OfferOperation } | undefined {
  const { reserve_resources: reserve, unreserve_resources: unreserve, create_volumes: create } = call;
  const { destroy_volumes: destroy, grow_volume: grow, shrink_volume: shrink } = call;
  if (call.type === 'RESERVE_RESOURCES' && reserve !== undefined) {
    const { agent_id: agentId, ...part } = reserve;
    return { agentId, operation: { type: 'RESERVE', reserve: part } };
  }
  if (call.type === 'UNRESERVE_RESOURCES' && unreserve !== undefined) {
    const { agent_id: agentId, ...part } = unreserve;
    return { agentId, operation: { type: 'UNRESERVE', unreserve: part } };
  }
  if (call.type === 'CREATE_VOLUMES' && create !== undefined) {
    const { agent_id: agentId, ...part } = create;
    return { agentId, operation: { type: 'CREATE', create: part } };
  }
  if (call.type === 'DESTROY_VOLUMES' && destroy !== undefined) {
    const { agent_id: agentId, ...part } = destroy;
    return { agentId, operation: { type: 'DESTROY', destroy: part } };
  }
  if (call.type === 'GROW_VOLUME' && grow !== undefined) {
    const { agent_id: agentId, ...part } = grow;
    return { agentId, operation: { type: 'GROW_VOLUME', grow_volume: part } };
  }
  if (call.type === 'SHRINK_VOLUME' && shrink !== undefined) {
    const { agent_id: agentId, ...part } = shrink;
    return { agentId, operation: { type: 'SHRINK_VOLUME', shrink_volume: part } };
  }
  return undefined;
}

const LONGEST_NS = 2n ** 63n - 1n;

/** What 64 bits cannot tell is as good as for ever. */
function nanosecondsOf({ seconds = 0, nanos = 0 }: Duration): bigint {
  const exact = BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
  return exact > LONGEST_NS ? LONGEST_NS : exact < -LONGEST_NS ? -LONGEST_NS : exact;
}

function demand(host: OperatorHost, make: (connection: ConnectionId) => MasterInput): Promise<Answer> {
  return host.demand(make).then((reply) => ({ kind: 'reply', reply }));
}
