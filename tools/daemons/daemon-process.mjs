/**
 * One daemon of ours as a real process, started through the product's command line: for conformance, benchmarks and
 * fuzzing. Owns the process and what it prints; never kills anything else. Knows no protocol beyond `GET /health`.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { at } from '../repository/layout.mjs';

/** Another build of the product can be put to the test by naming its command. */
const COMMAND = process.env['MESOLITE_COMMAND'] ?? at('packages', 'cli', 'bin', 'mesolite.mjs');
/** How long a daemon may take to answer `/health` for the first time. */
const START_LIMIT_MS = 20_000;
/** How long it may take to end by itself once asked to. */
const STOP_LIMIT_MS = 10_000;
const POLL_MS = 20;
/** What a daemon prints is kept up to this, its end preferred. */
const LOG_CHARACTERS = 200_000;

const running = new Set();

// Should we be interrupted, nothing we started stays behind.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const [signal, number] of [
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
]) {
  process.once(signal, () => process.exit(128 + number));
}

export function delay(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Polls until `probe` answers something other than undefined or false. Throws with `what` when time is up. */
export async function waitFor(what, probe, { limitMs = 10_000, pollMs = POLL_MS } = {}) {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`waited ${limitMs / 1000} s in vain for ${what}`);
    await delay(pollMs);
  }
}

/** A loopback port that nobody listens on at this moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Our environment without what would configure a daemon or an executor behind our back. */
function plainEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(MESOS|LIBPROCESS)_/.test(name) && name !== 'NODE_OPTIONS'),
  );
}

export class DaemonProcess {
  #child;
  #log = '';
  #ended;

  /**
   * @param {'master' | 'agent'} program
   * @param {{ port: number, args: readonly string[], nodeArgs?: readonly string[], address?: string,
   *   prefix?: readonly string[], sawOutput?: (chunk: string) => void }} options `prefix`: a command that executes the
   *   one behind it, elsewhere
   */
  constructor(program, { port, args, nodeArgs = [], address = '127.0.0.1', prefix = [], sawOutput = () => {} }) {
    this.program = program;
    this.port = port;
    this.url = `http://${address}:${port}`;
    const [file, ...rest] = [...prefix, process.execPath, ...nodeArgs, COMMAND, program, `--port=${port}`, ...args];
    this.#child = spawn(file, rest, {
      env: plainEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(this.#child);
    const keep = (chunk) => {
      this.#log = (this.#log + chunk).slice(-LOG_CHARACTERS);
      sawOutput(chunk);
    };
    this.#child.stdout.setEncoding('utf8').on('data', keep);
    this.#child.stderr.setEncoding('utf8').on('data', keep);
    this.#ended = new Promise((resolve) => {
      this.#child.on('error', (error) => {
        keep(String(error));
        resolve({ code: undefined, signal: undefined });
      });
      this.#child.on('exit', (code, signal) => {
        running.delete(this.#child);
        resolve({ code, signal });
      });
    });
  }

  get pid() {
    return this.#child.pid;
  }

  /** Resolves with its exit code or signal. */
  get ended() {
    return this.#ended;
  }

  get alive() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The end of what it printed. */
  get log() {
    return this.#log;
  }

  /** Resolves once it serves requests; throws with the end of its log when it does not come up. */
  async up() {
    const answers = async () => {
      if (!this.alive) throw new Error(`the ${this.program} ended at once:\n${this.#log.slice(-3000)}`);
      const response = await fetch(`${this.url}/health`).catch(() => undefined);
      return response?.ok;
    };
    await waitFor(`the ${this.program} to serve`, answers, { limitMs: START_LIMIT_MS });
    return this;
  }

  /** Asks it to end, insists after a while. Resolves with how it ended. */
  async stop() {
    if (this.alive) this.#child.kill('SIGTERM');
    const insist = setTimeout(() => this.#child.kill('SIGKILL'), STOP_LIMIT_MS);
    const end = await this.#ended;
    clearTimeout(insist);
    return end;
  }

  kill(signal) {
    this.#child.kill(signal);
  }

  /** Resident and proportional memory in KiB, and open descriptors. Linux only. */
  measure() {
    return { ...memoryOf(this.pid), handles: readdirSync(`/proc/${this.pid}/fd`).length };
  }
}

/** Memory of one process in KiB: `rssKib` resident, `pssKib` with shared pages divided among their users. */
export function memoryOf(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
  return { rssKib: field('Rss'), pssKib: field('Pss') };
}
