/** Where the sandbox of a task is, as a path of its agent's files. */
import { err, ok, type Result } from '@mesolite/base';
import { type AgentClient, ApiError } from '@mesolite/sdk';

export interface ExecutorRef {
  readonly frameworkId: string;
  /** Of a command task: the task's id. */
  readonly executorId: string;
}

/** The short path every agent shows for the executor's latest run. */
export function latestRunPath({ frameworkId, executorId }: ExecutorRef): string {
  return `/frameworks/${frameworkId}/executors/${executorId}/runs/latest`;
}

/** The directory on the agent's disk, from the agent's state; the same path can be read through its files. */
export async function findDirectory(agent: AgentClient, wanted: ExecutorRef): Promise<Result<string, ApiError>> {
  const state = await agent.json('/state');
  if (!state.ok) return state;
  const { frameworks = [], completed_frameworks: completed = [] } = state.value as AgentState;
  const framework = [...frameworks, ...completed].find(({ id }) => id === wanted.frameworkId);
  const executors = [...(framework?.executors ?? []), ...(framework?.completed_executors ?? [])];
  const found = executors.find(({ executor_id: id, id: older }) => (id ?? older) === wanted.executorId);
  return found?.directory === undefined
    ? err(new ApiError('refused', 'the agent no longer knows this task', 404))
    : ok(found.directory);
}

/** The part of an agent's `/state` that is read here. */
interface AgentState {
  readonly frameworks?: readonly StateFramework[];
  readonly completed_frameworks?: readonly StateFramework[];
}

interface StateFramework {
  readonly id: string;
  readonly executors?: readonly StateExecutor[];
  readonly completed_executors?: readonly StateExecutor[];
}

interface StateExecutor {
  readonly id?: string;
  readonly executor_id?: string;
  readonly directory?: string;
}

/** A path of the sandbox that can be read now: the short one if the agent shows it, else the directory itself. */
export async function locateSandbox(agent: AgentClient, executor: ExecutorRef): Promise<Result<string, ApiError>> {
  const path = latestRunPath(executor);
  const listing = await agent.listFiles(path);
  if (listing.ok && listing.value.length > 0) return ok(path);
  if (!listing.ok && listing.error.status !== 404) return listing;
  return findDirectory(agent, executor);
}
