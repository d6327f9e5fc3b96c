/** Drives the built-in command executor of a command task: its words become updates, signals and deadlines. */
import type { CommandExecutorInput, CommandMemory } from '@mesolite/executors';
import type { AgentState } from '../state/agent-state.ts';
import type { Executor } from '../state/executor.ts';
import { checkpointCommand } from './checkpoints.ts';
import { freshUuid, takeUpdate } from './status-updates.ts';
import { taskIdOf } from './tasks.ts';

/** Gives the built-in executor one input and does what it says. */
export function driveCommandExecutor(state: AgentState, executor: Executor, input: CommandExecutorInput): void {
  const { builtIn, commandTask } = executor;
  if (builtIn === undefined || commandTask === undefined) return;
  const task_id = { value: taskIdOf(commandTask) };
  const before = builtIn.memory;
  const actions = builtIn.step(input, state.now.monotonicMs);
  // Before the signal, so that a process that goes on from here knows who sent it.
  if (executor.checkpoint) remember(state, executor, before, builtIn.memory);
  for (const action of actions) {
    if (action.kind === 'signal') {
      state.effect({ kind: 'signal-container', containerId: executor.containerId, signal: action.signal });
      continue;
    }
    takeUpdate(
      state,
      {
        frameworkId: executor.frameworkId,
        executorId: executor.id,
        status: { task_id, ...action.status, timestamp: state.now.wallMs / 1000, uuid: freshUuid(state) },
      },
      'executor',
    );
  }
  const { wakeAtMs } = builtIn;
  if (executor.wakeDeadline?.live === true && executor.wakeDeadline.atMs === wakeAtMs) return;
  executor.wakeDeadline = state.deadlines.cancel(executor.wakeDeadline);
  if (wakeAtMs !== undefined) {
    executor.wakeDeadline = state.deadlines.set(wakeAtMs, {
      kind: 'command-executor-woken',
      containerId: executor.containerId,
    });
  }
}

/** A command that merely runs has nothing to remember. */
function remember(
  state: AgentState,
  executor: Executor,
  before: CommandMemory | undefined,
  now: CommandMemory | undefined,
): void {
  if (now === undefined || (now.phase === 'running' && now.wakeAtMs === undefined)) return;
  if (before?.phase === now.phase && before.wakeAtMs === now.wakeAtMs && before.overdue === now.overdue) return;
  checkpointCommand(state, executor, now);
}
