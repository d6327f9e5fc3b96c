/** An agent seen by an operator: the v1 calls with their types, the older JSON endpoints, and the files of its sandboxes. */
import {
  AgentCall,
  AgentResponse,
  type AgentResponseGetAgent,
  type AgentResponseGetContainers,
  type AgentResponseGetExecutors,
  type AgentResponseGetFrameworks,
  type AgentResponseGetState,
  type AgentResponseGetTasks,
} from '@mesolite/wire';
import type { DaemonAddress } from '../http/daemon-address.ts';
import { DaemonHttp, type OperatorOptions } from './daemon-http.ts';
import { type Answer, OperatorClient } from './operator-client.ts';

const AGENT_PORT = 5051;
const TYPES = { call: AgentCall, response: AgentResponse };

export class AgentClient extends OperatorClient<AgentCall, AgentResponse> {
  constructor(address: DaemonAddress, options: OperatorOptions = {}) {
    super(new DaemonHttp(address, AGENT_PORT, options), TYPES);
  }

  getAgent(): Answer<AgentResponseGetAgent> {
    return this.ask({ type: 'GET_AGENT' }, (response) => response.get_agent);
  }

  getState(): Answer<AgentResponseGetState> {
    return this.ask({ type: 'GET_STATE' }, (response) => response.get_state);
  }

  getContainers(): Answer<AgentResponseGetContainers> {
    return this.ask({ type: 'GET_CONTAINERS' }, (response) => response.get_containers);
  }

  getFrameworks(): Answer<AgentResponseGetFrameworks> {
    return this.ask({ type: 'GET_FRAMEWORKS' }, (response) => response.get_frameworks);
  }

  getExecutors(): Answer<AgentResponseGetExecutors> {
    return this.ask({ type: 'GET_EXECUTORS' }, (response) => response.get_executors);
  }

  getTasks(): Answer<AgentResponseGetTasks> {
    return this.ask({ type: 'GET_TASKS' }, (response) => response.get_tasks);
  }
}
