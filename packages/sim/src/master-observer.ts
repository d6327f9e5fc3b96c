/** Who looks on at a simulated master, from outside. */
import type { MasterEffect, MasterInput } from '@mesolite/master/core';

/** Sees all that goes into and comes out of a core. */
export interface MasterObserver {
  /** It leads, and begins with what `holder` read from the registry. */
  masterStarted(holder: number): void;
  masterInput(input: MasterInput): void;
  masterEffect(effect: MasterEffect): void;
  /** All effects of a turn are out. */
  masterRested(): void;
}

/** Several observers as one, told in order. */
export function allOf(...observers: readonly Partial<MasterObserver>[]): MasterObserver {
  return {
    masterStarted: (holder) => observers.forEach((one) => void one.masterStarted?.(holder)),
    masterInput: (input) => observers.forEach((one) => void one.masterInput?.(input)),
    masterEffect: (effect) => observers.forEach((one) => void one.masterEffect?.(effect)),
    masterRested: () => observers.forEach((one) => void one.masterRested?.()),
  };
}
