/** `mesolite fit`: its options and help. */
import { MAX_SCALAR } from '@mesolite/base';
import { Command, InvalidArgumentError } from 'commander';
import { CommandError, USAGE } from '../exit-codes.ts';
import type { Run } from '../program.ts';
import type { Terminal } from '../terminal.ts';
import { type MasterOptions, withMaster } from './options.ts';

/** More are not counted, so that a small task in a large cluster gets an answer within seconds. */
export const MAX_INSTANCES = 100_000;
const MAX_PORTS = 1_000;

export interface FitOptions extends MasterOptions {
  readonly cpus: number;
  /** MiB, as `disk`. */
  readonly mem: number;
  readonly disk: number;
  readonly gpus: number;
  /** How many, any of them. */
  readonly ports: number;
  readonly instances: number | undefined;
  /** As written, `FIELD:OPERATOR[:VALUE]`. */
  readonly constraint?: readonly string[];
  readonly role: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Counted is what no task holds now, on agents that get offers. What is out in offers and not used counts as free, and is told
apart. Reserved resources count for their role and the roles below it only; revocable ones, volumes and disks with a source
never. Quota is kept: the limit of the role, and what must stay free for the guarantees of others. An agent with GPUs is for
tasks that ask for some, one in another region for those with a constraint on @region or @zone, as the master's flags
say. Left out, with the reason: agents that are disconnected, deactivated, draining, in maintenance, not back yet after a
failover of the master, or with less free than --min_allocatable_resources.

It is a forecast, which reserves nothing: others are offered the same agents. Not known to it: refusals of a framework
(filters) and the master's whitelist; see mesolite explain. Instances go to the agents in turn, by host name; constraints
look at these instances, not at those that run already.

A constraint is FIELD:OPERATOR or FIELD:OPERATOR:VALUE. Fields are hostname, @region, @zone or an attribute; operators are
  UNIQUE         no two instances with the same value
  CLUSTER[:V]    all with the same value, V if given
  GROUP_BY[:N]   spread evenly over the values, of which there are at least N
  MAX_PER:N      no more than N of the same value
  LIKE:R         the value matches the regular expression R, all of it (RE2 syntax)
  UNLIKE:R       it does not, or there is none
  IS:V           the value is V

Exit codes: 0 all instances fit (without --instances: at least one does); 3 they do not; 1 the master could not be asked; 2 the
command line is wrong.

Examples:
  mesolite fit --cpus=0.5 --mem=256                      how many more fit at all
  mesolite fit --cpus=4 --mem=8192 --instances=3         whether three do, and on which hosts
  mesolite fit --cpus=1 --mem=512 --instances=6 --constraint=rack:GROUP_BY:3 --constraint='hostname:UNLIKE:old-.*'
  mesolite fit --cpus=1 --mem=512 --ports=2 --role=web --json | jq .fits`;

export function fitCommand(terminal: Terminal, runLater: Run): Command {
  return withMaster(new Command('fit').description('count how many instances of a task would fit now'))
    .requiredOption('--cpus <number>', 'cores of an instance', amount)
    .requiredOption('--mem <MiB>', 'memory of an instance', amount)
    .option('--disk <MiB>', 'disk of an instance', amount, 0)
    .option('--gpus <number>', 'GPUs of an instance', amount, 0)
    .option('--ports <count>', 'host ports of an instance, any', wholeUpTo(0, MAX_PORTS), 0)
    .option(
      '-n, --instances <count>',
      `how many are wanted (default: as many as fit, up to ${MAX_INSTANCES})`,
      wholeUpTo(1, MAX_INSTANCES),
    )
    .option('--constraint <field:operator[:value]>', 'where they may run; may be given several times', each)
    .option('--role <role>', 'for whom; its reservations and its quota count', '*')
    .option('--json', 'print a JSON object')
    .addHelpText('after', EXAMPLES)
    .action((options: FitOptions) => {
      if (options.cpus + options.mem + options.disk + options.gpus + options.ports === 0)
        throw new CommandError('an instance must need something: --cpus, --mem, --disk, --gpus or --ports', USAGE);
      runLater(async () => (await import('../fit/fit-cluster.ts')).fitCluster(options, terminal));
    });
}

/** Of a scalar resource: what the thousandths of the protocol can say. */
function amount(text: string): number {
  const value = /^\d{1,16}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= MAX_SCALAR))
    throw new InvalidArgumentError(`Expecting a number from 0 to ${MAX_SCALAR}, with decimals if need be.`);
  if (value > 0 && value < 0.001) throw new InvalidArgumentError('Expecting 0 or no less than 0.001.');
  return value;
}

function wholeUpTo(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most))
      throw new InvalidArgumentError(`Expecting a whole number from ${least} to ${most}.`);
    return value;
  };
}

function each(text: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), text];
}
