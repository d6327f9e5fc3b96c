/**
 * From a CommandInfo to what the supervisor is started with: argument list and environment. Holds the rules of
 * shell and non-shell commands, and the way variables travel. Touches no process.
 *
 * The supervisor, and the program that changes the user, run as the agent and must not see the task's environment
 * (LD_PRELOAD would be obeyed). So each variable travels under a harmless name, `x_NAME`, until a shell that is no more
 * than the task is gives it its own name. Values never stand in an argument list, which everybody on the machine can read.
 *
 * Departs from Mesos: a non-shell command without arguments gets its own name as `argv[0]` instead of none at all.
 */
import { join } from 'node:path';
import { err, ok, type Result } from '@mesolite/base';
import type { CommandInfo, EnvironmentVariable } from '@mesolite/wire';
import { asIdentity, type Identity } from './identity.ts';
import { isExecutable, type SystemTools } from './system-tools.ts';

/** What a container without PATH gets. */
export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Marks every process of a container, so that those which leave its tree and session are found. The value is the state
 * directory: no other container of this machine, whosever it is, has the same.
 */
export const MARKER = 'MESOLITE_CONTAINER';

/** Put before a variable's name while it travels. */
export const CARRIER = 'x_';
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Variables some shell treats as its own. They go through env(1), like names no shell would take. */
const SHELLS_OWN = new Set(
  'UID EUID PPID SHELLOPTS BASHOPTS BASH_VERSINFO OPTIND LINENO RANDOM SECONDS GROUPS FUNCNAME DIRSTACK'.split(' '),
);

/**
 * Runs the command as a foreground child, for a background one would have SIGINT and SIGQUIT ignored. Both files are there
 * already, with room for what is said, and are written in place (`<>`): that works on a full disk as well. Its own exit
 * status is the command's, for an agent that lives and finds no record; where the command was not run there is none.
 */
const SUPERVISOR = `\
state=$1 prelude=$2; shift 2
[ -w "$state/status" ] || kill -s KILL $$
read -r stat < /proc/$$/stat && echo "$stat" 1<> "$state/supervisor"
exec 3>&2 2<> "$state/status"
(eval "$prelude"; exec "$@" 2>&3 3>&-)
status=$?
echo "end $status" >&2
exit "$status"`;

export interface CommandLine {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface CommandLineOptions {
  readonly command: CommandInfo;
  readonly env: Readonly<Record<string, string>>;
  readonly sandbox: string;
  readonly stateDirectory: string;
  readonly identity: Identity | undefined;
  readonly tools: SystemTools;
}

/** The whole environment of the command by name. The error is for the framework to read. */
export function taskEnvironment(
  options: Pick<CommandLineOptions, 'command' | 'env' | 'stateDirectory'>,
): Result<Map<string, string>> {
  const variables = new Map<string, string>([['PATH', DEFAULT_PATH], ...Object.entries(options.env)]);
  for (const variable of options.command.environment?.variables ?? []) {
    const value = variableValue(variable);
    if (!value.ok) return value;
    variables.set(variable.name, value.value);
  }
  for (const [name, value] of variables) {
    if (name === '' || name.includes('=') || name.includes('\0'))
      return err(`Environment variable '${name}' must have a name without '=' and NUL`);
    if (value.includes('\0')) return err(`Value of environment variable '${name}' must not contain NUL`);
  }
  return ok(variables.set(MARKER, options.stateDirectory));
}

/** Secrets by reference would need a store of secrets; those that bring their value need none. */
function variableValue({ name, type, value, secret }: EnvironmentVariable): Result<string> {
  if (type === undefined || type === 'VALUE') return ok(value ?? '');
  if (type === 'SECRET' && secret?.type === 'VALUE') return ok(Buffer.from(secret.value?.data ?? []).toString('utf8'));
  return err(`Environment variable '${name}' of type '${type}' is not supported: only values can be resolved`);
}

/** What to spawn. The error is for the framework to read. */
export function supervisorCommand(options: CommandLineOptions): Result<CommandLine> {
  const { command, tools } = options;
  if (command.value === undefined)
    return err(
      command.shell === false ? 'Executable of the command is not specified' : 'Shell command is not specified',
    );
  if ([command.value, ...(command.arguments ?? [])].some((word) => word.includes('\0')))
    return err('Command and arguments must not contain NUL');
  if (tools.setsid === undefined) return err('setsid is not installed');
  const variables = taskEnvironment(options);
  if (!variables.ok) return variables;
  const target = executedWords(command, options.sandbox);
  const { carriers, script: names } = naming(variables.value, tools);
  const script = names + ((command.shell ?? true) ? '' : refusal(target.file));
  const words = asWords(target, { tools, keepsPwd: variables.value.has('PWD') });
  const switched = asIdentity(options.identity);
  // Without another user there is nothing to protect, and one program less to execute.
  const [prelude, last] =
    switched.length === 0
      ? [script, words]
      : ['', [tools.supervisorShell, '-c', `${script}exec "$@"`, 'mesolite', ...words]];
  return ok({
    file: tools.supervisorShell,
    args: [
      ...['-c', SUPERVISOR, 'mesolite-supervisor', options.stateDirectory, prelude],
      ...[tools.setsid, ...switched, ...last],
    ],
    env: carriers,
  });
}

/**
 * A shell says 127 or 126 of a program it cannot execute; the original says why, and 1. Standard error is descriptor 3
 * where the supervisor still listens on 2.
 */
function refusal(file: string): string {
  const quoted = `'${file.replaceAll("'", `'\\''`)}'`;
  const found = file.includes('/') ? `[ -x ${quoted} ] && [ ! -d ${quoted} ]` : `command -v ${quoted} > /dev/null`;
  return `\
${found} || {
  why='Permission denied'; [ -e ${quoted} ] || why='No such file or directory'
  { true >&3; } 2> /dev/null || exec 3>&2
  printf "Failed to execute '%s': %s\\n" ${quoted} "$why" >&3
  exit 1
}
`;
}

interface Target {
  readonly file: string;
  /** With `argv[0]`. */
  readonly argv: readonly [string, ...string[]];
}

function executedWords(command: CommandInfo, sandbox: string): Target {
  const value = command.value ?? '';
  if (command.shell ?? true) return { file: '/bin/sh', argv: ['/bin/sh', '-c', value] };
  // As the original does, before PATH: a program of that name in the sandbox.
  const local = join(sandbox, value);
  const file = !value.startsWith('/') && isExecutable(local) && value !== '' ? local : value;
  const [first, ...others] = command.arguments ?? [];
  return { file, argv: [first ?? value, ...others] };
}

function asWords(
  target: Target,
  options: { readonly tools: SystemTools; readonly keepsPwd: boolean },
): readonly [string, ...string[]] {
  const { file, argv } = target;
  const others = argv.slice(1);
  const { bash } = options.tools;
  if (argv[0] === file || bash === undefined) return [file, ...others];
  const own = options.keepsPwd ? 'OLDPWD SHLVL' : 'OLDPWD SHLVL PWD';
  return [bash, '-c', `unset ${own}; name=$1; shift; exec -a "$name" -- "$@"`, 'mesolite', argv[0], file, ...others];
}

/** The environment variables travel in, and the shell script that names them and puts the rest before the command. */
function naming(
  variables: ReadonlyMap<string, string>,
  tools: SystemTools,
): { readonly carriers: Record<string, string>; readonly script: string } {
  const carriers: Record<string, string> = {};
  const named: string[] = [];
  const foreign: string[] = [];
  for (const [name, value] of variables) {
    // One that looks like a carrier would be unset with the carriers.
    if (IDENTIFIER.test(name) && !SHELLS_OWN.has(name) && !name.startsWith(CARRIER)) {
      carriers[CARRIER + name] = value;
      named.push(name);
    } else {
      const carrier = `${CARRIER}0${foreign.length}`;
      carriers[carrier] = `${name}=${value}`;
      foreign.push(carrier);
    }
  }
  const exports = named.map((name) => `${name}="$${CARRIER}${name}"`).join(' ');
  const unset = [...(variables.has('PWD') ? [] : ['PWD']), ...named.map((name) => CARRIER + name)].join(' ');
  const throughEnv = foreign.map((carrier) => `-u ${carrier}`).concat(foreign.map((carrier) => `"$${carrier}"`));
  const last = foreign.length === 0 ? '' : `set -- ${tools.env ?? 'env'} ${throughEnv.join(' ')} "$@"\n`;
  return { carriers, script: `export ${exports}\nunset ${unset}\n${last}` };
}
