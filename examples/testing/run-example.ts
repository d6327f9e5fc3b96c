/** Starts a built example as a reader would, and a cluster for it. For the examples' tests only. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ClusterOptions, LocalCluster } from '@mesolite/cli';

const LIMIT_MS = 30_000;

export async function startCluster(options: ClusterOptions = {}): Promise<LocalCluster> {
  const resources = 'cpus:4;mem:4096;disk:1024;ports:[31000-31999]';
  const started = await LocalCluster.start({ resources, ...options });
  if (!started.ok) throw new Error(started.error);
  return started.value;
}

export class Example {
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  #output = '';

  /** `path` under `examples/dist`, as `npm run build` puts it there. */
  constructor(path: string, args: readonly string[]) {
    const file = fileURLToPath(new URL(`../dist/${path}`, import.meta.url));
    if (!existsSync(file)) throw new Error(`${file} is missing: the examples are tested as built; run npm run build`);
    this.process = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.process.stdout, this.process.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    this.ended = new Promise((resolve) => this.process.on('close', resolve));
  }

  /** What it has printed so far. */
  get output(): string {
    return this.#output;
  }

  /** Waits for a condition; fails with what was printed when it takes too long. */
  async until(holds: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + LIMIT_MS;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`waited in vain; it printed:\n${this.#output}`);
      await new Promise((wake) => setTimeout(wake, 20));
    }
  }

  /** For the end of a test: whatever happened, it does not stay. */
  kill(): void {
    this.process.kill('SIGKILL');
  }
}
