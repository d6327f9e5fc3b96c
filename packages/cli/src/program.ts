/** The client commands as one program: its help, and how wrong options are answered. Knows nothing of what commands do. */
import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { catCommand } from './commands/cat.ts';
import { executeCommand } from './commands/execute.ts';
import { explainCommand } from './commands/explain.ts';
import { fitCommand } from './commands/fit.ts';
import { localCommand } from './commands/local.ts';
import { offersCommand } from './commands/offers.ts';
import { boolean } from './commands/options.ts';
import { psCommand } from './commands/ps.ts';
import { tailCommand } from './commands/tail.ts';
import { paint, type Terminal } from './terminal.ts';

/** A command says what it will do by calling this; it is done after parsing. */
export type Run = (action: () => Promise<number>) => void;

const EXAMPLES = `
Examples:
  mesolite local --demo                                  a cluster on this machine, with a first task
  mesolite execute --name=hello --command='echo hello'   run one command on the cluster
  mesolite ps                                            what runs
  mesolite tail -f hello                                 follow its output
  mesolite fit --cpus=1 --mem=512                        how many more would fit
  mesolite explain marathon                              why it gets no offers
  mesolite master --ip=127.0.0.1 --work_dir=/var/lib/mesolite
  mesolite agent --master=127.0.0.1:5050 --work_dir=/var/lib/mesolite

Masters are given by --master=HOST:PORT or the variable MESOS_MASTER; 127.0.0.1:5050 otherwise.`;

export function buildProgram(terminal: Terminal, runLater: Run): Command {
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
  program.addCommand(fitCommand(terminal, runLater));
  program.addCommand(explainCommand(terminal, runLater));
  program.addCommand(offersCommand(terminal, runLater));
  program.addCommand(tailCommand(terminal, runLater));
  program.addCommand(catCommand(terminal, runLater));
  for (const command of [program, ...program.commands]) {
    if (command !== program) negateFlags(command);
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

/** `--no-NAME` for whatever is either so or not, as the daemons have it. */
function negateFlags(command: Command): void {
  for (const option of [...command.options]) {
    if (option.long === undefined || !(option.isBoolean() || option.parseArg === boolean)) continue;
    command.addOption(new Option(option.long.replace(/^--/, '--no-')).hideHelp());
  }
}

function productVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}
