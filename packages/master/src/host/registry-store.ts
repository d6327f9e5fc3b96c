/**
 * The registry: which agents exist. Kept in memory, and, with a work directory, in one file that is replaced atomically, so
 * that a master started again on the same directory knows whom to wait for. Operations that arrive while a write is under
 * way are written together by the next one.
 *
 * Departs from Mesos: one file instead of a replicated log; masters that share a registry come with ZooKeeper.
 */
import { join } from 'node:path';
import {
  type AgentId,
  BoundedMap,
  err,
  millisecondsToNanoseconds,
  nanosecondsToMilliseconds,
  ok,
  type Result,
} from '@mesolite/base';
import type { Disk } from '@mesolite/ports';
import { type AgentInfo, type MasterInfo, Registry, WireError } from '@mesolite/wire';
import type { RecoveredRegistry, RegistryOperation } from '../core/index.ts';

/** Unreachable and gone agents that are remembered, each; as the flag registry_max_agent_count of the original. */
const MAX_REMEMBERED = 102_400;

type Written = (error: string | undefined) => void;

export class RegistryStore {
  readonly #disk: Disk | undefined;
  readonly #path: string;
  readonly #admitted = new Map<AgentId, AgentInfo>();
  readonly #unreachable = new BoundedMap<AgentId, number>(MAX_REMEMBERED);
  readonly #gone = new BoundedMap<AgentId, number>(MAX_REMEMBERED);
  #info: MasterInfo | undefined;
  #waiting: Written[] = [];
  #writing: Promise<void> | undefined;

  /** Without a disk nothing is written. */
  constructor(options: { readonly disk?: Disk | undefined; readonly directory?: string | undefined }) {
    this.#disk = options.directory === undefined ? undefined : options.disk;
    this.#path = join(options.directory ?? '', 'registry');
  }

  /** Reads what an earlier master left. The error tells which file cannot be trusted, and why. */
  async recover(): Promise<Result<RecoveredRegistry>> {
    const bytes = await this.#disk?.read(this.#path);
    if (bytes !== undefined) {
      try {
        this.#load(Registry.decode(bytes));
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        return err(`Failed to read the registry at ${this.#path}: ${error.message}`);
      }
    }
    const timed = (entries: Iterable<readonly [AgentId, number]>): { agentId: AgentId; wallMs: number }[] =>
      [...entries].map(([agentId, wallMs]) => ({ agentId, wallMs }));
    return ok({
      admitted: [...this.#admitted.values()],
      unreachable: timed(this.#unreachable.entries()),
      gone: timed(this.#gone.entries()),
    });
  }

  /** Records who leads. */
  lead(info: MasterInfo): Promise<string | undefined> {
    this.#info = info;
    return new Promise((resolve) => this.#write(resolve));
  }

  /** Calls back once the operation is durable, or will never be. */
  apply(operation: RegistryOperation, written: Written): void {
    this.#change(operation);
    this.#write(written);
  }

  /** Resolves when nothing is being written any more. */
  async close(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  #change(operation: RegistryOperation): void {
    switch (operation.kind) {
      case 'admit-agent':
      case 'update-agent':
      case 'mark-agent-reachable': {
        const id = operation.info.id!.value as AgentId;
        this.#unreachable.delete(id);
        this.#admitted.set(id, operation.info);
        return;
      }
      case 'mark-agent-unreachable':
        this.#admitted.delete(operation.agentId);
        this.#unreachable.set(operation.agentId, operation.wallMs);
        return;
      case 'remove-agent':
        this.#admitted.delete(operation.agentId);
        return;
    }
  }

  #write(written: Written): void {
    if (this.#disk === undefined) {
      queueMicrotask(() => written(undefined));
      return;
    }
    this.#waiting.push(written);
    this.#writing ??= this.#writeAll(this.#disk);
  }

  async #writeAll(disk: Disk): Promise<void> {
    while (this.#waiting.length > 0) {
      const served = this.#waiting;
      this.#waiting = [];
      let failure: string | undefined;
      try {
        await disk.writeAtomic(this.#path, Registry.encode(this.#toProto()));
      } catch (error) {
        failure = `Failed to write the registry at ${this.#path}: ${(error as Error).message}`;
      }
      for (const written of served) written(failure);
    }
    this.#writing = undefined;
  }

  #load(registry: Registry): void {
    for (const { info } of registry.agents?.agents ?? [])
      if (info.id !== undefined) this.#admitted.set(info.id.value as AgentId, info);
    for (const { id, timestamp } of registry.unreachable?.agents ?? [])
      this.#unreachable.set(id.value as AgentId, nanosecondsToMilliseconds(timestamp.nanoseconds));
    for (const { id, timestamp } of registry.gone?.agents ?? [])
      this.#gone.set(id.value as AgentId, nanosecondsToMilliseconds(timestamp.nanoseconds));
  }

  #toProto(): Registry {
    const timed = ([agentId, wallMs]: readonly [AgentId, number]) => ({
      id: { value: agentId },
      timestamp: { nanoseconds: millisecondsToNanoseconds(wallMs) },
    });
    return {
      ...(this.#info === undefined ? {} : { master: { info: this.#info } }),
      agents: { agents: [...this.#admitted.values()].map((info) => ({ info })) },
      unreachable: { agents: [...this.#unreachable.entries()].map(timed) },
      gone: { agents: [...this.#gone.entries()].map(timed) },
    };
  }
}
