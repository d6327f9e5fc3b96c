/**
 * Operations on this agent's resources whose outcome the master has not acknowledged yet, by their uuid.
 *
 * Never: changes resources or sends anything.
 */
import type { Operation } from '@mesolite/wire';
import type { Deadline } from './deadlines.ts';

/** More are refused: each is written down anew with every change of resources. */
export const MAX_UNACKNOWLEDGED_OPERATIONS = 10_000;

export interface PendingOperation {
  /** The uuid in hex. */
  readonly key: string;
  readonly operation: Operation;
  retryMs: number;
  retryDeadline: Deadline | undefined;
}

export class Operations {
  readonly #byKey = new Map<string, PendingOperation>();

  get size(): number {
    return this.#byKey.size;
  }

  get(key: string): PendingOperation | undefined {
    return this.#byKey.get(key);
  }

  /** By the name its framework gave it. Rare enough to look through all. */
  named(frameworkId: string, operationId: string): PendingOperation | undefined {
    for (const pending of this.#byKey.values()) {
      const { framework_id, info } = pending.operation;
      if (framework_id?.value === frameworkId && info.id?.value === operationId) return pending;
    }
    return undefined;
  }

  add(key: string, operation: Operation): PendingOperation {
    const pending: PendingOperation = { key, operation, retryMs: 0, retryDeadline: undefined };
    this.#byKey.set(key, pending);
    return pending;
  }

  remove(key: string): void {
    this.#byKey.delete(key);
  }

  all(): IterableIterator<PendingOperation> {
    return this.#byKey.values();
  }

  /** As masters and operators are told. */
  messages(): Operation[] {
    return [...this.#byKey.values()].map(({ operation }) => operation);
  }
}
