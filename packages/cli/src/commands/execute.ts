/** `mesolite execute`: its options and help. The names are those of mesos-execute. */
import { Command, Option } from 'commander';
import { CommandError, USAGE } from '../exit-codes.ts';
import type { Run } from '../program.ts';
import type { Terminal } from '../terminal.ts';
import { boolean, durationMs, list, type MasterOptions, withMaster } from './options.ts';

export interface ExecuteOptions extends MasterOptions {
  readonly name?: string;
  readonly command?: string;
  readonly shell: boolean;
  readonly env?: readonly string[];
  readonly resources?: string;
  readonly uris?: readonly string[];
  readonly user?: string;
  readonly role: string;
  readonly checkpoint: boolean;
  readonly partition_aware: boolean;
  readonly framework_capabilities?: readonly string[];
  readonly kill_after?: number;
  readonly content_type: 'json' | 'protobuf';
  readonly task?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** What mesos-execute can do and this command cannot yet. Refused by name, so that nothing is dropped in silence. */
const NOT_BUILT = [
  'appc_image',
  'bounding_capabilities',
  'docker_image',
  'effective_capabilities',
  'hadoop',
  'hdfs',
  'networks',
  'overwrite',
  'package',
  'rlimits',
  'task_group',
  'tty',
  'volumes',
];

const EXAMPLES = `
The task's output is ours, its exit status too: 128 and the number of the signal when it was killed. What happens meanwhile
is told on stderr (--quiet says nothing, --json tells all of it on stdout, an object a line). Ctrl-C kills the task.

Exit codes of our own: 1 the task could not be run, or was lost; 2 the command line is wrong.

Examples:
  mesolite execute --name=hello --command='echo hello; sleep 5'
  mesolite execute --command='env | sort' --env='{"COLOR":"blue"}' --env SIZE=4
  mesolite execute --name=big --command=./run.sh --uris=https://example.org/run.sh --resources='cpus:2;mem:512'
  mesolite execute --task=task.json --kill_after=1mins`;

export function executeCommand(terminal: Terminal, runLater: Run): Command {
  const command = withMaster(
    new Command('execute').description('run one task, follow its output, exit with its status'),
  )
    .option('--name <name>', "the task's name and id (default: made from the command)")
    .option('--command <command>', 'what to run')
    .addOption(flag('--shell [boolean]', 'by a shell; without it the words are program and arguments', true))
    .option('--env <json or name=value>', 'environment: a JSON object, a file holding one, or NAME=VALUE', each)
    .option('--resources <text>', 'what the task needs (default: cpus:1;mem:128)')
    .option('--uris <list>', 'files to fetch into the sandbox first, separated by commas', list)
    .option('--user <name>', 'whom the task runs as (default: who runs this command)')
    .option('--role <role>', 'role of the framework', '*')
    .addOption(flag('--checkpoint [boolean]', 'let the task outlive a restart of its agent', false))
    .addOption(flag('--partition_aware [boolean]', 'hear of an agent that cannot be reached', true))
    .option('--framework_capabilities <names>', 'more capabilities, separated by commas', list)
    .option('--kill_after <duration>', 'kill the task after this time, such as 30secs', durationMs)
    .addOption(
      new Option('--content_type <type>', 'how messages are written').choices(['json', 'protobuf']).default('protobuf'),
    )
    .option('--task <json or file>', 'a whole TaskInfo instead of name and command')
    .option('--json', 'tell everything on stdout, one JSON object a line')
    .option('-q, --quiet', "nothing but the task's own output")
    .addHelpText('after', EXAMPLES)
    .action((options: ExecuteOptions & Readonly<Record<string, unknown>>) => {
      const missing = NOT_BUILT.find((name) => options[name] !== undefined);
      if (missing !== undefined) throw new CommandError(`--${missing} is not built yet in Mesolite`, USAGE);
      runLater(async () => (await import('../execute/execute-task.ts')).executeTask(options, terminal));
    });
  for (const name of NOT_BUILT) command.addOption(new Option(`--${name} [value]`).hideHelp());
  return command;
}

function flag(flags: string, description: string, value: boolean): Option {
  return new Option(flags, description).default(value).preset('true').argParser(boolean);
}

function each(text: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), text];
}
