/**
 * The resources inside an operation, all of them, wherever its kind keeps them: brought into our format, allocated or
 * taken from whom they were allocated to. Operations are never changed; a changed copy is answered.
 */
import { err, ok, type Result } from '@mesolite/base';
import type { ExecutorInfo, OfferOperation, Resource, TaskInfo } from '@mesolite/wire';
import { toPostRefinement } from '../reservation-format.ts';
import { resourceError, resourceListError } from '../validate.ts';

type Change = (list: readonly Resource[]) => Resource[];

/** The field of OfferOperation that each type needs. */
const FIELDS = {
  LAUNCH: 'launch',
  LAUNCH_GROUP: 'launch_group',
  RESERVE: 'reserve',
  UNRESERVE: 'unreserve',
  CREATE: 'create',
  DESTROY: 'destroy',
  GROW_VOLUME: 'grow_volume',
  SHRINK_VOLUME: 'shrink_volume',
  CREATE_DISK: 'create_disk',
  DESTROY_DISK: 'destroy_disk',
} as const;

/** The operation with valid resources in the post-refinement format, or why it has none, in the original's words. */
export function upgradeOperation(operation: OfferOperation): Result<OfferOperation> {
  const { type } = operation;
  const field = type === undefined || type === 'UNKNOWN' ? undefined : FIELDS[type];
  if (field === undefined) return err('Unknown offer operation');
  if (operation[field] === undefined) return err(missingFieldError(operation.type!, field));
  let error: string | undefined;
  const single = field === 'grow_volume' || field === 'shrink_volume' || field.endsWith('_disk');
  const upgraded = mapResources(operation, (list) => {
    error ??= single ? list.map(resourceError).find((found) => found !== undefined) : resourceListError(list);
    return error === undefined ? toPostRefinement(list) : [...list];
  });
  return error === undefined ? ok(upgraded) : err(error);
}

function missingFieldError(type: string, field: string): string {
  const article = type === 'UNRESERVE' ? 'An' : 'A';
  // The original's two spellings.
  const [kind, end] =
    type === 'GROW_VOLUME' ? ['operation', ''] : ['offer operation', type === 'SHRINK_VOLUME' ? '' : '.'];
  return `${article} ${type} ${kind} must have the Offer.Operation.${field} field set${end}`;
}

/** Allocated to `role` where it does not say to whom: frameworks may leave it out. The source of a RESERVE stays. */
export function allocateOperation(operation: OfferOperation, role: string): OfferOperation {
  const allocated = mapResources(operation, (list) =>
    list.map((one) => (one.allocation_info === undefined ? { ...one, allocation_info: { role } } : one)),
  );
  return withSourceOf(operation, allocated);
}

/** Allocated to nobody: what an agent applies to its total. */
export function unallocateOperation(operation: OfferOperation): OfferOperation {
  const unallocated = mapResources(operation, (list) => list.map(({ allocation_info: _, ...one }) => one));
  return withSourceOf(operation, unallocated);
}

function withSourceOf(given: OfferOperation, changed: OfferOperation): OfferOperation {
  if (given.reserve?.source === undefined || changed.reserve === undefined) return changed;
  return { ...changed, reserve: { ...changed.reserve, source: given.reserve.source } };
}

function mapResources(operation: OfferOperation, change: Change): OfferOperation {
  const one = (resource: Resource): Resource => change([resource])[0]!;
  const { launch, launch_group, reserve, unreserve, create, destroy } = operation;
  const { grow_volume, shrink_volume, create_disk, destroy_disk } = operation;
  switch (operation.type) {
    case 'LAUNCH': {
      if (launch?.task_infos === undefined) return operation;
      return {
        ...operation,
        launch: { ...launch, task_infos: launch.task_infos.map((task) => mapTask(task, change)) },
      };
    }
    case 'LAUNCH_GROUP': {
      if (launch_group === undefined) return operation;
      const { executor, task_group: group } = launch_group;
      const tasks = (group.tasks ?? []).map((task) => mapTask(task, change));
      const changed = { ...launch_group, executor: mapExecutor(executor, change), task_group: { ...group, tasks } };
      return { ...operation, launch_group: changed };
    }
    case 'RESERVE': {
      if (reserve === undefined) return operation;
      const changed = { ...reserve, resources: change(reserve.resources ?? []) };
      if (reserve.source !== undefined) changed.source = change(reserve.source);
      return { ...operation, reserve: changed };
    }
    case 'UNRESERVE':
      if (unreserve === undefined) return operation;
      return { ...operation, unreserve: { ...unreserve, resources: change(unreserve.resources ?? []) } };
    case 'CREATE':
      if (create === undefined) return operation;
      return { ...operation, create: { ...create, volumes: change(create.volumes ?? []) } };
    case 'DESTROY':
      if (destroy === undefined) return operation;
      return { ...operation, destroy: { ...destroy, volumes: change(destroy.volumes ?? []) } };
    case 'GROW_VOLUME': {
      if (grow_volume === undefined) return operation;
      const { volume, addition } = grow_volume;
      return { ...operation, grow_volume: { ...grow_volume, volume: one(volume), addition: one(addition) } };
    }
    case 'SHRINK_VOLUME':
      if (shrink_volume === undefined) return operation;
      return { ...operation, shrink_volume: { ...shrink_volume, volume: one(shrink_volume.volume) } };
    case 'CREATE_DISK':
      if (create_disk === undefined) return operation;
      return { ...operation, create_disk: { ...create_disk, source: one(create_disk.source) } };
    case 'DESTROY_DISK':
      if (destroy_disk === undefined) return operation;
      return { ...operation, destroy_disk: { ...destroy_disk, source: one(destroy_disk.source) } };
    default:
      return operation;
  }
}

function mapTask(task: TaskInfo, change: Change): TaskInfo {
  const changed = { ...task, resources: change(task.resources ?? []) };
  if (task.executor !== undefined) changed.executor = mapExecutor(task.executor, change);
  return changed;
}

function mapExecutor(executor: ExecutorInfo, change: Change): ExecutorInfo {
  return { ...executor, resources: change(executor.resources ?? []) };
}
