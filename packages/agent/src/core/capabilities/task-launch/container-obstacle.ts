/**
 * Containers this agent has no way to make. They are refused as an agent refuses that runs without the containerizer,
 * the isolator or the image store in question.
 */
import type { ExecutorInfo } from '@mesolite/wire';
import type { ContainerEnd } from '../../inputs.ts';

export function containerObstacle({ type, container }: ExecutorInfo): ContainerEnd | undefined {
  if (type === 'DEFAULT') return launchFailure('The default executor is not built into this agent yet');
  if (container?.type === 'DOCKER') {
    return {
      state: 'TASK_FAILED',
      reason: 'REASON_EXECUTOR_TERMINATED',
      message: 'Abnormal executor termination: unknown container',
    };
  }
  if (container?.mesos?.image !== undefined) return launchFailure('Container images are not supported by this agent');
  if ((container?.volumes?.length ?? 0) > 0) return launchFailure('Volumes in ContainerInfo is not supported');
  return undefined;
}

function launchFailure(text: string): ContainerEnd {
  return {
    state: 'TASK_FAILED',
    reason: 'REASON_CONTAINER_LAUNCH_FAILED',
    message: `Failed to launch container: ${text}`,
  };
}
