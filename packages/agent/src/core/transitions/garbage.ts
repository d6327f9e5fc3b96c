/**
 * Directories nobody needs any more: kept for `gc_delay`, less when the disk fills up.
 */
import type { AgentState } from '../state/agent-state.ts';
import type { Garbage } from '../state/garbage.ts';

/**
 * Lets a path wait for its removal. The virtual paths are withdrawn with it. What has waited already, `ageMs`, comes
 * before what has not, the oldest first.
 */
export function discardPath(state: AgentState, path: string, virtualPaths: readonly string[] = [], ageMs = 0): void {
  const pushedOut = state.garbage.add({ path, sinceMs: state.now.monotonicMs - ageMs, virtualPaths });
  if (pushedOut !== undefined) remove(state, [pushedOut]);
  armGarbageDeadline(state);
}

/** A path is used again. */
export function keepPath(state: AgentState, path: string): void {
  state.garbage.forget(path);
}

/** Removes what is older than the disk allows. */
export function removeGarbage(state: AgentState): void {
  remove(state, state.garbage.takeOlder(state.now.monotonicMs - state.maxAllowedAgeMs));
  armGarbageDeadline(state);
}

function remove(state: AgentState, garbage: readonly Garbage[]): void {
  if (garbage.length === 0) return;
  for (const { virtualPaths } of garbage) {
    for (const virtualPath of virtualPaths) state.effect({ kind: 'detach-files', virtualPath });
  }
  const paths = garbage.map(({ path }) => path);
  state.options.log.info(`Removing ${paths.length} directories, the oldest is ${paths[0]}`);
  state.effect({ kind: 'remove-paths', paths });
}

/** One deadline, for the oldest. */
function armGarbageDeadline(state: AgentState): void {
  const oldest = state.garbage.oldest;
  if (oldest === undefined) {
    state.garbageDeadline = state.deadlines.cancel(state.garbageDeadline);
    return;
  }
  const atMs = oldest.sinceMs + state.options.gcDelayMs;
  if (state.garbageDeadline?.live === true && state.garbageDeadline.atMs <= atMs) return;
  state.deadlines.cancel(state.garbageDeadline);
  state.garbageDeadline = state.deadlines.set(atMs, { kind: 'garbage-due' });
}
