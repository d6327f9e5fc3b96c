/** `mesolite master` and `mesolite agent`: the daemon in this process, from its flags until it is told to end; told twice, it ends at once. */
import { FAILED } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { keepPausesShort } from './short-pauses.ts';

interface Daemon {
  stop(): Promise<void>;
  readonly stopped: Promise<number>;
  /** Agents only. */
  unregister?(): void;
}

/** Answers the exit code: the daemon's own, 0 when it was asked to end or to show help. */
export async function runDaemon(
  program: 'master' | 'agent',
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  keepPausesShort();
  // The daemon writes its log itself, synchronously: the last lines before a crash are there.
  const options = { argv, env: terminal.env };
  const started =
    program === 'master'
      ? await (await import('@mesolite/master')).startMaster(options)
      : await (await import('@mesolite/agent')).startAgent(options);
  if (!started.ok) {
    const { exitCode, text } = started.error;
    (exitCode === 0 ? terminal.stdout : terminal.stderr).write(text.endsWith('\n') ? text : `${text}\n`);
    return exitCode;
  }
  const daemon: Daemon = started.value;
  let insist: (exitCode: number) => void = () => {};
  const insisted = new Promise<number>((resolve) => {
    insist = resolve;
  });
  let asked = 0;
  const ignore = terminal.onInterrupt(() => {
    if (++asked > 1) insist(FAILED);
    else void daemon.stop();
  });
  // An operator takes the machine out of the cluster: tasks end, the master forgets the agent.
  if (daemon.unregister !== undefined) process.on('SIGUSR1', () => daemon.unregister?.());
  const exitCode = await Promise.race([daemon.stopped, insisted]);
  ignore();
  return exitCode;
}
