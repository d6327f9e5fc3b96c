/** Wiring of the agent daemon: the only place that reads flags and environment. */
import { err, type Result } from '@mesolite/base';

export interface RunningDaemon {
  readonly ip: string;
  readonly port: number;
  /** Libprocess pid. */
  readonly pid: string;
  stop(): Promise<void>;
  /** Resolves when the daemon ended, by whatever cause. */
  readonly stopped: Promise<void>;
}

export interface StartOptions {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stderr?: (text: string) => void;
}

/** Starts an agent. Refuses bad flags with the text to show and the exit code to use. */
export async function startAgent(
  _options: StartOptions,
): Promise<Result<RunningDaemon, { exitCode: number; text: string }>> {
  return err({ exitCode: 1, text: 'the agent cannot be started yet' });
}
