/** @packageDocumentation Who is offered what. Pure: no clock, no sockets; randomness is handed in. */
export type {
  AgentOptions,
  Allocation,
  Allocator,
  AllocatorOptions,
  FrameworkOptions,
  MinAllocatable,
} from './allocator.ts';
export { createAllocator } from './hierarchical-allocator.ts';
