/**
 * Runs one short program for a fetch, as the container's user, so that the file system judges what that user may read
 * and write. Its words on stderr become the reason of a failure. Ends it when the fetch is given up.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { err, ok, type Result } from '@mesolite/base';
import { DEFAULT_PATH } from '../posix/command-line.ts';
import { asIdentity, type Identity } from '../posix/identity.ts';

export interface ToolOptions {
  readonly cwd: string;
  readonly identity: Identity | undefined;
  readonly abort: AbortSignal;
  /** Sees stdout line by line; an answer other than undefined ends the program and is its failure. */
  readonly onLine?: (line: string) => string | undefined;
}

const LONGEST_REASON = 1000;
const LONGEST_LINE = 64 * 1024;

export interface RunningTool {
  readonly child: ChildProcess;
  readonly result: Promise<Result<undefined>>;
}

/** `words[0]` is looked up on the default PATH. `stdin`: a pipe is opened. */
export function startTool(words: readonly string[], options: ToolOptions & { readonly stdin?: boolean }): RunningTool {
  const [file, ...args] = [...asIdentity(options.identity), ...words];
  const child = spawn(file ?? '', args, {
    cwd: options.cwd,
    env: { PATH: DEFAULT_PATH, LC_ALL: 'C' },
    stdio: [options.stdin ? 'pipe' : 'ignore', options.onLine === undefined ? 'ignore' : 'pipe', 'pipe'],
    // A group of its own, so that giving up also ends the decompressors of tar.
    detached: true,
  });
  const end = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Already over.
    }
  };
  const result = new Promise<Result<undefined>>((resolve) => {
    let said = '';
    let refusal: string | undefined;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(0, LONGEST_REASON);
    });
    if (child.stdout !== null && options.onLine !== undefined) {
      eachLine(child.stdout, (line) => {
        refusal ??= options.onLine?.(line);
        if (refusal !== undefined) end();
      });
    }
    options.abort.addEventListener('abort', end, { once: true });
    const settle = (answer: Result<undefined>): void => {
      options.abort.removeEventListener('abort', end);
      resolve(options.abort.aborted ? err('given up') : refusal === undefined ? answer : err(refusal));
    };
    child.once('error', (error) => settle(err(`${words[0]}: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) return settle(ok(undefined));
      const ended = signal === null ? `exited with status ${code}` : `terminated with signal ${signal}`;
      settle(err(said.trim() === '' ? `${words[0]} ${ended}` : said.trim()));
    });
    if (options.abort.aborted) end();
  });
  return { child, result };
}

export function runTool(words: readonly string[], options: ToolOptions): Promise<Result<undefined>> {
  return startTool(words, options).result;
}

function eachLine(stream: Readable, take: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(0, LONGEST_LINE);
    for (const line of lines) take(line);
  });
  stream.on('end', () => {
    if (rest !== '') take(rest);
  });
}
