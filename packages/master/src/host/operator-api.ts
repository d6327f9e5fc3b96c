/**
 * `POST /api/v1` of the master: the calls about the cluster that are built. Reads are made by core/capabilities/reads;
 * what changes anything is a demand to the core.
 */
import type { FrameworkId } from '@mesolite/base';
import { type HttpServer, listedAnswer, mountOperatorApi, type OperatorAnswer } from '@mesolite/daemon';
import { MasterCall, MasterResponse } from '@mesolite/wire';
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
  getRoles,
  getState,
  getTasks,
} from '../core/capabilities/reads/operator-reads.ts';
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
      return { kind: 'response', response: { type: 'GET_ROLES', get_roles: getRoles(state) } };
    case 'GET_OPERATIONS':
      return { kind: 'response', response: { type: 'GET_OPERATIONS', get_operations: {} } };
    case 'GET_MASTER': {
      const seconds = (wallMs: number): number => wallMs / 1000;
      return {
        kind: 'response',
        response: {
          type: 'GET_MASTER',
          get_master: {
            master_info: identity.info,
            start_time: seconds(identity.startedWallMs),
            elected_time: seconds(identity.electedWallMs),
          },
        },
      };
    }
    case 'TEARDOWN':
      return host
        .teardown(call.teardown!.framework_id.value as FrameworkId)
        .then((reply) => ({ kind: 'reply', reply }));
    default:
      return undefined;
  }
}
