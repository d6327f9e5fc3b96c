/**
 * Pieces of the v0 JSON bodies (`/state`, `/tasks` …) that master and agent share. Keys and shapes are what dashboards and
 * DNS servers parse. Resources come in as JSON already, since their text form lives upstairs.
 */
import type { MessageType } from '../codec/message-type.ts';
import {
  type CommandInfo,
  ContainerInfo,
  ContainerStatus,
  DiscoveryInfo,
  Environment,
  HealthCheck,
  type Labels,
  type Task,
  type TaskStatus,
  type ValueScalar,
} from '../generated/index.ts';

export type LegacyJson = Record<string, unknown>;

/** Seconds since 1970 as a fraction, the unit of all v0 times. */
export function legacySeconds(wallMs: number | undefined): number {
  return (wallMs ?? 0) / 1000;
}

/** A message that v0 bodies carry in its own JSON form, as a value. */
export function protobufJson<M extends object>(type: MessageType<M>, message: M): unknown {
  return JSON.parse(type.toJson(message));
}

export function labelsJson(labels: Labels): LegacyJson[] {
  return (labels.labels ?? []).map(({ key, value }) => (value === undefined ? { key } : { key, value }));
}

function limitsJson(limits: Readonly<Record<string, ValueScalar>>): LegacyJson {
  return Object.fromEntries(
    Object.entries(limits).map(([name, { value }]) => [name, Number.isFinite(value) ? value : 'Infinity']),
  );
}

/** One entry of a task's history: without message, reason and source, which v0 bodies never had. */
function statusJson(status: TaskStatus): LegacyJson {
  const json: LegacyJson = { 'state': status.state, 'timestamp': status.timestamp ?? 0 };
  if (status.labels !== undefined) json['labels'] = labelsJson(status.labels);
  if (status.container_status !== undefined) {
    const { container_id, network_infos, cgroup_info } = status.container_status;
    json['container_status'] = protobufJson(ContainerStatus, { container_id, network_infos, cgroup_info });
  }
  if (status.healthy !== undefined) json['healthy'] = status.healthy;
  return json;
}

export function commandJson(command: CommandInfo | undefined): LegacyJson {
  const json: LegacyJson = {};
  if (command?.shell !== undefined) json['shell'] = command.shell;
  if (command?.value !== undefined) json['value'] = command.value;
  json['argv'] = command?.arguments ?? [];
  if (command?.environment !== undefined) json['environment'] = protobufJson(Environment, command.environment);
  json['uris'] = (command?.uris ?? []).map(({ value, executable }) => ({ value, executable: executable ?? false }));
  return json;
}

/** A task as both daemons show it. `resources` is its v0 form; the role is that of the first allocated resource. */
export function taskJson(task: Task, resources: LegacyJson): LegacyJson {
  const json: LegacyJson = {
    'id': task.task_id.value,
    'name': task.name,
    'framework_id': task.framework_id.value,
    'executor_id': task.executor_id?.value ?? '',
    'slave_id': task.agent_id.value,
    'state': task.state,
    'resources': resources,
  };
  const { limits } = task;
  if (limits !== undefined && Object.keys(limits).length > 0) json['limits'] = limitsJson(limits);
  const role = task.resources?.[0]?.allocation_info?.role;
  if (role !== undefined) json['role'] = role;
  json['statuses'] = (task.statuses ?? []).map(statusJson);
  if (task.user !== undefined) json['user'] = task.user;
  if (task.labels !== undefined) json['labels'] = labelsJson(task.labels);
  if (task.discovery !== undefined) json['discovery'] = protobufJson(DiscoveryInfo, task.discovery);
  if (task.container !== undefined) json['container'] = protobufJson(ContainerInfo, task.container);
  if (task.health_check !== undefined) json['health_check'] = protobufJson(HealthCheck, task.health_check);
  return json;
}
