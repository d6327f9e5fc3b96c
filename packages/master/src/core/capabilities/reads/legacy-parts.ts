/** The heads of the executor and agent objects of v0 bodies, as the master shows them. */
import { attributesToV0Json, Resources } from '@mesolite/resources';
import {
  type AgentInfo,
  commandJson,
  DomainInfo,
  type ExecutorInfo,
  type LegacyJson,
  labelsJson,
  protobufJson,
} from '@mesolite/wire';

export function domainJson(domain: DomainInfo): unknown {
  return protobufJson(DomainInfo, domain);
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
