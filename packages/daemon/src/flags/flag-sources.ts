/**
 * Where settings come from. This module only collects texts; load-flags.ts judges them. Strongest first: the command line;
 * the directories with one file per flag and the short names of `/etc/default/mesos*` (the start script of the
 * distribution packages turned both into arguments); MESOS_* variables, those of `/etc/default` before the inherited ones.
 *
 * Departs from Mesos: the same setting in several of these is a warning, where the start script made it a failure.
 */
import { join } from 'node:path';
import type { FlagFiles } from './flag-files.ts';
import type { FlagProgram } from './flag-spec.ts';
import { parseShellAssignments } from './shell-assignments.ts';

export interface Setting {
  /** Lower case, as written: may be an alias or start with `no-`. */
  readonly name: string;
  /** Undefined for a flag without value (`--quiet`, a file `?quiet`). */
  readonly value: string | undefined;
  /** For messages: `the command line`, `MESOS_IP`, a path. */
  readonly source: string;
  /** Whether an unknown name is an error here; otherwise it may be meant for somebody else. */
  readonly strict: boolean;
}

export interface SourceLayer {
  readonly settings: readonly Setting[];
  readonly warnings: readonly string[];
}

export const COMMAND_LINE = 'the command line';

/** Arguments `--name=value`, `--name`, `--no-name`; others come back as `stray`. Everything after `--` is left alone. */
export function commandLineSettings(argv: readonly string[]): { settings: Setting[]; stray: string[] } {
  const settings: Setting[] = [];
  const stray: string[] = [];
  for (const argument of argv) {
    const text = argument.trim();
    if (text === '--') break;
    if (!text.startsWith('--')) {
      stray.push(text);
      continue;
    }
    const equals = text.indexOf('=');
    const name = (equals < 0 ? text.slice(2) : text.slice(2, equals)).toLowerCase();
    settings.push({ name, value: equals < 0 ? undefined : text.slice(equals + 1), source: COMMAND_LINE, strict: true });
  }
  return { settings, stray };
}

export function environmentSettings(env: Readonly<Record<string, string | undefined>>): Setting[] {
  const settings: Setting[] = [];
  for (const [key, value] of Object.entries(env)) {
    if (value === undefined || !key.startsWith('MESOS_')) continue;
    settings.push({ name: key.slice('MESOS_'.length).toLowerCase(), value, source: key, strict: false });
  }
  return settings.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The program's own directory; for the agent the one of its older name is weaker. */
export function directorySettings(program: FlagProgram, root: string, files: FlagFiles): SourceLayer[] {
  const names = program === 'master' ? ['mesos-master'] : ['mesos-agent', 'mesos-slave'];
  return names.map((name) => readDirectory(program, join(root, 'etc', name), files));
}

/**
 * `/etc/mesos`, for both programs: `zk` (the election for a master, where to find the leader for an agent) and flags. As
 * the directory holds other things too, names that are no flag of this program do not stop it.
 */
export function sharedDirectorySettings(program: FlagProgram, root: string, files: FlagFiles): SourceLayer {
  const { settings, warnings } = readDirectory(program, join(root, 'etc/mesos'), files);
  return {
    settings: settings
      .filter(({ name, value }) => !(name === 'zk' && value === '') && !NOT_FLAGS.test(name))
      .map((setting) => ({
        ...setting,
        name: setting.name === 'zk' && program === 'agent' ? 'master' : setting.name,
        strict: false,
      })),
    warnings,
  };
}

/** What deploy scripts of the original keep in `/etc/mesos`. */
const NOT_FLAGS = /^(masters|slaves|agents)$|\.(sh|template|json)$/;

/** Left behind by package managers and editors. */
const LEFTOVER = /(^\.)|(~$)|(\.(rpmsave|rpmnew|rpmorig|swp|bak)$)|(\.dpkg-[a-z]+$)/;

function readDirectory(program: FlagProgram, directory: string, files: FlagFiles): SourceLayer {
  const settings: Setting[] = [];
  const warnings: string[] = [];
  for (const entry of files.list(directory)) {
    if (LEFTOVER.test(entry.name)) continue;
    const path = join(directory, entry.name);
    if (entry.directory) {
      if (program === 'agent' && (entry.name === 'attributes' || entry.name === 'resources')) {
        const value = joinedDirectory(path, files);
        if (value !== '') settings.push({ name: entry.name, value, source: path, strict: true });
      } else {
        warnings.push(`Directory ${path} is ignored: flags are plain files`);
      }
    } else if (entry.name.startsWith('?')) {
      settings.push({ name: entry.name.slice(1).toLowerCase(), value: undefined, source: path, strict: true });
    } else {
      const value = (files.read(path) ?? '').trim();
      settings.push({ name: entry.name.toLowerCase(), value, source: path, strict: true });
    }
  }
  return { settings, warnings };
}

/** `rack` with content `r1` and `zone` with `a` make `rack:r1;zone:a`. */
function joinedDirectory(directory: string, files: FlagFiles): string {
  return files
    .list(directory)
    .filter((entry) => !entry.directory && !LEFTOVER.test(entry.name))
    .map((entry) => ({ name: entry.name, value: (files.read(join(directory, entry.name)) ?? '').trim() }))
    .filter(({ value }) => value !== '')
    .map(({ name, value }) => `${name}:${value}`)
    .join(';');
}

/** Variables of the packages' wrapper script, and the flags it turned them into. */
const DEFAULT_VARIABLES: Readonly<Record<FlagProgram, Readonly<Record<string, string>>>> = {
  master: { ZK: 'zk', IP: 'ip', PORT: 'port', CLUSTER: 'cluster', LOGS: 'log_dir' },
  agent: { MASTER: 'master', IP: 'ip', PORT: 'port', LOGS: 'log_dir', ISOLATION: 'isolation', ISOLATE: 'isolation' },
};

export interface DefaultFiles {
  /** Of the short names. */
  readonly variables: readonly Setting[];
  /** Of MESOS_* names. */
  readonly environment: readonly Setting[];
  readonly warnings: readonly string[];
}

/** As a shell would source them: first the common file, then the program's. Empty values count as unset. */
export function defaultFileSettings(program: FlagProgram, root: string, files: FlagFiles): DefaultFiles {
  const names = program === 'master' ? ['mesos', 'mesos-master'] : ['mesos', 'mesos-slave', 'mesos-agent'];
  const warnings: string[] = [];
  let values: ReadonlyMap<string, string> = new Map();
  const sourceOf = new Map<string, string>();
  for (const name of names) {
    const path = join(root, 'etc/default', name);
    const text = files.read(path);
    if (text === undefined) continue;
    const parsed = parseShellAssignments(text, { earlier: values, read: (file) => files.read(join(root, file)) });
    for (const [key, value] of parsed.values) if (values.get(key) !== value) sourceOf.set(key, `${key} in ${path}`);
    values = parsed.values;
    warnings.push(...parsed.warnings.map((warning) => `${path}: ${warning}`));
  }
  const variables: Setting[] = [];
  const environment: Setting[] = [];
  for (const [key, value] of values) {
    if (value === '') continue;
    const source = sourceOf.get(key) ?? key;
    const flag = DEFAULT_VARIABLES[program][key];
    if (flag !== undefined) variables.push({ name: flag, value, source, strict: true });
    else if (key === 'ULIMIT') warnings.push(`${source} is ignored: set the limits of the service instead`);
    else if (key.startsWith('MESOS_'))
      environment.push({ name: key.slice(6).toLowerCase(), value, source, strict: false });
  }
  return { variables, environment, warnings };
}
