/**
 * What a framework has done and been told, as counts that only rise, and its tasks by state. All names are there from the
 * start with 0, in the order of metrics; a count costs a number.
 */
import { isTerminal, OfferOperationType, SchedulerCallType, SchedulerEventType, TaskState } from '@mesolite/wire';

function named<T extends string>(values: Iterable<T>, name: (value: T) => string): ReadonlyMap<T, string> {
  return new Map([...values].filter((value) => value !== 'UNKNOWN').map((value) => [value, name(value)]));
}

const lower = (prefix: string) => (value: string) => `${prefix}/${value.toLowerCase()}`;

const CALLS = named(SchedulerCallType.names.values(), lower('calls'));
const EVENTS = named(SchedulerEventType.names.values(), lower('events'));
const OPERATIONS = named(OfferOperationType.names.values(), lower('operations'));
const TASKS = named(TaskState.names.values(), (state) =>
  lower(isTerminal(state) ? 'tasks/terminal' : 'tasks/active')(state),
);

export type OfferFate = 'accepted' | 'declined' | 'rescinded' | 'sent';
const OFFERS = named<OfferFate>(['accepted', 'declined', 'rescinded', 'sent'], lower('offers'));

const NAMES: readonly string[] = [
  'calls',
  'events',
  'operations',
  ...[CALLS, EVENTS, OPERATIONS, TASKS, OFFERS].flatMap((names) => [...names.values()]),
].sort();
const INDEX: ReadonlyMap<string, number> = new Map(NAMES.map((name, index) => [name, index]));

export class FrameworkCounts {
  readonly #counts = new Float64Array(NAMES.length);

  call(type: SchedulerCallType | undefined): void {
    this.#add(CALLS.get(type ?? 'UNKNOWN'), 1, 'calls');
  }

  event(type: SchedulerEventType | undefined): void {
    this.#add(EVENTS.get(type ?? 'UNKNOWN'), 1, 'events');
  }

  /** For LAUNCH one a task. */
  operation(type: OfferOperationType | undefined): void {
    this.#add(OPERATIONS.get(type ?? 'UNKNOWN'), 1, 'operations');
  }

  offers(fate: OfferFate, count: number): void {
    this.#add(OFFERS.get(fate), count);
  }

  /** One task more, or less, is in a state. Who came to an end is counted for good. */
  task(state: TaskState, by: 1 | -1): void {
    if (by > 0 || !isTerminal(state)) this.#add(TASKS.get(state), by);
  }

  value(name: string): number {
    const index = INDEX.get(name);
    return index === undefined ? Number.NaN : this.#counts[index]!;
  }

  /** By name, in order. */
  *entries(): Iterable<readonly [string, number]> {
    for (let i = 0; i < NAMES.length; i++) yield [NAMES[i]!, this.#counts[i]!];
  }

  #add(name: string | undefined, count: number, sum?: string): void {
    if (name === undefined) return;
    this.#counts[INDEX.get(name)!]! += count;
    if (sum !== undefined) this.#counts[INDEX.get(sum)!]! += count;
  }
}
