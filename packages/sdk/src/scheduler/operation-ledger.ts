/**
 * The operations with an id that have not come to an end as far as the scheduler knows: what it asks about after a
 * reconnection.
 *
 * Never: more than `capacity` of them; beyond it new ones are not remembered, and implicit reconciliation covers them.
 */
import type {
  OfferOperation,
  OperationState,
  OperationStatus,
  SchedulerCallReconcileOperationsOperation,
} from '@mesolite/wire';

/** Nothing more happens to an operation in this state. */
export function isTerminalOperation(state: OperationState): boolean {
  switch (state) {
    case 'OPERATION_FINISHED':
    case 'OPERATION_FAILED':
    case 'OPERATION_ERROR':
    case 'OPERATION_DROPPED':
    case 'OPERATION_GONE_BY_OPERATOR':
      return true;
    default:
      return false;
  }
}

export class OperationLedger {
  readonly #capacity: number;
  /** Operation id to agent id, empty when that is not known. */
  readonly #operations = new Map<string, string>();
  #unanswered = new Set<string>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  accepted(operations: readonly OfferOperation[], agentId: string | undefined): void {
    for (const { id } of operations)
      if (id !== undefined && this.#operations.size < this.#capacity) this.#operations.set(id.value, agentId ?? '');
  }

  updated({ operation_id: id, state, agent_id: agentId }: OperationStatus): void {
    if (id === undefined) return;
    this.#unanswered.delete(id.value);
    if (isTerminalOperation(state)) this.#operations.delete(id.value);
    else if (this.#operations.has(id.value) || this.#operations.size < this.#capacity)
      this.#operations.set(id.value, agentId?.value ?? this.#operations.get(id.value) ?? '');
  }

  /** Marks every known operation as not answered for; {@link unanswered} then tells which still are. */
  ask(): void {
    this.#unanswered = new Set(this.#operations.keys());
  }

  unanswered(): SchedulerCallReconcileOperationsOperation[] {
    return [...this.#unanswered].flatMap((id) => {
      const agent = this.#operations.get(id);
      if (agent === undefined) return [];
      return [{ operation_id: { value: id }, ...(agent === '' ? {} : { agent_id: { value: agent } }) }];
    });
  }
}
