/** Tasks and frameworks as masters send them to agents. */
import type { ExecutorInfo, FrameworkInfo, Resource, TaskInfo } from '@mesolite/wire';

export function resources(cpus: number, mem: number): Resource[] {
  return [
    { name: 'cpus', type: 'SCALAR', scalar: { value: cpus }, allocation_info: { role: '*' } },
    { name: 'mem', type: 'SCALAR', scalar: { value: mem }, allocation_info: { role: '*' } },
  ];
}

export function framework(more: Partial<FrameworkInfo> = {}): FrameworkInfo {
  return {
    user: '',
    name: 'test',
    id: { value: 'F' },
    roles: ['*'],
    capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }, { type: 'TASK_KILLING_STATE' }],
    ...more,
  };
}

export function commandTask(id: string, value: string): Omit<TaskInfo, 'agent_id'> {
  return { name: id, task_id: { value: id }, command: { value }, resources: resources(0.1, 32) };
}

export function customExecutor(id: string, value: string): ExecutorInfo {
  return {
    type: 'CUSTOM',
    executor_id: { value: id },
    framework_id: { value: 'F' },
    command: { value },
    resources: resources(0.1, 32),
  };
}
