/** A task's status as one line. */
import { isTerminal } from '@mesolite/sdk';
import type { TaskState, TaskStatus } from '@mesolite/wire';
import { type Color, type Output, paint } from '../terminal.ts';

/** `TASK_FAILED  Command exited with status 3 (REASON_COMMAND_EXECUTOR_FAILED)`. */
export function describeStatus(status: TaskStatus, output: Output): string {
  const message = status.message === undefined || status.message === '' ? '' : `  ${status.message}`;
  // A reason says little about a task that just runs or has finished.
  const reason = status.reason === undefined || !isBad(status.state) ? '' : `  (${status.reason})`;
  return `${paint(output, stateColor(status.state), status.state)}${message}${paint(output, 'dim', reason)}`;
}

export function stateColor(state: TaskState): Color {
  if (state === 'TASK_FINISHED' || state === 'TASK_RUNNING') return 'green';
  if (isBad(state)) return 'red';
  return 'cyan';
}

function isBad(state: TaskState): boolean {
  return (isTerminal(state) && state !== 'TASK_FINISHED') || state === 'TASK_UNREACHABLE';
}
