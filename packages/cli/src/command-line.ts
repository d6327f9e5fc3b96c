/**
 * Which command is meant, its options and help texts. Commands are loaded when they run, so that `--help` and small ones
 * start at once.
 *
 * Never: does what a command does.
 */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { catCommand } from './commands/cat.ts';
import { executeCommand } from './commands/execute.ts';
import { localCommand } from './commands/local.ts';
import { psCommand } from './commands/ps.ts';
import { tailCommand } from './commands/tail.ts';
import { CommandError, FAILED, USAGE } from './exit-codes.ts';
import { paint, type Terminal } from './terminal.ts';

/** A command says what it will do by calling this; it is done after parsing. */
export type Run = (action: () => Promise<number>) => void;

const EXAMPLES = `
Examples:
  mesolite local --demo                                  a cluster on this machine, with a first task
  mesolite execute --name=hello --command='echo hello'   run one command on the cluster
  mesolite ps                                            what runs
  mesolite tail -f hello                                 follow its output
  mesolite master --ip=127.0.0.1 --work_dir=/var/lib/mesolite
  mesolite agent --master=127.0.0.1:5050 --work_dir=/var/lib/mesolite

Masters are given by --master=HOST:PORT or the variable MESOS_MASTER; 127.0.0.1:5050 otherwise.`;

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
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    if (error instanceof CommandError) {
      terminal.stderr.write(`${paint(terminal.stderr, 'red', 'error:')} ${error.message}\n`);
      return error.exitCode;
    }
    terminal.stderr.write(`mesolite failed: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
    return FAILED;
  }
}

function buildProgram(terminal: Terminal, runLater: Run): Command {
  const program = new Command('mesolite')
    .description('A cluster kernel, wire-compatible with Apache Mesos.')
    .version(`mesolite ${productVersion()}`, '-V, --version', 'show the version')
    .usage('<command> [options]')
    .helpCommand('help [command]', 'show the help of a command')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', EXAMPLES);
  // Known here only for the help; run() hands them on before anything is parsed.
  program.command('master').usage('[flags]').description('run a master; --help lists its flags').helpOption(false);
  program.command('agent').usage('[flags]').description('run an agent; --help lists its flags').helpOption(false);
  program.addCommand(localCommand(terminal, runLater));
  program.addCommand(executeCommand(terminal, runLater));
  program.addCommand(psCommand(terminal, runLater));
  program.addCommand(tailCommand(terminal, runLater));
  program.addCommand(catCommand(terminal, runLater));
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .showHelpAfterError(`(see mesolite ${command === program ? '' : `${command.name()} `}--help)`)
      .configureOutput({
        writeOut: (text) => terminal.stdout.write(text),
        writeErr: (text) => terminal.stderr.write(text),
        outputError: (text, write) => write(text.replace(/^error:/, paint(terminal.stderr, 'red', 'error:'))),
        getOutHelpWidth: () => 100,
        getErrHelpWidth: () => 100,
      });
  }
  return program;
}

function isDaemon(name: string | undefined): name is 'master' | 'agent' {
  return name === 'master' || name === 'agent';
}

function productVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}
