/**
 * What the next master is to know of frameworks that may fail over: that they are, until when they have to be back, and
 * that they have ended. One write for each change, never two of a framework at once; a scheduler that comes and goes faster
 * than the registry writes costs no more than that.
 *
 * Departs from Mesos: its masters know nothing of frameworks before agents tell of them, and wait for their schedulers for
 * ever. Nobody waits for these writes: one that is lost with this master leaves what Mesos would have.
 */
import type { FrameworkId } from '@mesolite/base';
import { FrameworkInfo } from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import { MAX_REMEMBERED_FRAMEWORK_BYTES } from '../options.ts';
import type { FrameworkMemory } from '../state/framework-memory.ts';
import type { FrameworkRecord } from '../state/frameworks.ts';
import type { Pending } from '../state/pending.ts';

/** Deadlines that differ by less are the same: clocks are not that good. */
const SAME_DEADLINE_MS = 1000;
/** The latest time that 64 bits of nanoseconds can tell. */
const LAST_WALL_MS = 9_000_000_000_000;

export function isDurable({ options }: MasterContext): boolean {
  return options.durableFrameworks ?? true;
}

/** To be called when anything of it may have changed. */
export function rememberFramework(context: MasterContext, framework: FrameworkRecord): void {
  if (!isDurable(context) || framework.memoryBeingWritten) return;
  const memory = memoryOf(context, framework);
  if (isSame(memory, framework.memory)) return;
  framework.memory = memory;
  framework.memoryBeingWritten = true;
  write(context, framework.id, memory);
}

/** Out of the memory of completed frameworks: its id is free. */
export function forgetFramework(context: MasterContext, framework: FrameworkRecord): void {
  if (framework.memory !== undefined) write(context, framework.id, undefined);
}

/** Of a framework nobody here knows. */
export function forgetRecorded(context: MasterContext, frameworkId: FrameworkId): void {
  write(context, frameworkId, undefined);
}

function write(context: MasterContext, frameworkId: FrameworkId, memory: FrameworkMemory | undefined): void {
  context.outbox.push({
    kind: 'write-registry',
    pending: context.state.pending.add({ kind: 'remember-framework', frameworkId }),
    operation:
      memory === undefined
        ? { kind: 'forget-framework', frameworkId }
        : { kind: 'record-framework', frameworkId, memory },
  });
}

/** What changed while it was written is written next. */
export function frameworkRemembered(
  context: MasterContext,
  { frameworkId }: Extract<Pending, { kind: 'remember-framework' }>,
): void {
  const { frameworks } = context.state;
  const framework = frameworks.registered.get(frameworkId) ?? frameworks.completed.get(frameworkId);
  if (framework === undefined) return;
  framework.memoryBeingWritten = false;
  rememberFramework(context, framework);
}

function memoryOf({ now }: MasterContext, framework: FrameworkRecord): FrameworkMemory | undefined {
  const { info, failoverAtMs, unregisteredWallMs } = framework;
  if (!((info.failover_timeout ?? 0) > 0)) return undefined;
  if (unregisteredWallMs !== undefined) return fits(info) ? { info, removedWallMs: unregisteredWallMs } : undefined;
  const failoverWallMs =
    failoverAtMs === undefined ? undefined : Math.min(now.wallMs + failoverAtMs - now.monotonicMs, LAST_WALL_MS);
  return fits(info) ? { info, failoverWallMs } : undefined;
}

/** Stores take only so much at once; a framework that says more of itself is one that Mesos would not know either. */
function fits(info: FrameworkInfo): boolean {
  return FrameworkInfo.encode(info).length <= MAX_REMEMBERED_FRAMEWORK_BYTES;
}

function isSame(a: FrameworkMemory | undefined, b: FrameworkMemory | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.removedWallMs !== b.removedWallMs) return false;
  if ((a.failoverWallMs === undefined) !== (b.failoverWallMs === undefined)) return false;
  if (Math.abs((a.failoverWallMs ?? 0) - (b.failoverWallMs ?? 0)) >= SAME_DEADLINE_MS) return false;
  return a.info === b.info || FrameworkInfo.encode(a.info).equals(FrameworkInfo.encode(b.info));
}
