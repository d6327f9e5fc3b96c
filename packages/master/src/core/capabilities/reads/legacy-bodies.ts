/** The JSON bodies of the v0 read endpoints but those of roles. Pure reads of the tables. */
import { err, type FrameworkId, ok, type Result } from '@mesolite/base';
import { type LegacyJson, legacySeconds, type MasterInfo, type TaskState } from '@mesolite/wire';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import type { MasterState } from '../../state/state.ts';
import type { TaskRecord } from '../../state/task.ts';
import { agentFullJson, agentJson, recoveredAgentJson } from './legacy-agent.ts';
import { frameworkJson, frameworkSummaryJson, taskRecordJson } from './legacy-framework.ts';
import { domainJson } from './legacy-parts.ts';

/** What bodies say about the process itself. */
export interface MasterIdentity {
  readonly info: MasterInfo;
  readonly pid: string;
  readonly build: LegacyJson;
  readonly startedWallMs: number;
  readonly electedWallMs: () => number;
  readonly cluster?: string | undefined;
  readonly logDirectory?: string | undefined;
  readonly externalLogFile?: string | undefined;
  readonly flags: Readonly<Record<string, string>>;
}

export function stateBody(state: MasterState, identity: MasterIdentity): LegacyJson {
  const { info } = identity;
  const json: LegacyJson = {
    ...identity.build,
    'start_time': legacySeconds(identity.startedWallMs),
    'elected_time': legacySeconds(identity.electedWallMs()),
    'id': info.id,
    'pid': identity.pid,
    'hostname': info.hostname ?? '',
    'capabilities': (info.capabilities ?? []).flatMap(({ type }) => type ?? []),
    'activated_slaves': state.agents.active,
    'deactivated_slaves': state.agents.registered.size - state.agents.active,
    'unreachable_slaves': state.agents.unreachable.size,
  };
  if (info.domain !== undefined) json['domain'] = domainJson(info.domain);
  json['leader'] = identity.pid;
  json['leader_info'] = { 'id': info.id, 'pid': identity.pid, 'port': info.port, 'hostname': info.hostname ?? '' };
  if (identity.cluster !== undefined) json['cluster'] = identity.cluster;
  if (identity.logDirectory !== undefined) json['log_dir'] = identity.logDirectory;
  if (identity.externalLogFile !== undefined) json['external_log_file'] = identity.externalLogFile;
  json['flags'] = identity.flags;
  json['slaves'] = [...state.agents.registered.values()].map((agent) => agentJson(state, agent));
  json['recovered_slaves'] = [...state.agents.recovered.values()].map(recoveredAgentJson);
  json['frameworks'] = [...state.frameworks.registered.values()].map((one) => frameworkJson(state, one));
  json['completed_frameworks'] = [...state.frameworks.completed.values()].map((one) => frameworkJson(state, one));
  json['orphan_tasks'] = [];
  json['unregistered_frameworks'] = [];
  return json;
}

export function agentsBody(state: MasterState, agentId: string | null): LegacyJson {
  return {
    'slaves': [...state.agents.registered.values()]
      .filter(({ id }) => agentId === null || id === agentId)
      .map((agent) => agentFullJson(state, agent)),
    'recovered_slaves': [...state.agents.recovered]
      .filter(([id]) => agentId === null || id === agentId)
      .map(([, info]) => recoveredAgentJson(info)),
  };
}

export function frameworksBody(state: MasterState, frameworkId: string | null): LegacyJson {
  const pick = (all: Iterable<FrameworkRecord>): LegacyJson[] =>
    [...all].filter(({ id }) => frameworkId === null || id === frameworkId).map((one) => frameworkJson(state, one));
  return {
    'frameworks': pick(state.frameworks.registered.values()),
    'completed_frameworks': pick(state.frameworks.completed.values()),
    'unregistered_frameworks': [],
  };
}

function* tasksOf(framework: FrameworkRecord): Iterable<TaskRecord> {
  yield* framework.tasks.values();
  yield* framework.unreachableTasks.values();
  yield* framework.completedTasks;
}

function* allFrameworks(state: MasterState): Iterable<FrameworkRecord> {
  yield* state.frameworks.registered.values();
  yield* state.frameworks.completed.values();
}

const DEFAULT_TASK_LIMIT = 100;

export interface TasksQuery {
  readonly frameworkId: string | null;
  readonly taskId: string | null;
  readonly limit: number;
  readonly offset: number;
  readonly ascending: boolean;
}

/** Reads the query of `/tasks`; what is no number counts as not given, as in the original. */
export function parseTasksQuery(query: URLSearchParams): Result<TasksQuery> {
  const integer = (name: string, otherwise: number): number => {
    const text = query.get(name);
    return text !== null && /^-?\d{1,15}$/.test(text) ? Number(text) : otherwise;
  };
  const limit = integer('limit', DEFAULT_TASK_LIMIT);
  const offset = integer('offset', 0);
  if (limit < 0) return err("'limit' must not be negative");
  if (offset < 0) return err("'offset' must not be negative");
  return ok({
    frameworkId: query.get('framework_id'),
    taskId: query.get('task_id'),
    limit,
    offset,
    ascending: query.get('order') === 'asc',
  });
}

/** Tasks by the time of their first status; one without any counts as the oldest. */
export function tasksBody(state: MasterState, query: TasksQuery): LegacyJson {
  const tasks: TaskRecord[] = [];
  for (const framework of allFrameworks(state)) {
    if (query.frameworkId !== null && framework.id !== query.frameworkId) continue;
    for (const task of tasksOf(framework)) if (query.taskId === null || task.id === query.taskId) tasks.push(task);
  }
  const firstSeen = (task: TaskRecord): number => task.statuses[0]?.timestamp ?? Number.NEGATIVE_INFINITY;
  tasks.sort((a, b) => (query.ascending ? firstSeen(a) - firstSeen(b) : firstSeen(b) - firstSeen(a)) || 0);
  return { 'tasks': tasks.slice(query.offset, query.offset + query.limit).map(taskRecordJson) };
}

const SUMMARY_STATES: readonly TaskState[] = [
  'TASK_STAGING',
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_FINISHED',
  'TASK_KILLED',
  'TASK_FAILED',
  'TASK_LOST',
  'TASK_ERROR',
  'TASK_UNREACHABLE',
];

class StateCounts {
  readonly #counts = new Map<TaskState, number>(SUMMARY_STATES.map((state) => [state, 0]));

  add(state: TaskState): void {
    const count = this.#counts.get(state);
    if (count !== undefined) this.#counts.set(state, count + 1);
  }

  toJson(): LegacyJson {
    return Object.fromEntries(this.#counts);
  }
}

export function stateSummaryBody(state: MasterState, identity: MasterIdentity): LegacyJson {
  const byAgent = new Map<string, StateCounts>();
  const byFramework = new Map<FrameworkId, StateCounts>();
  const agentFrameworks = new Map<string, Set<string>>();
  const frameworkAgents = new Map<string, Set<string>>();
  // Frameworks that are gone count no more, unlike in /state.
  for (const framework of state.frameworks.registered.values()) {
    const counts = new StateCounts();
    byFramework.set(framework.id, counts);
    const agents = new Set<string>();
    frameworkAgents.set(framework.id, agents);
    for (const task of tasksOf(framework)) {
      counts.add(task.state);
      const onAgent = byAgent.get(task.agentId) ?? new StateCounts();
      byAgent.set(task.agentId, onAgent);
      onAgent.add(task.state);
      agents.add(task.agentId);
      const frameworks = agentFrameworks.get(task.agentId) ?? new Set();
      agentFrameworks.set(task.agentId, frameworks.add(framework.id));
    }
  }
  const json: LegacyJson = { 'hostname': identity.info.hostname ?? '' };
  if (identity.cluster !== undefined) json['cluster'] = identity.cluster;
  json['slaves'] = [...state.agents.registered.values()].map((agent) => ({
    ...agentJson(state, agent),
    ...(byAgent.get(agent.id) ?? new StateCounts()).toJson(),
    'framework_ids': [...(agentFrameworks.get(agent.id) ?? [])],
  }));
  json['frameworks'] = [...state.frameworks.registered.values()].map((framework) => ({
    ...frameworkSummaryJson(state, framework),
    ...byFramework.get(framework.id)!.toJson(),
    'slave_ids': [...frameworkAgents.get(framework.id)!],
  }));
  return json;
}
