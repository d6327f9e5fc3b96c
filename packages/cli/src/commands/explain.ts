/** `mesolite explain`: its options and help. */
import { MAX_SCALAR } from '@mesolite/base';
import { Command, InvalidArgumentError } from 'commander';
import { CommandError, USAGE } from '../exit-codes.ts';
import type { Run } from '../program.ts';
import type { Terminal } from '../terminal.ts';
import { listed, type MasterOptions, withMaster } from './options.ts';

/** A task's size; what is not said is not asked for. */
export interface SizeOptions {
  readonly cpus?: string;
  /** MiB, as `disk`. */
  readonly mem?: string;
  readonly disk?: string;
  readonly gpus?: string;
  /** How many, any of them. */
  readonly ports?: string;
  readonly attributes?: string;
}

export interface ExplainOptions extends MasterOptions, SizeOptions {
  readonly role?: string;
  readonly limit: number;
  readonly json?: boolean;
}

const EXAMPLES = `
The first line is the answer; then agents by reason, nearest to a launch first, and what can be done. Free is what the role
may have, without what is out in offers. A framework is given by its id, or by its name where only one has it; with a size,
too, the answer is about a task of that size. Without a framework it is about anybody in the role (default: *), and knows
nothing of refusals, suppressed roles and offer constraints.

Examples:
  mesolite explain marathon                        why it gets no offers
  mesolite explain marathon --cpus=4 --mem=8192    why a task of this size is not launched
  mesolite explain --cpus=100 --mem=64             whether a task of this size could run at all
  mesolite explain marathon --json | jq .verdict`;

export function explainCommand(terminal: Terminal, runLater: Run): Command {
  return withMaster(new Command('explain').description('say why a framework, or a task of a size, is not running'))
    .argument('[framework]', 'id or name of the framework that waits')
    .option('--cpus <number>', 'cores of the task', amount)
    .option('--mem <MiB>', 'memory of the task', amount)
    .option('--disk <MiB>', 'disk of the task', amount)
    .option('--gpus <number>', 'GPUs of the task', amount)
    .option('--ports <count>', 'host ports of the task, any', whole)
    .option('--attributes <text>', "what the agent must have, such as 'rack:r1;zone:a'")
    .option('--role <role>', 'only this role (default: all of the framework)')
    .option('--limit <count>', 'most agents listed', listed, 20)
    .option('--json', 'print the JSON of the master')
    .addHelpText('after', EXAMPLES)
    .action((framework: string | undefined, options: ExplainOptions) => {
      const sizes = [options.cpus, options.mem, options.disk, options.gpus, options.ports];
      if (framework === undefined && !sizes.some((size) => Number(size ?? 0) > 0))
        throw new CommandError('say for whom: a framework, or a size such as --cpus=1 --mem=64', USAGE);
      runLater(async () =>
        (await import('../explain/explain-waiting-task.ts')).explainWaitingTask(framework, options, terminal),
      );
    });
}

/** Kept as written: the master reads it. */
function amount(text: string): string {
  if (!/^\d{1,16}(\.\d{1,16})?$/.test(text) || Number(text) > MAX_SCALAR)
    throw new InvalidArgumentError(`Expecting a number from 0 to ${MAX_SCALAR}, with decimals if need be.`);
  return text;
}

function whole(text: string): string {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expecting a whole number.');
  return text;
}
