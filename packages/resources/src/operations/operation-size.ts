/**
 * How many resources an operation may name: each is looked at several times in the turn that decides on it. The original
 * sets no bound.
 */
import type { OfferOperation } from '@mesolite/wire';

/** In one list of an operation, and of one task or executor that is launched. */
export const MAX_OPERATION_RESOURCES = 1000;

/** Which field of `operation` names too many, or nothing. To be asked before anything else is made of it. */
export function operationSizeError(operation: OfferOperation): string | undefined {
  for (const [field, length] of listLengths(operation))
    if (length > MAX_OPERATION_RESOURCES) return `'${field}' has more than ${MAX_OPERATION_RESOURCES} resources`;
  return undefined;
}

/** How many resources `operation` names that become others. */
export function resourcesExchanged(operation: OfferOperation): number {
  const { reserve, unreserve, create, destroy, grow_volume, shrink_volume } = operation;
  return (
    (reserve?.resources?.length ?? 0) +
    (reserve?.source?.length ?? 0) +
    (unreserve?.resources?.length ?? 0) +
    (create?.volumes?.length ?? 0) +
    (destroy?.volumes?.length ?? 0) +
    (grow_volume === undefined ? 0 : 1) +
    (shrink_volume === undefined ? 0 : 1)
  );
}

function* listLengths(operation: OfferOperation): Generator<readonly [field: string, length: number]> {
  const { reserve, unreserve, create, destroy, launch, launch_group: group } = operation;
  yield ['reserve.resources', reserve?.resources?.length ?? 0];
  yield ['reserve.source', reserve?.source?.length ?? 0];
  yield ['unreserve.resources', unreserve?.resources?.length ?? 0];
  yield ['create.volumes', create?.volumes?.length ?? 0];
  yield ['destroy.volumes', destroy?.volumes?.length ?? 0];
  yield ['launch_group.executor.resources', group?.executor.resources?.length ?? 0];
  for (const { resources, executor } of [...(launch?.task_infos ?? []), ...(group?.task_group.tasks ?? [])]) {
    yield ['task.resources', resources?.length ?? 0];
    yield ['task.executor.resources', executor?.resources?.length ?? 0];
  }
}
