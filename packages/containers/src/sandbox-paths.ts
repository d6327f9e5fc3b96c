/**
 * The directory trees of an agent, in the original's layout, so that its tools find what they look for.
 * Owns the names of directories; must never touch a disk. Ids are names of files (`idError`): only roots need to be tidied.
 */
import { join } from 'node:path';

/** The four ids a run of an executor is named by. */
export interface RunIds {
  readonly agentId: string;
  readonly frameworkId: string;
  readonly executorId: string;
  readonly containerId: string;
}

/** The link in a `runs` or `slaves` directory that points at the newest entry. */
export const LATEST = 'latest';

/** `<root>/slaves/<agent>`. The root is the work directory for sandboxes, `<work_dir>/meta` for checkpoints. */
export function agentPath(root: string, agentId: string): string {
  return join(root, 'slaves', agentId);
}

export function latestAgentPath(root: string): string {
  return join(root, 'slaves', LATEST);
}

export function frameworkPath(root: string, ids: Pick<RunIds, 'agentId' | 'frameworkId'>): string {
  return `${agentPath(root, ids.agentId)}/frameworks/${ids.frameworkId}`;
}

export function executorPath(root: string, ids: Omit<RunIds, 'containerId'>): string {
  return `${frameworkPath(root, ids)}/executors/${ids.executorId}`;
}

/** Sandbox of a run under the work directory; the run's checkpoints under the meta directory. */
export function runPath(root: string, ids: RunIds): string {
  return `${executorPath(root, ids)}/runs/${ids.containerId}`;
}

export function latestRunPath(root: string, ids: Omit<RunIds, 'containerId'>): string {
  return `${executorPath(root, ids)}/runs/${LATEST}`;
}

export function metaPath(workDirectory: string): string {
  return join(workDirectory, 'meta');
}

/** The path under which an executor's newest sandbox is served by the files API. */
export function virtualSandboxPath(ids: Pick<RunIds, 'frameworkId' | 'executorId'>): string {
  return `/frameworks/${ids.frameworkId}/executors/${ids.executorId}/runs/${LATEST}`;
}

/**
 * A persistent volume below a disk's root: the work directory, or what a PATH disk names. A role is one directory, so
 * that volumes and roles below it cannot be taken for each other; its slashes become spaces, which no role has.
 */
export function volumePath(root: string, volume: { readonly role: string; readonly persistenceId: string }): string {
  return join(root, 'volumes', 'roles', volume.role.replaceAll('/', ' '), volume.persistenceId);
}

/** Updates of an operation, in the meta directory of an agent. `operation` is its uuid as text. */
export function operationPath(agent: string, operation: string): string {
  return join(agent, 'operations', operation);
}

/** Runtime state of a container: pid, exit status. Gone after a reboot, as it should be. */
export function containerStatePath(runtimeDirectory: string, containerId: string): string {
  return join(runtimeDirectory, 'containers', containerId);
}

/** Files of a run in the meta tree. */
export const runFiles = {
  forkedPid: (run: string): string => `${run}/pids/forked.pid`,
  libprocessPid: (run: string): string => `${run}/pids/libprocess.pid`,
  httpMarker: (run: string): string => `${run}/http.marker`,
  /** Two of our own: the task of a built-in command executor, and what was done to it. */
  commandTask: (run: string): string => `${run}/command_task.info`,
  commandState: (run: string): string => `${run}/command_task.state`,
  executorSentinel: (run: string): string => `${run}/executor.sentinel`,
  taskInfo: (run: string, taskId: string): string => `${run}/tasks/${taskId}/task.info`,
  taskUpdates: (run: string, taskId: string): string => `${run}/tasks/${taskId}/task.updates`,
} as const;

/** Files above the runs in the meta tree. */
export const metaFiles = {
  bootId: (meta: string): string => join(meta, 'boot_id'),
  agentInfo: (agent: string): string => join(agent, 'slave.info'),
  drainConfig: (agent: string): string => join(agent, 'drain.config'),
  frameworkInfo: (framework: string): string => join(framework, 'framework.info'),
  frameworkPid: (framework: string): string => join(framework, 'framework.pid'),
  executorInfo: (executor: string): string => join(executor, 'executor.info'),
  /** Holds 1 when the executor was made for a command task. */
  executorGenerated: (executor: string): string => join(executor, 'executor_generated_for_command_task'),
  operationUpdates: (operation: string): string => join(operation, 'operation.updates'),
  /** What an agent remembers of its resources: each file has a target, renamed over it once volumes are as it says. */
  resourceState: (meta: string): string => join(meta, 'resources', 'resources_and_operations.state'),
  resourceStateTarget: (meta: string): string => join(meta, 'resources', 'resources_and_operations.target'),
  /** The same without operations, for agents that know of none. */
  resources: (meta: string): string => join(meta, 'resources', 'resources.info'),
  resourcesTarget: (meta: string): string => join(meta, 'resources', 'resources.target'),
} as const;
