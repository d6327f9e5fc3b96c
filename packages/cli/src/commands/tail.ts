/** `mesolite tail`: its options and help. */
import { Command } from 'commander';
import type { Run } from '../program.ts';
import type { Terminal } from '../terminal.ts';
import { chosen, type FileOptions, withTaskFile } from './cat.ts';
import { lines } from './options.ts';

export interface TailOptions extends FileOptions {
  readonly follow?: boolean;
  readonly lines: number;
}

const EXAMPLES = `
Examples:
  mesolite tail hello              the last lines of its stdout
  mesolite tail -f hello           and what comes, until the task ends
  mesolite tail -n 100 hello stderr`;

export function tailCommand(terminal: Terminal, runLater: Run): Command {
  return withTaskFile(new Command('tail').description("print the end of a file of a task's sandbox"))
    .option('-f, --follow', 'go on with what is written, until the task has ended')
    .option('-n, --lines <count>', 'how many lines', lines, 10)
    .addHelpText('after', EXAMPLES)
    .action((task: string | undefined, file: string | undefined, options: TailOptions) => {
      runLater(async () => (await import('../sandbox/print-file.ts')).tailFile(chosen(task, file, options), terminal));
    });
}
