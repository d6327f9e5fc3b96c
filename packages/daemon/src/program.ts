/** What starting a daemon has in common, whichever it is: its handle, its log, what it says about its build. */
import { err, ok, type Result } from '@mesolite/base';
import type { LogLevel } from '@mesolite/ports';
import type { LegacyJson } from '@mesolite/wire';
import type { FlagProgram } from './flags/flag-spec.ts';
import type { Flags } from './flags/flags.ts';
import { createLog, type DaemonLog } from './log.ts';
import { buildInfo } from './process-endpoints.ts';

export interface RunningDaemon {
  readonly ip: string;
  readonly port: number;
  /** Libprocess pid. */
  readonly pid: string;
  stop(): Promise<void>;
  /** Resolves with the exit code when the daemon ended, by whatever cause. */
  readonly stopped: Promise<number>;
}

export interface StartOptions {
  /** Without the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where log lines go; default: standard error. */
  readonly stderr?: (text: string) => void;
}

/** The log the flags ask for. The error says why the log directory cannot be written. */
export function daemonLog(program: FlagProgram, flags: Flags, stderr?: (text: string) => void): Result<DaemonLog> {
  const logDirectory = flags.text('log_dir');
  try {
    return ok(
      createLog({
        program,
        level: flags.required('logging_level') as LogLevel,
        quiet: flags.bool('quiet'),
        ...(logDirectory === undefined ? {} : { logDir: logDirectory }),
        ...(stderr === undefined ? {} : { write: stderr }),
      }),
    );
  } catch (error) {
    return err(`--log_dir: ${(error as Error).message}`);
  }
}

/** The head of the `/state` bodies. */
export function buildJson(): LegacyJson {
  const { version, buildDate, buildTime, buildUser } = buildInfo();
  return { 'version': version, 'build_date': buildDate, 'build_time': buildTime, 'build_user': buildUser };
}
