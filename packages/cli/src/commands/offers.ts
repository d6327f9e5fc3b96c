/** `mesolite offers`: its options and help. */
import { Command } from 'commander';
import type { Run } from '../program.ts';
import type { Terminal } from '../terminal.ts';
import { listed, type MasterOptions, withMaster } from './options.ts';

export interface OffersOptions extends MasterOptions {
  readonly limit: number;
  readonly json?: boolean;
}

const EXAMPLES = `
Resources in an offer are out of reach for all others until it is accepted, declined, or too old (--offer_timeout of the
master). Frameworks that hold most of the cluster come first, then offers, oldest first.

Examples:
  mesolite offers                       who holds how much, and for how long
  mesolite offers marathon              only this framework, by id or by name
  mesolite offers --json | jq '.frameworks[0]'`;

export function offersCommand(terminal: Terminal, runLater: Run): Command {
  return withMaster(new Command('offers').description('list who holds offers, and since when'))
    .argument('[framework]', 'only those of this framework, by id or name')
    .option('--limit <count>', 'most offers listed', listed, 20)
    .option('--json', 'print the JSON of the master')
    .addHelpText('after', EXAMPLES)
    .action((framework: string | undefined, options: OffersOptions) => {
      runLater(async () => (await import('../explain/list-offers.ts')).listOffers(framework, options, terminal));
    });
}
