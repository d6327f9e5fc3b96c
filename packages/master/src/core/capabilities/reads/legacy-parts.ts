/**
 * Pieces of the v0 JSON bodies that several reads share. Keys and shapes are what dashboards and DNS servers parse.
 */
import { attributesToV0Json, Resources } from '@mesolite/resources';
import {
  type AgentInfo,
  type CommandInfo,
  ContainerInfo,
  ContainerStatus,
  DiscoveryInfo,
  DomainInfo,
  Environment,
  type ExecutorInfo,
  HealthCheck,
  type Labels,
  type MessageType,
  type TaskStatus,
  type ValueScalar,
} from '@mesolite/wire';

export type LegacyJson = Record<string, unknown>;

/** Seconds since 1970 as a fraction, the unit of all v0 times. */
export function seconds(wallMs: number | undefined): number {
  return (wallMs ?? 0) / 1000;
}

/** A message that v0 bodies carry in its own JSON form, as a value. */
export function protobufJson<M extends object>(type: MessageType<M>, message: M): unknown {
  return JSON.parse(type.toJson(message));
}

export function labelsJson(labels: Labels): LegacyJson[] {
  return (labels.labels ?? []).map(({ key, value }) => (value === undefined ? { key } : { key, value }));
}

export function domainJson(domain: DomainInfo): unknown {
  return protobufJson(DomainInfo, domain);
}

export function discoveryJson(discovery: DiscoveryInfo): unknown {
  return protobufJson(DiscoveryInfo, discovery);
}

export function containerJson(container: ContainerInfo): unknown {
  return protobufJson(ContainerInfo, container);
}

export function healthCheckJson(check: HealthCheck): unknown {
  return protobufJson(HealthCheck, check);
}

export function limitsJson(limits: Record<string, ValueScalar>): LegacyJson {
  return Object.fromEntries(
    Object.entries(limits).map(([name, { value }]) => [name, Number.isFinite(value) ? value : 'Infinity']),
  );
}

/** One entry of a task's history: without message, reason and source, which v0 bodies never had. */
export function statusJson(status: TaskStatus): LegacyJson {
  const json: LegacyJson = { 'state': status.state, 'timestamp': status.timestamp ?? 0 };
  if (status.labels !== undefined) json['labels'] = labelsJson(status.labels);
  if (status.container_status !== undefined) {
    const { container_id, network_infos, cgroup_info } = status.container_status;
    json['container_status'] = protobufJson(ContainerStatus, { container_id, network_infos, cgroup_info });
  }
  if (status.healthy !== undefined) json['healthy'] = status.healthy;
  return json;
}

function commandJson(command: CommandInfo | undefined): LegacyJson {
  const json: LegacyJson = {};
  if (command?.shell !== undefined) json['shell'] = command.shell;
  if (command?.value !== undefined) json['value'] = command.value;
  json['argv'] = command?.arguments ?? [];
  if (command?.environment !== undefined) json['environment'] = protobufJson(Environment, command.environment);
  json['uris'] = (command?.uris ?? []).map(({ value, executable }) => ({ value, executable: executable ?? false }));
  return json;
}

export function executorJson(info: ExecutorInfo): LegacyJson {
  const json: LegacyJson = {
    'executor_id': info.executor_id.value,
    'name': info.name ?? '',
    'framework_id': info.framework_id?.value ?? '',
    'command': commandJson(info.command),
    'resources': Resources.from(info.resources).toV0Json(),
  };
  const role = info.resources?.[0]?.allocation_info?.role;
  if (role !== undefined) json['role'] = role;
  if (info.labels !== undefined) json['labels'] = labelsJson(info.labels);
  if (info.type !== undefined) json['type'] = info.type;
  return json;
}

/** The head of every agent object. */
export function agentInfoJson(info: AgentInfo): LegacyJson {
  const json: LegacyJson = {
    'id': info.id?.value ?? '',
    'hostname': info.hostname,
    'port': info.port ?? 5051,
    'attributes': attributesToV0Json(info.attributes ?? []),
  };
  if (info.domain !== undefined) json['domain'] = domainJson(info.domain);
  return json;
}
