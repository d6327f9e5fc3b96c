/** A framework as `/state` and `/frameworks` show it. */
import type { Resources } from '@mesolite/resources';
import {
  type LegacyJson,
  labelsJson,
  legacySeconds,
  protobufJson,
  SchedulerOfferConstraints,
  taskJson,
} from '@mesolite/wire';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import { isConnected } from '../../state/frameworks.ts';
import type { OfferRecord } from '../../state/offers.ts';
import type { MasterState } from '../../state/state.ts';
import { offeredTo, usedBy } from '../../state/sums.ts';
import { type TaskRecord, taskToProto } from '../../state/task.ts';
import { executorJson } from './legacy-parts.ts';

export function taskRecordJson(task: TaskRecord): LegacyJson {
  return taskJson(taskToProto(task), task.resources.toV0Json());
}

function offerJson(offer: OfferRecord): LegacyJson {
  return {
    'id': offer.id,
    'framework_id': offer.frameworkId,
    'allocation_info': { 'role': offer.role },
    'slave_id': offer.agentId,
    'resources': offer.resources.toV0Json(),
  };
}

/** The part that `/state-summary` shows too. There is a pid only of drivers: other schedulers speak HTTP. */
export function frameworkSummaryJson({ offers }: MasterState, framework: FrameworkRecord): LegacyJson {
  return summaryJson(framework, usedBy(framework), offeredTo(framework, offers));
}

function summaryJson(framework: FrameworkRecord, used: Resources, offered: Resources): LegacyJson {
  const { info } = framework;
  return {
    'id': framework.id,
    'name': info.name,
    ...(framework.pid === undefined ? {} : { 'pid': framework.pid }),
    'used_resources': used.toV0Json(),
    'offered_resources': offered.toV0Json(),
    'capabilities': (info.capabilities ?? []).flatMap(({ type }) => type ?? []),
    'hostname': info.hostname ?? '',
    'webui_url': info.webui_url ?? '',
    'active': framework.state === 'active',
    'connected': isConnected(framework),
    'recovered': framework.state === 'recovered',
  };
}

export function frameworkJson(state: MasterState, framework: FrameworkRecord): LegacyJson {
  const { info } = framework;
  const used = usedBy(framework);
  const offered = offeredTo(framework, state.offers);
  const json = summaryJson(framework, used, offered);
  json['user'] = info.user;
  json['failover_timeout'] = info.failover_timeout ?? 0;
  json['checkpoint'] = info.checkpoint ?? false;
  json['registered_time'] = legacySeconds(framework.registeredWallMs);
  json['unregistered_time'] = legacySeconds(framework.unregisteredWallMs);
  if (info.principal !== undefined) json['principal'] = info.principal;
  json['resources'] = used.plus(offered).toV0Json();
  if (framework.reregisteredWallMs !== undefined && framework.reregisteredWallMs !== framework.registeredWallMs)
    json['reregistered_time'] = legacySeconds(framework.reregisteredWallMs);
  if (framework.capabilities.has('MULTI_ROLE')) json['roles'] = info.roles ?? [];
  else json['role'] = info.role ?? '*';
  json['tasks'] = [...framework.tasks.values()].map(taskRecordJson);
  json['unreachable_tasks'] = [...framework.unreachableTasks.values()].map(taskRecordJson);
  json['completed_tasks'] = [...framework.completedTasks].map(taskRecordJson);
  json['offers'] = [...framework.offers].flatMap((id) => {
    const offer = state.offers.get(id);
    return offer === undefined ? [] : [offerJson(offer)];
  });
  json['executors'] = [...framework.executors].flatMap(([agentId, executors]) =>
    [...executors.values()].map(({ info: executor }) => ({ ...executorJson(executor), 'slave_id': agentId })),
  );
  if (info.labels !== undefined) json['labels'] = labelsJson(info.labels);
  json['offer_constraints'] =
    framework.offerConstraints === undefined ? {} : protobufJson(SchedulerOfferConstraints, framework.offerConstraints);
  return json;
}
