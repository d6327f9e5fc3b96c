/** Records of tasks: from what a scheduler launches, and from what an agent reports. */
import type { AgentId, ExecutorId, FrameworkId, TaskId } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type { Task, TaskInfo } from '@mesolite/wire';
import { holdsNothing, type TaskRecord } from '../state/task.ts';

export function launchedTask(info: TaskInfo, frameworkId: FrameworkId, resources: Resources): TaskRecord {
  return {
    id: info.task_id.value as TaskId,
    frameworkId,
    agentId: info.agent_id.value as AgentId,
    executorId: info.executor?.executor_id.value as ExecutorId | undefined,
    name: info.name,
    resources,
    labels: info.labels,
    discovery: info.discovery,
    container: info.container,
    healthCheck: info.health_check,
    killPolicy: info.kill_policy,
    user: info.command?.user ?? info.executor?.command?.user,
    limits: info.limits,
    state: 'TASK_STAGING',
    statuses: [],
    statusUpdateState: undefined,
    statusUpdateUuid: undefined,
    released: false,
  };
}

export function reportedTask(task: Task): TaskRecord {
  return {
    id: task.task_id.value as TaskId,
    frameworkId: task.framework_id.value as FrameworkId,
    agentId: task.agent_id.value as AgentId,
    executorId: task.executor_id?.value as ExecutorId | undefined,
    name: task.name,
    resources: Resources.from(task.resources),
    labels: task.labels,
    discovery: task.discovery,
    container: task.container,
    healthCheck: task.health_check,
    killPolicy: task.kill_policy,
    user: task.user,
    limits: task.limits,
    state: task.state,
    statuses: [...(task.statuses ?? [])],
    statusUpdateState: task.status_update_state,
    statusUpdateUuid: task.status_update_uuid,
    released: holdsNothing(task.state),
  };
}
