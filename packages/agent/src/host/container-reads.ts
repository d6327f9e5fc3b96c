/** Running containers with what they use, as `/containers`, `/monitor/statistics` and GET_CONTAINERS show them. */
import {
  type AgentResponseGetContainersContainer,
  ContainerStatus,
  type LegacyJson,
  protobufJson,
  ResourceStatistics,
} from '@mesolite/wire';
import type { Executor } from '../core/state/executor.ts';
import type { OperatorHost } from './operator-host.ts';

export async function runningContainers(host: OperatorHost): Promise<AgentResponseGetContainersContainer[]> {
  const executors: Executor[] = [];
  for (const framework of host.state.frameworks.values())
    for (const executor of framework.executors.values()) if (executor.state !== 'TERMINATED') executors.push(executor);
  return Promise.all(executors.map((executor) => container(executor, host)));
}

async function container(executor: Executor, host: OperatorHost): Promise<AgentResponseGetContainersContainer> {
  const id = { value: executor.containerId };
  const statistics = await host.usage(executor.containerId);
  return {
    framework_id: { value: executor.frameworkId },
    executor_id: { value: executor.id },
    executor_name: executor.info.name ?? '',
    container_id: id,
    container_status: { container_id: id, ...(executor.pid === undefined ? {} : { executor_pid: executor.pid }) },
    ...(statistics === undefined ? {} : { resource_statistics: statistics }),
  };
}

/** Keys sorted, as the original writes them. */
export function containersBody(containers: readonly AgentResponseGetContainersContainer[]): LegacyJson[] {
  return containers.map((one) => ({
    'container_id': one.container_id.value,
    ...statisticsEntry(one),
    'status': protobufJson(ContainerStatus, one.container_status ?? {}),
  }));
}

/** The older endpoint: no container id, no status; containers without figures are left out. */
export function statisticsBody(containers: readonly AgentResponseGetContainersContainer[]): LegacyJson[] {
  return containers.filter((one) => one.resource_statistics !== undefined).map(statisticsEntry);
}

function statisticsEntry(one: AgentResponseGetContainersContainer): LegacyJson {
  const executorId = one.executor_id?.value ?? '';
  return {
    'executor_id': executorId,
    'executor_name': one.executor_name ?? '',
    'framework_id': one.framework_id?.value ?? '',
    'source': executorId,
    ...(one.resource_statistics === undefined
      ? {}
      : { 'statistics': protobufJson(ResourceStatistics, one.resource_statistics) }),
  };
}
