/** `npm start` as a person uses it: from the command to the URLs, a task in between, Ctrl-C, and nothing left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { at } from '../layout.mjs';

const DEADLINE_MS = 50_000;

class Start {
  readonly npm: ChildProcess;
  readonly ended: Promise<number | null>;
  #output = '';

  constructor() {
    this.npm = spawn('npm', ['start', '--', '--port=0', '--agent_port=0'], {
      cwd: at(),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.npm.stdout, this.npm.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    }
    this.ended = new Promise((resolve) => this.npm.on('exit', (code) => resolve(code)));
    onTestFinished(() => {
      if (this.npm.exitCode === null && this.npm.signalCode === null) process.kill(-(this.npm.pid ?? 0), 'SIGTERM');
    });
  }

  get output(): string {
    return this.#output;
  }

  /** Addresses of master and agent. */
  get addresses(): string[] {
    return [...this.#output.matchAll(/^ {2}(?:master|agent) +http:\/\/([\d.:]+)\/state$/gm)].map(
      ([, address]) => `${address}`,
    );
  }

  async ready(): Promise<void> {
    await eventually(
      () => this.#output.includes('Ctrl-C ends the cluster'),
      () => this.#output,
    );
  }
}

async function eventually(condition: () => boolean, evidence: () => string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${evidence()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Processes whose command line contains `text`, by id. Zombies have none. */
function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    })
    .map(Number);
}

function descendants(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** A zombie is dead: it only waits for init to collect it, and has no command line. */
function isAlive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
  } catch {
    return false;
  }
}

it('runs a first task, serves both states, and ends with Ctrl-C, running tasks included', async () => {
  const start = new Start();
  await start.ready();
  for (const state of ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']) expect(start.output).toContain(state);
  expect(start.addresses).toHaveLength(2);
  const [master = '', agent = ''] = start.addresses;
  const states = await Promise.all(
    [master, agent].map(async (address) => (await fetch(`http://${address}/state`)).json() as Promise<{ id: string }>),
  );
  for (const { id } of states) expect(id).toMatch(/^[0-9a-f-]{36}/);

  // A task that would outlive us by far. Its argument is a number that nobody else uses.
  const seconds = `98${process.pid}`;
  const execute = spawn(
    process.execPath,
    [
      at('packages', 'cli', 'bin', 'mesolite.mjs'),
      ...['execute', `--master=${master}`, '--name=long', `--command=sleep ${seconds}`],
    ],
    { stdio: 'ignore' },
  );
  // It would look for its master for as long as it takes.
  onTestFinished(() => {
    execute.kill('SIGKILL');
  });
  const sleeping = () => processesWith(`sleep\0${seconds}`);
  await eventually(
    () => sleeping().length > 0,
    () => start.output,
  );
  const processes = [...descendants(start.npm.pid ?? 0), ...sleeping()];
  expect(processes.length).toBeGreaterThan(2);

  // A terminal sends Ctrl-C to everybody in the foreground.
  process.kill(-(start.npm.pid ?? 0), 'SIGINT');
  expect(await start.ended).toBe(0);
  await eventually(
    () => !processes.some(isAlive),
    () => `still there: ${processes.filter(isAlive)}`,
  );
});

it.each(['SIGINT', 'SIGTERM'] as const)('ends when only npm gets %s', async (signal) => {
  const start = new Start();
  await start.ready();
  const processes = descendants(start.npm.pid ?? 0);
  start.npm.kill(signal);
  expect(await start.ended).toBe(0);
  await eventually(
    () => !processes.some(isAlive),
    () => `still there: ${processes.filter(isAlive)}`,
  );
});

it('ends when npm is killed outright', async () => {
  const start = new Start();
  await start.ready();
  const processes = descendants(start.npm.pid ?? 0);
  start.npm.kill('SIGKILL');
  await eventually(
    () => !processes.some(isAlive),
    () => `still there: ${processes.filter(isAlive)}`,
  );
});
