/** `mesolite ps`: its options and help. */
import { Command } from 'commander';
import type { Run } from '../program.ts';
import type { Terminal } from '../terminal.ts';
import { type MasterOptions, withMaster } from './options.ts';

export interface PsOptions extends MasterOptions {
  readonly all?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  mesolite ps                       tasks that run or are about to
  mesolite ps --all                 those that ended as well
  mesolite ps --json | jq .[].id    one array, for programs`;

export function psCommand(terminal: Terminal, runLater: Run): Command {
  return withMaster(new Command('ps').description('list tasks'))
    .option('-a, --all', 'also tasks that have ended')
    .option('--json', 'print a JSON array')
    .addHelpText('after', EXAMPLES)
    .action((options: PsOptions) => {
      runLater(async () => (await import('../listing/list-tasks.ts')).listTasks(options, terminal));
    });
}
