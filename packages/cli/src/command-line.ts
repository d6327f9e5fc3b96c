/**
 * Which program is meant: a daemon, or one of the client commands. What is not needed is not loaded, so that daemons carry
 * nothing of the clients.
 *
 * Never: does what a command does.
 */
import { CommandError, FAILED, USAGE } from './exit-codes.ts';
import { paint, type Terminal } from './terminal.ts';

/** Runs one command line (without the program's name) to its end; answers the exit code, never throws for bad input. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    // Daemons have flags of their own, hundreds of them, in the original's syntax.
    const [first, second] = argv;
    const daemon = isDaemon(first) ? first : first === 'help' && isDaemon(second) ? second : undefined;
    if (daemon !== undefined) {
      const { runDaemon } = await import('./daemons/run-daemon.ts');
      return await runDaemon(daemon, first === 'help' ? ['--help'] : argv.slice(1), terminal);
    }
    const { buildProgram } = await import('./program.ts');
    let action: (() => Promise<number>) | undefined;
    const program = buildProgram(terminal, (chosen) => {
      action = chosen;
    });
    if (argv.length === 0) {
      program.outputHelp();
      return 0;
    }
    await program.parseAsync([...argv], { from: 'user' });
    return action === undefined ? 0 : await action();
  } catch (error) {
    // Commander has said what is wrong by itself.
    if (isCommanderError(error)) return error.exitCode === 0 ? 0 : USAGE;
    if (error instanceof CommandError) {
      terminal.stderr.write(`${paint(terminal.stderr, 'red', 'error:')} ${error.message}\n`);
      return error.exitCode;
    }
    terminal.stderr.write(`mesolite failed: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
    return FAILED;
  }
}

function isDaemon(name: string | undefined): name is 'master' | 'agent' {
  return name === 'master' || name === 'agent';
}

function isCommanderError(error: unknown): error is { readonly exitCode: number } {
  return error instanceof Error && error.name === 'CommanderError';
}
