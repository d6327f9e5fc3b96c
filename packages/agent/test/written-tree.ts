/** Puts what a core wrote onto a disk, as its host would, so that tests can read it back, whole or spoiled. */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type AgentId, type Result, seededRandom } from '@mesolite/base';
import { SystemDisk } from '@mesolite/daemon';
import { type Disk, type Log, silentLog } from '@mesolite/ports';
import type { AgentEffect, AgentOptions, RecoveredAgent } from '../src/core/index.ts';
import { type MetaTree, readMetaTree } from '../src/host/recovery/meta-tree.ts';
import { AGENT, CoreHarness, EPOCH_MS } from './core-harness.ts';

export const BOOT_ID = 'boot-1';

export class WrittenTree {
  readonly directory = mkdtempSync(join(tmpdir(), 'agent-tree-'));
  readonly warnings: string[] = [];
  readonly #harnesses: CoreHarness[] = [];

  /** A registered core whose files are here. */
  registered(options: Partial<AgentOptions> = {}): CoreHarness {
    const harness = this.#core(options);
    harness.register();
    return harness;
  }

  /** A path in the meta tree of the agent. */
  path(...names: string[]): string {
    return join(this.directory, 'meta/slaves', AGENT, ...names);
  }

  read(options: { strict?: boolean; bootId?: string; nowMs?: number; disk?: Disk } = {}): Promise<Result<MetaTree>> {
    for (const harness of this.#harnesses) harness.take();
    const log: Log = { ...silentLog, warning: (text: string) => void this.warnings.push(text) };
    return readMetaTree({
      workDirectory: this.directory,
      disk: options.disk ?? new SystemDisk(),
      log,
      strict: options.strict ?? true,
      bootId: options.bootId ?? BOOT_ID,
      nowMs: options.nowMs ?? Date.now(),
    });
  }

  /** What a core that goes on from here is started with. */
  async recovered(options: { bootId?: string } = {}): Promise<RecoveredAgent> {
    const tree = await this.read(options);
    if (!tree.ok || tree.value.former === undefined) throw new Error(tree.ok ? 'nobody was here' : tree.error);
    return tree.value.former;
  }

  /** A core that is to go on as the agent, not started. */
  fresh(options: Partial<AgentOptions> = {}): CoreHarness {
    const former = { agentId: AGENT as AgentId, operations: [], discard: [] };
    return this.#core({ former, random: seededRandom(8), ...options });
  }

  /** A core that goes on from here so much later, not yet told of its containers. */
  async next(options: Partial<AgentOptions> = {}, laterMs = 0): Promise<CoreHarness> {
    const recovered = await this.recovered(options.bootId === undefined ? {} : { bootId: options.bootId });
    const harness = this.fresh(options);
    harness.epochMs = EPOCH_MS + laterMs;
    harness.step({ kind: 'started', recovered });
    return harness;
  }

  /** All files with their contents. */
  snapshot(): Record<string, string> {
    const entries = readdirSync(this.directory, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(path, 'hex')]));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  #core(options: Partial<AgentOptions>): CoreHarness {
    const harness = new CoreHarness({ workDirectory: this.directory, bootId: BOOT_ID, ...options });
    harness.taken = (effects) => {
      for (const effect of effects) this.#write(effect);
    };
    this.#harnesses.push(harness);
    return harness;
  }

  #write(effect: AgentEffect): void {
    if (effect.kind === 'write-file') {
      mkdirSync(dirname(effect.path), { recursive: true });
      writeFileSync(effect.path, effect.data);
    } else if (effect.kind === 'append-file') {
      mkdirSync(dirname(effect.path), { recursive: true });
      appendFileSync(effect.path, effect.data);
    } else if (effect.kind === 'symlink') {
      mkdirSync(dirname(effect.path), { recursive: true });
      rmSync(effect.path, { force: true });
      symlinkSync(effect.target, effect.path);
    } else if (effect.kind === 'remove-file') rmSync(effect.path, { force: true });
  }
}
