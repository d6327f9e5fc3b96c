/**
 * `mesolite master` and `mesolite agent`: a daemon in the foreground. All arguments go to the daemon itself, whose flags are
 * those of the original; it ends on SIGINT and SIGTERM, and at once on the second of them.
 */
export type Program = 'master' | 'agent';

/** Resolves with the exit code once the daemon has ended. */
export async function runDaemon(program: Program, argv: readonly string[]): Promise<number> {
  const start =
    program === 'master'
      ? (await import('@mesolite/master')).startMaster
      : (await import('@mesolite/agent')).startAgent;
  const started = await start({ argv, env: process.env });
  if (!started.ok) {
    const { exitCode, text } = started.error;
    (exitCode === 0 ? process.stdout : process.stderr).write(text);
    return exitCode;
  }
  const daemon = started.value;
  let asked = false;
  const stop = (): void => {
    if (asked) process.exit(1);
    asked = true;
    void daemon.stop();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return (await daemon.stopped) ?? 0;
}
