/** Starts operating-system processes. */
export interface Spawner {
  spawn(command: SpawnCommand): SpawnedProcess;
}

export interface SpawnCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
  /** Paths opened for appending as stdout and stderr. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface SpawnedProcess {
  readonly pid: number;
  /** Resolves when the process ended; rejects when it could not be started. */
  readonly exit: Promise<ExitStatus>;
}

/** How a process ended: either a code or a signal. */
export type ExitStatus = { readonly code: number } | { readonly signal: string };
