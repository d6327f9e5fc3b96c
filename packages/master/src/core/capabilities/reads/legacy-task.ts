/** A task as `/state`, `/tasks` and `/frameworks` show it. */
import type { TaskRecord } from '../../state/task.ts';
import {
  containerJson,
  discoveryJson,
  healthCheckJson,
  type LegacyJson,
  labelsJson,
  limitsJson,
  statusJson,
} from './legacy-parts.ts';

export function taskJson(task: TaskRecord): LegacyJson {
  const json: LegacyJson = {
    'id': task.id,
    'name': task.name,
    'framework_id': task.frameworkId,
    'executor_id': task.executorId ?? '',
    'slave_id': task.agentId,
    'state': task.state,
    'resources': task.resources.toV0Json(),
  };
  if (task.limits !== undefined && Object.keys(task.limits).length > 0) json['limits'] = limitsJson(task.limits);
  const role = task.resources.byRole().keys().next().value;
  if (role !== undefined) json['role'] = role;
  json['statuses'] = task.statuses.map(statusJson);
  if (task.user !== undefined) json['user'] = task.user;
  if (task.labels !== undefined) json['labels'] = labelsJson(task.labels);
  if (task.discovery !== undefined) json['discovery'] = discoveryJson(task.discovery);
  if (task.container !== undefined) json['container'] = containerJson(task.container);
  if (task.healthCheck !== undefined) json['health_check'] = healthCheckJson(task.healthCheck);
  return json;
}
