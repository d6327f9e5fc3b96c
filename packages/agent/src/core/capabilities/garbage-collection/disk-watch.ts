/** Keeps the disk from filling up with old sandboxes: the fuller it is, the younger they go. */
import { formatDuration } from '@mesolite/base';
import type { InputOf } from '../../inputs.ts';
import type { AgentState } from '../../state/agent-state.ts';
import { removeGarbage } from '../../transitions/garbage.ts';

export function watchDisk(state: AgentState): void {
  state.effect({ kind: 'measure-disk' });
  state.deadlines.set(state.now.monotonicMs + state.options.diskWatchIntervalMs, { kind: 'disk-watch' });
}

export function diskMeasured(state: AgentState, { usage }: InputOf<'disk-usage-measured'>): void {
  const { gcDelayMs, gcDiskHeadroom, log } = state.options;
  state.maxAllowedAgeMs = gcDelayMs * Math.max(0, 1 - gcDiskHeadroom - usage);
  log.info(
    `Current disk usage ${(100 * usage).toFixed(2)}%. Max allowed age: ${formatDuration(Math.round(state.maxAllowedAgeMs))}`,
  );
  removeGarbage(state);
}

export function garbageDue(state: AgentState): void {
  removeGarbage(state);
}

export function pathsRemoved(state: AgentState, { removed, failed }: InputOf<'paths-removed'>): void {
  state.counters.pathRemovalsSucceeded.add(removed);
  state.counters.pathRemovalsFailed.add(failed);
}
