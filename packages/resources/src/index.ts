/** @packageDocumentation The algebra of resources: parse, print, validate, add, subtract, contain. Pure. */
export { allocatedTo } from './allocation.ts';
export { attributesToV0Json, formatAttributes, parseAttributes } from './attributes.ts';
export { applyCheckpointed, checkpointedPart, needsCheckpoint } from './checkpointed.ts';
export { defaultResources, diskRoot, fillResources, isSizeless, type MachineFacts } from './default-resources.ts';
export type { Kind } from './kind.ts';
export { applyOperation } from './operations/apply-operation.ts';
export type { AgentCapabilities, Asker, AskingFramework } from './operations/asker.ts';
export {
  consumedBy,
  conversionsOf,
  convert,
  isSpeculative,
} from './operations/conversions.ts';
export {
  allocateOperation,
  unallocateOperation,
  upgradeOperation,
} from './operations/operation-resources.ts';
export { MAX_OPERATION_RESOURCES, operationSizeError, resourcesExchanged } from './operations/operation-size.ts';
export { reserveError, unreserveError } from './operations/reservation-rules.ts';
export { createError, destroyError, growVolumeError, shrinkVolumeError } from './operations/volume-rules.ts';
export { parseAgentResources, parseResources } from './parse-resources.ts';
export {
  hasRefinedReservation,
  toEndpointFormat,
  toFormatOf,
  toPostRefinement,
  toPreRefinement,
  upgradeResource,
} from './reservation-format.ts';
export { ResourceLimits } from './resource-limits.ts';
export { ResourceQuantities } from './resource-quantities.ts';
export {
  allocatedToSingleRoleError,
  overlaps,
  persistentVolumesError,
  requestedResourcesError,
  revocableMixError,
  singleProviderError,
  uniquePersistenceIdError,
} from './resource-rules.ts';
export { type Exchange, Resources } from './resources.ts';
export { isStrictSubrole, roleError, topLevelRole } from './roles.ts';
export { formatResource } from './text-form.ts';
export { parseThresholds, reachesThreshold } from './thresholds.ts';
export { resourceError } from './validate.ts';
export { parseValue } from './value-text.ts';
export { withoutVolume } from './volumes.ts';
