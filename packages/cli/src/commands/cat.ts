/** `mesolite cat`: its options and help. */
import { Command } from 'commander';
import type { Run } from '../program.ts';
import type { Terminal } from '../terminal.ts';
import { type MasterOptions, withMaster } from './options.ts';

export interface FileOptions extends MasterOptions {
  readonly framework?: string;
  /** The original's way to say what stands as argument here. */
  readonly task?: string;
  readonly file?: string;
}

const EXAMPLES = `
Examples:
  mesolite cat hello                     what the task hello wrote to stdout
  mesolite cat hello stderr
  mesolite cat --task=hello --file=stdout --framework=ID`;

export function withTaskFile(command: Command): Command {
  return withMaster(
    command
      .argument('[task]', 'id of the task; a part of it is enough when only one task has it')
      .argument('[file]', 'path inside the sandbox (default: stdout)'),
  )
    .option('--framework <id>', 'where several frameworks have a task of this id')
    .option('--task <id>', 'the same as the first argument')
    .option('--file <path>', 'the same as the second argument');
}

export function catCommand(terminal: Terminal, runLater: Run): Command {
  return withTaskFile(new Command('cat').description("print a file of a task's sandbox"))
    .addHelpText('after', EXAMPLES)
    .action((task: string | undefined, file: string | undefined, options: FileOptions) => {
      runLater(async () => (await import('../sandbox/print-file.ts')).printFile(chosen(task, file, options), terminal));
    });
}

/** Arguments win over the options of the same meaning. */
export function chosen<T extends FileOptions>(task: string | undefined, file: string | undefined, options: T): T {
  return { ...options, ...(task === undefined ? {} : { task }), ...(file === undefined ? {} : { file }) };
}
