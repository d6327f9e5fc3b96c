/** States of tasks as checkers see them, told apart from the ones in the cores on purpose. */
const ENDS: ReadonlySet<string> = new Set([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
]);

/** Whether a task in this state will never run again. */
export function isEnd(state: string): boolean {
  return ENDS.has(state);
}
