/** The built `mesolite` command as a process of its own, as a shell would start it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../bin/mesolite.mjs', import.meta.url));
const BUILT = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const LIMIT_MS = 30_000;

export class CommandProcess {
  readonly process: ChildProcess;
  /** With the exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
  out = '';
  err = '';

  constructor(args: readonly string[]) {
    if (!existsSync(BUILT)) throw new Error('the command is tested as built; run npm run build');
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(MESOS|LIBPROCESS)_/.test(name)));
    this.process = spawn(process.execPath, [COMMAND, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.out += text;
    });
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.err += text;
    });
    this.ended = new Promise((resolve) => this.process.on('close', (code, signal) => resolve(code ?? signal ?? -1)));
  }

  async until(holds: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + LIMIT_MS;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`waited in vain; it printed:\n${this.out}\n${this.err}`);
      await new Promise((wake) => setTimeout(wake, 20));
    }
  }

  /** Asks it to end and waits until it has. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    this.process.kill(signal);
    const insist = setTimeout(() => this.process.kill('SIGKILL'), LIMIT_MS);
    const end = await this.ended;
    clearTimeout(insist);
    return end;
  }
}

/** A loopback port that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
