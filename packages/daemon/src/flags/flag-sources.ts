/**
 * Where settings come from, strongest first: command line, MESOS_* environment, one-file-per-flag directories, and the
 * `/etc/default` files of the distribution packages. This module only collects texts; load-flags.ts judges them.
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
  /** An unknown name is an error here, or (environment) somebody else's variable. */
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

/** The program's own directory is stronger than the older name; `/etc/mesos/zk` is the weakest. */
export function directorySettings(program: FlagProgram, root: string, files: FlagFiles): SourceLayer[] {
  const layers =
    program === 'master'
      ? [readDirectory(program, join(root, 'etc/mesos-master'), files)]
      : [
          readDirectory(program, join(root, 'etc/mesos-agent'), files),
          readDirectory(program, join(root, 'etc/mesos-slave'), files),
        ];
  const zkPath = join(root, 'etc/mesos/zk');
  const zk = files.read(zkPath)?.trim();
  if (zk !== undefined && zk !== '') {
    const name = program === 'master' ? 'zk' : 'master';
    layers.push({ settings: [{ name, value: zk, source: zkPath, strict: true }], warnings: [] });
  }
  return layers;
}

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
    .map((entry) => `${entry.name}:${(files.read(join(directory, entry.name)) ?? '').trim()}`)
    .join(';');
}

/** Variables of the packages' wrapper script, and the flags it turned them into. */
const DEFAULT_VARIABLES: Readonly<Record<FlagProgram, Readonly<Record<string, string>>>> = {
  master: { ZK: 'zk', IP: 'ip', PORT: 'port', CLUSTER: 'cluster', LOGS: 'log_dir' },
  agent: { MASTER: 'master', IP: 'ip', PORT: 'port', LOGS: 'log_dir', ISOLATION: 'isolation', ISOLATE: 'isolation' },
};

/** As a shell would source them: first the common file, then the program's. Empty values count as unset. */
export function defaultFileSettings(program: FlagProgram, root: string, files: FlagFiles): SourceLayer {
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
  const settings: Setting[] = [];
  for (const [key, value] of values) {
    if (value === '') continue;
    const source = sourceOf.get(key) ?? key;
    const flag = DEFAULT_VARIABLES[program][key];
    if (flag !== undefined) settings.push({ name: flag, value, source, strict: true });
    else if (key === 'ULIMIT') warnings.push(`${source} is ignored: set the limits of the service instead`);
    else if (key.startsWith('MESOS_'))
      settings.push({ name: key.slice(6).toLowerCase(), value, source, strict: false });
  }
  return { settings, warnings };
}
