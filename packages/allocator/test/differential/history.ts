/** Random histories of a cluster by seed, what goes wrong in them, and the shortest one that goes wrong, too. */
import { seededRandom } from '@mesolite/base';
import type { Allocator } from '../../src/index.ts';
import { EVENT_WEIGHTS, type EventName } from './events.ts';
import { type Event, Pair } from './pair.ts';

const EVENTS = 70;
const BEGINNING: readonly EventName[] = ['add agent', 'add framework', 'add agent', 'add framework', 'add agent'];
/** Every third history begins with more agents, so that cycles go on for longer. */
const LARGE: readonly EventName[] = [...BEGINNING, ...Array<EventName>(6).fill('add agent')];
const NAMES = Object.entries(EVENT_WEIGHTS).flatMap(([name, weight]) =>
  Array<EventName>(weight).fill(name as EventName),
);

export function historyOf(seed: number): Event[] {
  const random = seededRandom(seed + 7919);
  return Array.from({ length: EVENTS }, (_, i) => ({
    name: (seed % 3 === 0 ? LARGE : BEGINNING)[i] ?? NAMES[random.below(NAMES.length)]!,
    seed: random.below(2 ** 32),
  }));
}

export interface Outcome {
  readonly pair: Pair;
  readonly error?: unknown;
}

export type Spoil = (allocator: Allocator) => void;

export function live(seed: number, events: readonly Event[], spoil?: Spoil): Outcome {
  const pair = new Pair(seed, spoil);
  try {
    for (const event of events) pair.happen(event);
    return { pair };
  } catch (error) {
    return { pair, error };
  }
}

/** A history that fails without any event it could fail without. */
export function shortest(seed: number, events: readonly Event[], spoil?: Spoil): readonly Event[] {
  let kept = events;
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < kept.length; ) {
      const fewer = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (live(seed, fewer, spoil).error === undefined) at += size;
      else kept = fewer;
    }
  }
  return kept;
}

/** What happened in the shortest history that fails, event by event, and how it ended. */
export function report(seed: number, spoil?: Spoil): string {
  const { pair, error } = live(seed, shortest(seed, historyOf(seed), spoil), spoil);
  return [`seed ${seed}`, ...pair.log, String(error)].join('\n');
}
