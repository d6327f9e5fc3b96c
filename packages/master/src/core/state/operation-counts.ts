/**
 * Operations by type and state, for gauges: how many are in a state that passes, and how many ever came to one that lasts.
 * LAUNCH and LAUNCH_GROUP are no such operations.
 */
import type { OfferOperationType, OperationState } from '@mesolite/wire';

/** Names of states in metrics. */
const STATES: { readonly [S in OperationState]?: string } = {
  'OPERATION_PENDING': 'pending',
  'OPERATION_RECOVERING': 'recovering',
  'OPERATION_UNREACHABLE': 'unreachable',
  'OPERATION_FINISHED': 'finished',
  'OPERATION_FAILED': 'failed',
  'OPERATION_ERROR': 'error',
  'OPERATION_DROPPED': 'dropped',
  'OPERATION_GONE_BY_OPERATOR': 'gone_by_operator',
};

/** An operation that is forgotten while it is in one of these is not counted there any more. */
const PASSING: ReadonlySet<OperationState> = new Set<OperationState>([
  'OPERATION_PENDING',
  'OPERATION_RECOVERING',
  'OPERATION_UNREACHABLE',
]);

const TYPES: readonly OfferOperationType[] = [
  'RESERVE',
  'UNRESERVE',
  'CREATE',
  'DESTROY',
  'GROW_VOLUME',
  'SHRINK_VOLUME',
  'CREATE_DISK',
  'DESTROY_DISK',
];

export class OperationCounts {
  /** By name below `master/operations/`. */
  readonly #counts = new Map<string, number>();

  constructor() {
    for (const prefix of ['', ...TYPES.map((type) => `${type.toLowerCase()}/`)])
      for (const name of ['total', ...Object.values(STATES)]) this.#counts.set(`${prefix}${name}`, 0);
  }

  get names(): readonly string[] {
    return [...this.#counts.keys()];
  }

  value(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** One more in this state. */
  came(type: OfferOperationType | undefined, state: OperationState): void {
    this.#count(type, state, 1);
  }

  moved(type: OfferOperationType | undefined, from: OperationState, to: OperationState): void {
    if (from === to) return;
    this.#count(type, from, -1);
    this.#count(type, to, 1);
  }

  /** Nothing more will be heard of it. */
  left(type: OfferOperationType | undefined, state: OperationState): void {
    if (PASSING.has(state)) this.#count(type, state, -1);
  }

  #count(type: OfferOperationType | undefined, state: OperationState, by: number): void {
    const name = STATES[state];
    if (name === undefined) return;
    const prefix = `${(type ?? 'UNKNOWN').toLowerCase()}/`;
    for (const key of ['total', name, `${prefix}total`, `${prefix}${name}`]) {
      const count = this.#counts.get(key);
      if (count !== undefined) this.#counts.set(key, count + by);
    }
  }
}
