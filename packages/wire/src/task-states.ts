/** Which task states are the last. */
import type { TaskState } from './generated/index.ts';

const TERMINAL: ReadonlySet<TaskState> = new Set<TaskState>([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
]);

/** True for the states after which a task sends nothing more (TASK_LOST may in truth come back). */
export function isTerminal(state: TaskState): boolean {
  return TERMINAL.has(state);
}
