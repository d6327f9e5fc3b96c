/**
 * Operations whose outcome is not known to everybody yet: found by uuid on their agent, and by the framework's own id.
 *
 * Never: sends, or changes what an agent has (transitions do).
 */
import { type AgentId, assert, type FrameworkId } from '@mesolite/base';
import type { OfferOperation, Operation, OperationStatus } from '@mesolite/wire';
import { OperationCounts } from './operation-counts.ts';

export interface OperationRecord {
  /** Of the uuid, in hexadecimal digits. */
  readonly key: string;
  readonly uuid: Uint8Array;
  readonly agentId: AgentId;
  /** Unset for an operator's. */
  readonly frameworkId: FrameworkId | undefined;
  /** As the agent was told. */
  readonly info: OfferOperation;
  /** A terminal one stays. */
  latest: OperationStatus;
  /** As they came, oldest first; bounded. */
  statuses: readonly OperationStatus[];
  /** The agent has come back since it was sent, and did not tell of it: what it told of its resources is without it. */
  isUntold?: boolean;
}

export function operationKey(uuid: Uint8Array): string {
  return Buffer.from(uuid.buffer, uuid.byteOffset, uuid.byteLength).toString('hex');
}

export class Operations {
  readonly counts = new OperationCounts();
  readonly #byAgent = new Map<AgentId, Map<string, OperationRecord>>();
  readonly #named = new Map<FrameworkId, Map<string, OperationRecord>>();
  size = 0;

  onAgent(agentId: AgentId): ReadonlyMap<string, OperationRecord> {
    return this.#byAgent.get(agentId) ?? NONE;
  }

  /** Those a framework gave an id, by that id. Of several with the same one the last counts. */
  namedBy(frameworkId: FrameworkId): ReadonlyMap<string, OperationRecord> {
    return this.#named.get(frameworkId) ?? NONE;
  }

  *values(): Iterable<OperationRecord> {
    for (const operations of this.#byAgent.values()) yield* operations.values();
  }

  add(operation: OperationRecord): void {
    const { agentId, frameworkId, key, info } = operation;
    assert(!this.onAgent(agentId).has(key), `operation ${key} added twice`);
    put(this.#byAgent, agentId, key, operation);
    if (frameworkId !== undefined && info.id !== undefined) put(this.#named, frameworkId, info.id.value, operation);
    this.size++;
    this.counts.came(info.type, operation.latest.state);
  }

  remove(operation: OperationRecord): void {
    const { agentId, frameworkId, key, info } = operation;
    assert(this.onAgent(agentId).get(key) === operation, `operation ${key} is not known`);
    take(this.#byAgent, agentId, key);
    this.size--;
    this.counts.left(info.type, operation.latest.state);
    if (frameworkId === undefined || info.id === undefined) return;
    if (this.namedBy(frameworkId).get(info.id.value) === operation) take(this.#named, frameworkId, info.id.value);
  }

  /** The framework has ended: nobody asks for its operations by their ids any more. */
  forgetNames(frameworkId: FrameworkId): void {
    this.#named.delete(frameworkId);
  }

  check(): void {
    let count = 0;
    let pending = 0;
    for (const operation of this.values()) {
      count++;
      if (operation.latest.state === 'OPERATION_PENDING') pending++;
      assert(operation.key === operationKey(operation.uuid), `operation ${operation.key} is filed under another uuid`);
    }
    assert(count === this.size, 'counter of operations is wrong');
    assert(pending === this.counts.value('pending'), 'counter of pending operations is wrong');
    for (const [frameworkId, operations] of this.#named)
      for (const operation of operations.values())
        assert(
          this.onAgent(operation.agentId).get(operation.key) === operation && operation.frameworkId === frameworkId,
          `operation ${operation.key} is known to framework ${frameworkId} only`,
        );
  }
}

const NONE: ReadonlyMap<string, OperationRecord> = new Map();

function put<K>(tables: Map<K, Map<string, OperationRecord>>, of: K, key: string, operation: OperationRecord): void {
  const table = tables.get(of);
  if (table === undefined) tables.set(of, new Map([[key, operation]]));
  else table.set(key, operation);
}

function take<K>(tables: Map<K, Map<string, OperationRecord>>, of: K, key: string): void {
  const table = tables.get(of);
  table?.delete(key);
  if (table?.size === 0) tables.delete(of);
}

/** In wire form. Shares immutable parts with the record. */
export function operationToProto(operation: OperationRecord): Operation {
  const { uuid, agentId, frameworkId, info, latest, statuses } = operation;
  return {
    framework_id: frameworkId === undefined ? undefined : { value: frameworkId },
    agent_id: { value: agentId },
    info,
    latest_status: latest,
    statuses: [...statuses],
    uuid: { value: uuid },
  };
}
