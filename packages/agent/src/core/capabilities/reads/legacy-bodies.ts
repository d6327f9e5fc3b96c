/** The JSON bodies of the agent's v0 read endpoints. Pure reads of the tables. */
import { attributesToV0Json, Resources, toEndpointFormat } from '@mesolite/resources';
import {
  DomainInfo,
  DrainConfig,
  type LegacyJson,
  labelsJson,
  legacySeconds,
  protobufJson,
  Resource,
  type Task,
  taskJson,
} from '@mesolite/wire';
import type { AgentState } from '../../state/agent-state.ts';
import type { Executor } from '../../state/executor.ts';
import { type Framework, hasCapability } from '../../state/framework.ts';
import { createTask } from '../../transitions/tasks.ts';

/** What bodies say about the process itself. */
export interface AgentIdentity {
  readonly pid: string;
  readonly build: LegacyJson;
  readonly startedWallMs: number;
  readonly logDirectory?: string | undefined;
  readonly externalLogFile?: string | undefined;
  readonly flags: Readonly<Record<string, string>>;
}

function byRole(total: Resources, form: (resources: Resources) => unknown): LegacyJson {
  return Object.fromEntries([...total.reservedByRole()].map(([role, resources]) => [role, form(resources)]));
}

function short(resources: Resources): LegacyJson {
  return resources.toV0Json();
}

function full(resources: Resources): unknown[] {
  return toEndpointFormat(resources.toProto()).map((resource) => protobufJson(Resource, resource));
}

export function stateBody(state: AgentState, identity: AgentIdentity): LegacyJson {
  const { options, total, used } = state;
  const json: LegacyJson = {
    ...identity.build,
    'start_time': legacySeconds(identity.startedWallMs),
    'id': state.agentId ?? '',
    'pid': identity.pid,
    'hostname': options.hostname,
    'capabilities': options.capabilities,
    'resources': short(total),
    'reserved_resources': byRole(total, short),
    'unreserved_resources': short(total.unreserved()),
    'reserved_resources_full': byRole(total, full),
    'unreserved_resources_full': full(total.unreserved()),
    'reserved_resources_allocated': byRole(used, short),
    'unreserved_resources_allocated': short(used.unreserved()),
    'resource_providers': [],
    'attributes': attributesToV0Json(options.attributes),
  };
  if (options.domain !== undefined) json['domain'] = protobufJson(DomainInfo, options.domain);
  if (state.draining !== undefined) {
    json['drain_config'] = protobufJson(DrainConfig, state.draining.config);
    json['estimated_drain_start_time_seconds'] = Math.floor(state.draining.sinceWallMs / 1000);
  }
  if (state.leader !== undefined) json['master_hostname'] = state.leader.hostname;
  if (identity.logDirectory !== undefined) json['log_dir'] = identity.logDirectory;
  if (identity.externalLogFile !== undefined) json['external_log_file'] = identity.externalLogFile;
  json['flags'] = identity.flags;
  json['frameworks'] = [...state.frameworks.values()].map(frameworkJson);
  json['completed_frameworks'] = [...state.completedFrameworks.values()].map(frameworkJson);
  return json;
}

function frameworkJson(framework: Framework): LegacyJson {
  const { info } = framework;
  const json: LegacyJson = {
    'id': framework.id,
    'name': info.name,
    'user': info.user,
    'failover_timeout': info.failover_timeout ?? 0,
    'checkpoint': info.checkpoint ?? false,
    'hostname': info.hostname ?? '',
  };
  if (info.principal !== undefined) json['principal'] = info.principal;
  if (hasCapability(info, 'MULTI_ROLE')) json['roles'] = info.roles ?? [];
  else json['role'] = info.role ?? '*';
  json['executors'] = [...framework.executors.values()].map(executorJson);
  json['completed_executors'] = [...framework.completedExecutors].map(executorJson);
  return json;
}

function executorJson(executor: Executor): LegacyJson {
  const { info } = executor;
  const json: LegacyJson = {
    'id': executor.id,
    'name': info.name ?? '',
    'source': info.source ?? '',
    'container': executor.containerId,
    'directory': executor.directory,
    'resources': short(executor.allocated),
  };
  const role = info.resources?.[0]?.allocation_info?.role;
  if (role !== undefined) json['role'] = role;
  if (info.labels !== undefined) json['labels'] = labelsJson(info.labels);
  if (info.type !== undefined) json['type'] = info.type;
  json['tasks'] = [...executor.launchedTasks.values()].map(legacyTask);
  json['queued_tasks'] = queuedTasks(executor).map(legacyTask);
  json['completed_tasks'] = [...executor.completedTasks, ...executor.terminatedTasks.values()].map(legacyTask);
  return json;
}

function legacyTask(task: Task): LegacyJson {
  return taskJson(task, short(Resources.from(task.resources)));
}

/** Tasks that wait for their executor, in the form they will have. */
export function queuedTasks(executor: Executor): Task[] {
  return [...executor.queuedTasks.values()].map((info) => createTask(info, 'TASK_STAGING', executor.frameworkId));
}
