/** An agent seen by an operator: the v1 calls with their types, the older JSON endpoints, and the files of its sandboxes. */
import { err, ok, type Result } from '@mesolite/base';
import {
  AgentCall,
  AgentResponse,
  type AgentResponseGetAgent,
  type AgentResponseGetContainers,
  type AgentResponseGetExecutors,
  type AgentResponseGetFrameworks,
  type AgentResponseGetState,
  type AgentResponseGetTasks,
  type FileInfo,
  type VersionInfo,
} from '@mesolite/wire';
import { ApiError } from '../http/api-error.ts';
import type { DaemonAddress } from '../http/daemon-address.ts';
import { DaemonHttp, type OperatorOptions } from './daemon-http.ts';
import { expected, type FileChunk, type FileSource } from './file-reads.ts';

const AGENT_PORT = 5051;
const TYPES = { call: AgentCall, response: AgentResponse };

type Answer<T> = Promise<Result<T, ApiError>>;

export class AgentClient implements FileSource {
  readonly http: DaemonHttp;

  constructor(address: DaemonAddress, options: OperatorOptions = {}) {
    this.http = new DaemonHttp(address, AGENT_PORT, options);
  }

  /** Any call; undefined where the agent answers without a body. */
  call(call: AgentCall): Answer<AgentResponse | undefined> {
    return this.http.call(TYPES, call);
  }

  async getHealth(): Answer<boolean> {
    const answer = await this.#ask({ type: 'GET_HEALTH' }, (response) => response.get_health);
    return answer.ok ? ok(answer.value.healthy) : answer;
  }

  async getVersion(): Answer<VersionInfo> {
    const answer = await this.#ask({ type: 'GET_VERSION' }, (response) => response.get_version);
    return answer.ok ? ok(answer.value.version_info) : answer;
  }

  getAgent(): Answer<AgentResponseGetAgent> {
    return this.#ask({ type: 'GET_AGENT' }, (response) => response.get_agent);
  }

  getState(): Answer<AgentResponseGetState> {
    return this.#ask({ type: 'GET_STATE' }, (response) => response.get_state);
  }

  getContainers(): Answer<AgentResponseGetContainers> {
    return this.#ask({ type: 'GET_CONTAINERS' }, (response) => response.get_containers);
  }

  getFrameworks(): Answer<AgentResponseGetFrameworks> {
    return this.#ask({ type: 'GET_FRAMEWORKS' }, (response) => response.get_frameworks);
  }

  getExecutors(): Answer<AgentResponseGetExecutors> {
    return this.#ask({ type: 'GET_EXECUTORS' }, (response) => response.get_executors);
  }

  getTasks(): Answer<AgentResponseGetTasks> {
    return this.#ask({ type: 'GET_TASKS' }, (response) => response.get_tasks);
  }

  async listFiles(path: string): Answer<FileInfo[]> {
    const answer = await this.#ask({ type: 'LIST_FILES', list_files: { path } }, (response) => response.list_files);
    return answer.ok ? ok(answer.value.file_infos ?? []) : answer;
  }

  readFile(path: string, offset: number, length?: number): Answer<FileChunk> {
    return this.#ask({ type: 'READ_FILE', read_file: { path, offset, length } }, (response) => response.read_file);
  }

  /** A document of one of the older endpoints: `/state`, `/containers`, `/monitor/statistics` … */
  json(path: string): Answer<unknown> {
    return this.http.json(path);
  }

  close(): Promise<void> {
    return this.http.close();
  }

  async #ask<T>(call: AgentCall, pick: (response: AgentResponse) => T | undefined): Answer<T> {
    const answer = await this.call(call);
    if (!answer.ok) return answer;
    if (answer.value === undefined) return err(new ApiError('malformed', `${call.type}: the answer is empty`));
    return expected(pick(answer.value), `the result of ${call.type}`);
  }
}
