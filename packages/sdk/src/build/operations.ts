/**
 * Operations for `SchedulerClient.accept`. With an `id`, unique among the framework's operations, the master tells what
 * became of an operation (`updateOperationStatus`); without one, only the next offer shows it. The agent has to be able
 * to: masters refuse operations with an id on agents without the capability AGENT_OPERATION_FEEDBACK.
 *
 * A master applies the operations of one ACCEPT in their order, each to what those before it left. One that cannot be is
 * dropped, and the others go on.
 */
import type { OfferOperation, Resource, TaskInfo } from '@mesolite/wire';

export interface OperationOptions {
  /** Ask for feedback under this name. */
  readonly id?: string;
}

/** Reserves: `resources` as they shall be, with the reservation on top (see `reserved`). */
export function reserve(resources: readonly Resource[], options: OperationOptions = {}): OfferOperation {
  return { type: 'RESERVE', ...idOf(options), reserve: { resources: [...resources] } };
}

/** Takes the topmost, dynamic reservation off; `resources` as they are. */
export function unreserve(resources: readonly Resource[], options: OperationOptions = {}): OfferOperation {
  return { type: 'UNRESERVE', ...idOf(options), unreserve: { resources: [...resources] } };
}

/** Makes persistent volumes of reserved disk (see `volume`). */
export function createVolumes(volumes: readonly Resource[], options: OperationOptions = {}): OfferOperation {
  return { type: 'CREATE', ...idOf(options), create: { volumes: [...volumes] } };
}

/** Deletes volumes with their data; what is left is reserved disk. Refused while a task uses one of them. */
export function destroyVolumes(volumes: readonly Resource[], options: OperationOptions = {}): OfferOperation {
  return { type: 'DESTROY', ...idOf(options), destroy: { volumes: [...volumes] } };
}

/** Adds reserved disk to a volume, which must not be shared. The new one can be used from the next offer on. */
export function growVolume(volume: Resource, addition: Resource, options: OperationOptions = {}): OfferOperation {
  return { type: 'GROW_VOLUME', ...idOf(options), grow_volume: { volume, addition } };
}

/** Takes `megabytes` (MiB) from a volume, which must not be shared. What is left can be used from the next offer on. */
export function shrinkVolume(volume: Resource, megabytes: number, options: OperationOptions = {}): OfferOperation {
  return { type: 'SHRINK_VOLUME', ...idOf(options), shrink_volume: { volume, subtract: { value: megabytes } } };
}

/** Launches; it cannot have an id, as its tasks tell by themselves. */
export function launchTasks(tasks: readonly TaskInfo[]): OfferOperation {
  return { type: 'LAUNCH', launch: { task_infos: [...tasks] } };
}

function idOf({ id }: OperationOptions): Pick<OfferOperation, 'id'> {
  return id === undefined ? {} : { id: { value: id } };
}
