/** @packageDocumentation Who is offered what. Pure: no clock, no sockets; randomness is handed in. */
export { SLICE_UNITS } from './allocation-cycle.ts';
export type {
  AgentFacts,
  AgentOptions,
  Allocation,
  Allocator,
  AllocatorBooks,
  AllocatorOptions,
  FrameworkOptions,
  HoldingEnd,
  InverseAllocation,
  InverseOfferEnd,
  MinAllocatable,
  Recovery,
} from './allocator.ts';
export type { AgentObstacle, AgentVerdict, Held, QuotaFacts, RoleExplanation, RoleObstacle } from './explain.ts';
export { createAllocator } from './hierarchical-allocator.ts';
export { type ConstrainedAgent, OfferConstraints, type PatternLimits } from './offer-constraints.ts';
export type { Quota } from './quota-book.ts';
export type { Sorter } from './role-order.ts';
