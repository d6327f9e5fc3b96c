/**
 * The registry: which agents exist, weights and quota, maintenance of machines. Kept in memory, and, with a work
 * directory, in one file that is replaced atomically, so that a master started again on the same directory knows whom to
 * wait for. Operations that arrive while a write is under way are written together by the next one.
 *
 * Departs from Mesos: one file instead of a replicated log; masters that share a registry come with ZooKeeper.
 */
import { join } from 'node:path';
import {
  type AgentId,
  err,
  millisecondsToNanoseconds,
  nanosecondsToMilliseconds,
  ok,
  type Result,
} from '@mesolite/base';
import type { Disk } from '@mesolite/ports';
import { type MasterInfo, Registry, type RegistryGoneAgent, WireError } from '@mesolite/wire';
import { type RecoveredRegistry, RegistryContents, type RegistryOperation } from '../core/index.ts';

type Written = (error: string | undefined) => void;

export class RegistryStore {
  readonly #disk: Disk | undefined;
  readonly #path: string;
  readonly #contents = new RegistryContents();
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
    const failure = (error: Error): Result<never> =>
      err(`Failed to read the registry at ${this.#path}: ${error.message}`);
    let bytes: Uint8Array | undefined;
    try {
      bytes = await this.#disk?.read(this.#path);
    } catch (error) {
      return failure(error as Error);
    }
    if (bytes !== undefined) {
      try {
        this.#contents.load(recovered(Registry.decode(bytes)));
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        return failure(error);
      }
    }
    return ok(this.#contents.read());
  }

  /** Records who leads. */
  lead(info: MasterInfo): Promise<string | undefined> {
    this.#info = info;
    return new Promise((resolve) => this.#write(resolve));
  }

  /** Calls back once the operation is durable, or will never be. */
  apply(operation: RegistryOperation, written: Written): void {
    this.#contents.apply(operation);
    this.#write(written);
  }

  /** Resolves when nothing is being written any more. */
  async close(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
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

  #toProto(): Registry {
    const {
      admitted,
      unreachable,
      gone,
      weights = [],
      quotas = [],
      machines = [],
      schedules = [],
    } = this.#contents.read();
    return {
      ...(this.#info === undefined ? {} : { master: { info: this.#info } }),
      agents: { agents: admitted.map((info) => ({ info })) },
      unreachable: { agents: unreachable.map(lostAgent) },
      gone: { agents: gone.map(lostAgent) },
      machines: { machines: machines.map((info) => ({ info })) },
      schedules: [...schedules],
      weights: weights.map((info) => ({ info })),
      quota_configs: [...quotas],
      // Masters that do not know quota in this form must not take over.
      minimum_capabilities: quotas.length > 0 ? [{ capability: 'QUOTA_V2' }] : [],
    };
  }
}

type LostAgent = RecoveredRegistry['unreachable'][number];

function lostAgent({ agentId, wallMs }: LostAgent): RegistryGoneAgent {
  return { id: { value: agentId }, timestamp: { nanoseconds: millisecondsToNanoseconds(wallMs) } };
}

function recovered(registry: Registry): RecoveredRegistry {
  const { agents, unreachable, gone, weights, quota_configs: quotas, machines, schedules } = registry;
  const lost = ({ id, timestamp }: RegistryGoneAgent): LostAgent => ({
    agentId: id.value as AgentId,
    wallMs: nanosecondsToMilliseconds(timestamp.nanoseconds),
  });
  return {
    admitted: (agents?.agents ?? []).map(({ info }) => info),
    unreachable: (unreachable?.agents ?? []).map(lost),
    gone: (gone?.agents ?? []).map(lost),
    weights: (weights ?? []).map(({ info }) => info),
    quotas: quotas ?? [],
    machines: (machines?.machines ?? []).map(({ info }) => info),
    schedules: schedules ?? [],
  };
}
