/**
 * The agent's disk. Whole files are replaced atomically, records appended, both with checksums beside. `--durability` says
 * what a write that is done survives: `mesos` a crash of the process, as the original's; `strict` one of the machine too,
 * at the price of waiting for the medium, once for all that wait together.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BoundedMap } from '@mesolite/base';
import { metaPath } from '@mesolite/containers';
import { SystemDisk } from '@mesolite/daemon';
import type { Log, Timers } from '@mesolite/ports';
import { ChecksumWriter } from './checksums.ts';
import { Journal } from './journal.ts';

export type Durability = 'mesos' | 'strict';

export interface AgentDiskOptions {
  readonly durability: Durability;
  readonly workDirectory: string;
  readonly timers: Timers;
  readonly log: Log;
}

/** Files whose length is remembered. */
const MAX_LENGTHS = 100_000;

/** Below it are the directories of agents. */
export function agentsRoot(workDirectory: string): string {
  return join(metaPath(workDirectory), 'slaves');
}

/** Also restores what a crash of the machine took from appended files. The work directory must exist. */
export async function openAgentDisk(options: AgentDiskOptions): Promise<AgentDisk> {
  const meta = metaPath(options.workDirectory);
  await new SystemDisk().makeDirectory(meta);
  const journal = await Journal.begin(meta, options.log);
  return new AgentDisk(options, options.durability === 'strict' ? journal : undefined);
}

export class AgentDisk extends SystemDisk {
  readonly #plain = new SystemDisk();
  readonly #checksums: ChecksumWriter;
  readonly #journal: Journal | undefined;
  readonly #lengths = new BoundedMap<string, number>(MAX_LENGTHS);
  readonly #tails = new Map<string, Promise<void>>();

  constructor({ durability, workDirectory, timers }: AgentDiskOptions, journal: Journal | undefined) {
    super({ strict: durability === 'strict' });
    this.#journal = journal;
    this.#checksums = new ChecksumWriter({ agentsRoot: agentsRoot(workDirectory), disk: this.#plain, timers });
  }

  override async writeAtomic(path: string, data: Uint8Array): Promise<void> {
    this.#lengths.delete(path);
    await this.#checksums.whole(path, data);
    await super.writeAtomic(path, data);
  }

  override append(path: string, data: Uint8Array): Promise<void> {
    const before = this.#tails.get(path);
    const run = before === undefined ? this.#append(path, data) : before.then(() => this.#append(path, data));
    this.#tails.set(path, run);
    const forget = (): void => {
      if (this.#tails.get(path) === run) this.#tails.delete(path);
    };
    run.then(forget, forget);
    return run;
  }

  /** When nothing is being written any more. */
  async close(): Promise<void> {
    await this.#checksums.close();
    await this.#journal?.close();
  }

  async #append(path: string, data: Uint8Array): Promise<void> {
    const offset = this.#lengths.get(path) ?? (await lengthOf(path));
    await this.#plain.append(path, data);
    this.#lengths.set(path, offset + data.length);
    this.#checksums.appended(path, offset, data);
    await this.#journal?.add(path, offset, data);
  }
}

async function lengthOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
