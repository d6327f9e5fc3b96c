/**
 * Starts processes without blocking the event loop: the system makes a spawn wait until the new process has executed its
 * program, milliseconds on a busy machine, and an agent that launches a hundred commands a second has none to give. So a
 * thread of its own does the waiting.
 *
 * Never: kills anybody. Processes outlive the thread and the agent.
 */
import { Worker } from 'node:worker_threads';
import type { CommandLine } from './command-line.ts';
import type { SandboxFiles } from './sandbox.ts';

interface StartRequest extends CommandLine {
  readonly id: number;
  readonly cwd: string;
  /** Descriptors; they belong to the process, whatever its threads. */
  readonly stdout: number;
  readonly stderr: number;
}

type Report =
  | { readonly kind: 'started'; readonly id: number; readonly pid: number }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  | { readonly kind: 'ended'; readonly id: number; readonly code: number | null; readonly signal: string | null };

/**
 * What the thread runs, as text: it needs no file, wherever this module ends up. Some refusals of the system come as an
 * exception, some as an event.
 */
const THREAD = `
const { spawn } = require('node:child_process');
const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ id, file, args, env, cwd, stdout, stderr }) => {
  const failed = ({ message }) => parentPort.postMessage({ kind: 'failed', id, message });
  try {
    const child = spawn(file, args, { cwd, detached: true, env, stdio: ['ignore', stdout, stderr] });
    if (child.pid === undefined) return child.once('error', failed);
    parentPort.postMessage({ kind: 'started', id, pid: child.pid });
    child.once('exit', (code, signal) => parentPort.postMessage({ kind: 'ended', id, code, signal }));
  } catch (error) {
    failed(error);
  }
});`;

/** As the thread saw it; `lost` when the thread ended first, and with it whoever could tell. */
export type ProcessEnd = { readonly code: number | null; readonly signal: string | null } | 'lost';

export interface StartedProcess {
  readonly pid: number;
  /** Never resolves after {@link ProcessStarter.close}. */
  readonly ended: Promise<ProcessEnd>;
}

interface Pending {
  readonly started: (process: StartedProcess | Error) => void;
  readonly ended: Promise<ProcessEnd>;
}

/** Enough for the thread's few objects; it holds one per running process. */
const THREAD_HEAP_MB = 64;

export class ProcessStarter {
  #thread: Worker | undefined;
  #last = 0;
  readonly #pending = new Map<number, Pending>();
  readonly #running = new Map<number, (end: ProcessEnd) => void>();

  /** Resolves once the program has been executed, or with why it could not be. The descriptors may be closed then. */
  start(
    line: CommandLine,
    place: { readonly cwd: string; readonly files: SandboxFiles },
  ): Promise<StartedProcess | Error> {
    const id = ++this.#last;
    const { stdout, stderr } = place.files;
    const request: StartRequest = { id, ...line, cwd: place.cwd, stdout, stderr };
    const ended = new Promise<ProcessEnd>((resolve) => this.#running.set(id, resolve));
    return new Promise((started) => {
      this.#pending.set(id, { started, ended });
      this.#thread ??= this.#begin();
      this.#thread.postMessage(request);
    });
  }

  /** Lets go of every process: nothing more is told of it. */
  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    this.#running.clear();
    await thread?.terminate();
  }

  #begin(): Worker {
    const thread = new Worker(THREAD, {
      eval: true,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MB },
    });
    thread.unref();
    thread.on('message', (report: Report) => this.#hear(report));
    thread.on('error', (error) => {
      if (this.#thread === thread) this.#lose(error);
    });
    return thread;
  }

  #hear(report: Report): void {
    if (report.kind === 'ended') {
      const ended = this.#running.get(report.id);
      this.#running.delete(report.id);
      ended?.({ code: report.code, signal: report.signal });
      return;
    }
    const pending = this.#pending.get(report.id);
    this.#pending.delete(report.id);
    if (pending === undefined) return;
    if (report.kind === 'started') {
      pending.started({ pid: report.pid, ended: pending.ended });
      return;
    }
    this.#running.delete(report.id);
    pending.started(new Error(report.message));
  }

  #lose(error: Error): void {
    this.#thread = undefined;
    for (const { started } of this.#pending.values()) started(error);
    this.#pending.clear();
    for (const ended of this.#running.values()) ended('lost');
    this.#running.clear();
  }
}
