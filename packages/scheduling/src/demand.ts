/** What one instance wants of an offer. */
import type { Constraint } from './constraint.ts';

/** Amounts are thousandths. */
export interface Demand {
  readonly cpuMillis: number;
  readonly memMillis: number;
  readonly diskMillis: number;
  readonly gpuMillis: number;
  /** Host ports: 0 for any, else exactly that one. */
  readonly ports: readonly number[];
  /** Roles whose reservations may be used, and `*` for what is not reserved. Reserved ones are used first. */
  readonly roles: readonly string[];
  readonly constraints: readonly Constraint[];
}

/** Why an offer was not taken, in the order in which they are told; the words are those of Marathon's queue. */
export const REASONS = [
  'UnfulfilledRole',
  'UnfulfilledConstraint',
  'NoCorrespondingReservationFound',
  'AgentMaintenance',
  'InsufficientCpus',
  'InsufficientMemory',
  'InsufficientDisk',
  'InsufficientGpus',
  'InsufficientPorts',
  'DeclinedScarceResources',
] as const;
export type Reason = (typeof REASONS)[number];
