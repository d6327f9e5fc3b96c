/**
 * `POST /api/v1` of the master: the calls about the cluster that are built. Reads are made by core/capabilities/reads;
 * what changes anything is a demand to the core (operator-demands.ts).
 */
import { type HttpServer, listedAnswer, mountOperatorApi, type OperatorAnswer } from '@mesolite/daemon';
import { MasterCall, type MasterCallType, MasterResponse } from '@mesolite/wire';
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
import { DEMANDS } from './operator-demands.ts';
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

const READS: { readonly [T in MasterCallType]?: (host: OperatorHost) => Answer } = {
  'GET_STATE': ({ core }) => {
    const all = getState(core.state);
    return listedAnswer({ type: 'GET_STATE', get_state: all }, () => stateJson(all));
  },
  'GET_AGENTS': ({ core }) => {
    const agents = getAgents(core.state);
    return listedAnswer({ type: 'GET_AGENTS', get_agents: agents }, () => agentsJson(agents));
  },
  'GET_FRAMEWORKS': ({ core }) => {
    const frameworks = getFrameworks(core.state);
    return listedAnswer({ type: 'GET_FRAMEWORKS', get_frameworks: frameworks }, () => frameworksJson(frameworks));
  },
  'GET_EXECUTORS': ({ core }) => {
    const executors = getExecutors(core.state);
    return listedAnswer({ type: 'GET_EXECUTORS', get_executors: executors }, () => executorsJson(executors));
  },
  'GET_TASKS': ({ core }) => {
    const tasks = getTasks(core.state);
    return listedAnswer({ type: 'GET_TASKS', get_tasks: tasks }, () => tasksJson(tasks));
  },
  'GET_ROLES': ({ core }) => whole({ type: 'GET_ROLES', get_roles: getRoles(core.state, core.options.roles) }),
  'GET_OPERATIONS': ({ core }) => whole({ type: 'GET_OPERATIONS', get_operations: getOperations(core.state) }),
  'GET_MAINTENANCE_STATUS': ({ core }) =>
    whole({
      type: 'GET_MAINTENANCE_STATUS',
      get_maintenance_status: { status: maintenanceStatus(core.state, core.inverseOfferStatuses()) },
    }),
  'GET_MAINTENANCE_SCHEDULE': ({ core }) =>
    whole({
      type: 'GET_MAINTENANCE_SCHEDULE',
      get_maintenance_schedule: { schedule: maintenanceSchedule(core.state) },
    }),
  'GET_MASTER': ({ identity }) =>
    whole({
      type: 'GET_MASTER',
      get_master: {
        master_info: identity.info,
        start_time: identity.startedWallMs / 1000,
        elected_time: identity.electedWallMs() / 1000,
      },
    }),
  'GET_WEIGHTS': ({ core }) => whole({ type: 'GET_WEIGHTS', get_weights: getWeights(core.state) }),
  'GET_QUOTA': ({ core }) => whole({ type: 'GET_QUOTA', get_quota: { status: quotaStatus(core.state) } }),
};

function whole(response: MasterResponse): Answer {
  return { kind: 'response', response };
}

/** Nothing for calls that are not built. */
function answer(call: MasterCall, host: OperatorHost): Answer | Promise<Answer> | undefined {
  if (call.type === undefined) return undefined;
  const demand = DEMANDS[call.type]?.(call);
  if (demand === undefined) return READS[call.type]?.(host);
  return host.demand((connection) => ({ ...demand, connection })).then((reply) => ({ kind: 'reply', reply }));
}
