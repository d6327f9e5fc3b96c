/** @packageDocumentation The mesolite command: which subcommand runs is decided here, each is loaded only when asked for. */
import { runDaemon } from './commands/daemon.ts';

/** Runs the command line `argv` (without node and script) and resolves with the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  const [command, ...rest] = argv;
  // Their flags are the daemons' own: nothing of them is parsed here.
  if (command === 'master' || command === 'agent') return runDaemon(command, rest);
  process.stderr.write('Usage: mesolite master|agent [flags]\n');
  return 2;
}
