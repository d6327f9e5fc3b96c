/**
 * Logging in the original's line format (glog): `I1121 07:05:37.123456 12345 master] text`. One line an event: line breaks
 * and control characters in a text, which may come from clients, are escaped. Lines go out synchronously, so that the last
 * ones before a crash are there.
 */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, symlinkSync, writeSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Log, LogLevel } from '@mesolite/ports';

export interface LogOptions {
  /** `master` or `agent`: stands in each line and in the names of the files. */
  readonly program: string;
  /** Lines below this level are dropped. */
  readonly level: LogLevel;
  /** Nothing to stderr. */
  readonly quiet?: boolean;
  /** Also write `mesos-<program>.<host>.<user>.log.<LEVEL>.<time>.<pid>` here, with a link `mesos-<program>.<LEVEL>`. */
  readonly logDir?: string;
  /** Where console lines go instead of stderr; for tests. */
  readonly write?: (line: string) => void;
  /** A log file is replaced by a fresh one at this size. Default 1 GiB. */
  readonly maxFileBytes?: number;
}

export interface DaemonLog extends Log {
  /** Path of the link to the current file of the configured level, when there is a log directory. */
  readonly file: string | undefined;
  close(): void;
}

const LEVELS: readonly LogLevel[] = ['INFO', 'WARNING', 'ERROR'];
const DEFAULT_MAX_FILE_BYTES = 1024 * 1024 * 1024;

/** Throws when the log directory cannot be written. */
export function createLog(options: LogOptions): DaemonLog {
  const lowest = LEVELS.indexOf(options.level);
  const print = options.quiet ? () => {} : (options.write ?? ((line: string) => writeAll(2, line)));
  const files =
    options.logDir === undefined
      ? []
      : LEVELS.slice(lowest).map(
          (level) =>
            new LogFile(options.logDir!, options.program, level, options.maxFileBytes ?? DEFAULT_MAX_FILE_BYTES),
        );
  const clock = new WallClock();
  const emit = (level: number, text: string): void => {
    if (level < lowest) return;
    const nowMs = clock.nowMs();
    const micros = Math.floor((nowMs % 1) * 1000);
    const line = formatLine(LEVELS[level]!, options.program, text, new Date(Math.floor(nowMs)), micros);
    print(line);
    // As with glog, a file holds the lines of its level and above.
    for (let i = lowest; i <= level; i++) files[i - lowest]?.append(line);
  };
  return {
    info: (text) => emit(0, text),
    warning: (text) => emit(1, text),
    error: (text) => emit(2, text),
    file: files[0]?.link,
    close: () => {
      for (const file of files) file.close();
    },
  };
}

/** The time of day with fractions of milliseconds, which `Date` lacks, so that later lines never show an earlier time. */
class WallClock {
  #offsetMs = Date.now() - performance.now();

  nowMs(): number {
    const wallMs = Date.now();
    const fineMs = this.#offsetMs + performance.now();
    const nowMs = Math.min(Math.max(fineMs, wallMs), wallMs + 0.9995);
    this.#offsetMs += nowMs - fineMs;
    return nowMs;
  }
}

/** One log line with its line break. */
export function formatLine(level: LogLevel, program: string, text: string, at: Date, micros: number): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds() * 1000 + micros).padStart(6, '0')}`;
  return `${level[0]}${two(at.getMonth() + 1)}${two(at.getDate())} ${time} ${process.pid} ${program}] ${escapeControls(text)}\n`;
}

function escapeControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach the terminal.
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, (c) =>
    c === '\n' ? '\\n' : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/** Not every user that runs a daemon has an entry in the machine's user database. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

/** With its parents. Not `mkdirSync` with `recursive`: that one never returns below /proc. */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  mkdirSync(path);
}

class LogFile {
  readonly link: string;
  readonly #directory: string;
  readonly #stem: string;
  readonly #maxBytes: number;
  #descriptor: number;
  #bytes = 0;
  #sequence = 0;

  constructor(directory: string, program: string, level: LogLevel, maxBytes: number) {
    this.#directory = directory;
    this.#maxBytes = maxBytes;
    this.#stem = `mesos-${program}.${hostname()}.${userName()}.log.${level}`;
    this.link = join(directory, `mesos-${program}.${level}`);
    makeDirectory(directory);
    this.#descriptor = this.#open();
  }

  append(line: string): void {
    if (this.#bytes >= this.#maxBytes) {
      closeSync(this.#descriptor);
      this.#descriptor = this.#open();
    }
    this.#bytes += writeAll(this.#descriptor, line);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #open(): number {
    const stamp = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
    const suffix = this.#sequence++ === 0 ? '' : `.${this.#sequence}`;
    const path = join(this.#directory, `${this.#stem}.${stamp}.${process.pid}${suffix}`);
    const descriptor = openSync(path, 'a', 0o644);
    const temporary = `${this.link}.${process.pid}.tmp`;
    rmSync(temporary, { force: true });
    symlinkSync(basename(path), temporary);
    renameSync(temporary, this.link);
    this.#bytes = 0;
    return descriptor;
  }
}

/** Writes all of `line`; a full disk or a closed terminal loses the line, never the daemon. Answers the bytes written. */
function writeAll(descriptor: number, line: string): number {
  const bytes = Buffer.from(line);
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(descriptor, bytes, written);
  } catch {
    return written;
  }
  return written;
}
