/** `POST /api/v1` of the agent: the reads that are built. */
import { type HttpServer, listedAnswer, mountOperatorApi, type OperatorAnswer } from '@mesolite/daemon';
import { AgentCall, AgentResponse } from '@mesolite/wire';
import {
  executorsJson,
  frameworksJson,
  getAgent,
  getExecutors,
  getFrameworks,
  getState,
  getTasks,
  stateJson,
  tasksJson,
} from '../core/capabilities/reads/operator-reads.ts';
import { runningContainers } from './container-reads.ts';
import type { OperatorHost } from './operator-host.ts';

type Answer = OperatorAnswer<AgentResponse>;

export function mountAgentApi(server: HttpServer, host: OperatorHost): void {
  mountOperatorApi(server, {
    callName: 'agent::Call',
    callType: AgentCall,
    responseType: AgentResponse,
    optionalParts: ['get_containers', 'prune_images'],
    facts: host.facts,
    answer: (call) => answer(call, host),
  });
}

function plain(response: AgentResponse): Answer {
  return { kind: 'response', response };
}

async function answer(call: AgentCall, host: OperatorHost): Promise<Answer | undefined> {
  const { state } = host;
  switch (call.type) {
    case 'GET_STATE': {
      const all = getState(state);
      return listedAnswer({ type: 'GET_STATE', get_state: all }, () => stateJson(all));
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
    case 'GET_AGENT':
      return plain({ type: 'GET_AGENT', get_agent: getAgent(state) });
    case 'GET_CONTAINERS':
      return plain({ type: 'GET_CONTAINERS', get_containers: { containers: await runningContainers(host) } });
    case 'GET_OPERATIONS':
      return plain({ type: 'GET_OPERATIONS', get_operations: { operations: state.operations.messages() } });
    case 'GET_RESOURCE_PROVIDERS':
      return plain({ type: 'GET_RESOURCE_PROVIDERS', get_resource_providers: {} });
    default:
      return undefined;
  }
}
