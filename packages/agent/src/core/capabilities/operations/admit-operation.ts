/**
 * The rules an operation must meet on this agent. The master has checked its own; these keep what is on disk and what
 * runs here safe. Each answers the text that the status carries, or nothing.
 */
import { err, ok, type Result } from '@mesolite/base';
import {
  applyOperation,
  growVolumeError,
  isSpeculative,
  persistentVolumesError,
  type Resources,
  shrinkVolumeError,
  unallocateOperation,
  uniquePersistenceIdError,
  upgradeOperation,
} from '@mesolite/resources';
import type { OfferOperation, Resource } from '@mesolite/wire';
import type { AgentState } from '../../state/agent-state.ts';
import { volumesPlaceError } from '../../volumes.ts';

/** The total after `operation`, or why it cannot be. */
export function admitOperation(state: AgentState, given: OfferOperation): Result<Resources> {
  const upgraded = upgradeOperation(given);
  if (!upgraded.ok) return upgraded;
  const operation = unallocateOperation(upgraded.value);
  if (!isSpeculative(operation))
    return err(`Operation ${operation.type} needs a resource provider; this agent has none`);
  const wrong = kindError(state, operation);
  if (wrong !== undefined) return err(wrong);
  const applied = applyOperation(state.total, operation);
  if (!applied.ok) return applied;
  const error = volumesError(state, applied.value);
  return error === undefined ? ok(applied.value) : err(error);
}

/** What would make nonsense of volumes, whoever asks. Whether the asker may is the master's to know. */
function kindError(state: AgentState, { create, grow_volume, shrink_volume }: OfferOperation): string | undefined {
  const capabilities = new Set(state.options.capabilities);
  if (grow_volume !== undefined) return growVolumeError(grow_volume, capabilities);
  if (shrink_volume !== undefined) return shrinkVolumeError(shrink_volume, capabilities);
  return create === undefined ? undefined : persistentVolumesError(create.volumes ?? []);
}

/** Every volume has a place of its own, and none that goes is in use. */
export function volumesError(state: AgentState, total: Resources): string | undefined {
  const error = uniquePersistenceIdError(total) ?? volumesPlaceError(state.options.workDirectory, total);
  if (error !== undefined) return error;
  for (const volume of state.checkpointed.persistentVolumes().toProto()) {
    if (holds(total, volume) || !isUsed(state, volume)) continue;
    return `Persistent volume '${volume.disk?.persistence?.id}' is in use by a running executor`;
  }
  return undefined;
}

function isUsed(state: AgentState, volume: Resource): boolean {
  for (const { allocated, state: phase } of state.executorOfContainer.values()) {
    if (phase !== 'TERMINATED' && holds(allocated.unallocate(), volume)) return true;
  }
  return false;
}

/** Whatever its size. */
function holds(resources: Resources, { disk, reservations }: Resource): boolean {
  const [id, role] = [disk?.persistence?.id, reservations?.at(-1)?.role];
  return resources.someKind(
    ({ template, reservationRole }) => template.disk?.persistence?.id === id && reservationRole === role,
  );
}
