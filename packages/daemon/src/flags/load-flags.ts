/**
 * Loads a daemon's flags: collects settings from all sources, resolves names and aliases, fetches `file://` values, parses,
 * checks ranges, and refuses by name what is known but not built. Refusals are values with an exit code; nothing is printed.
 *
 * Departs from Mesos: positional arguments and `-name` are refused instead of ignored; a mistyped name gets a suggestion;
 * files under `<config_root>/etc` are read by the daemon itself instead of a wrapper script.
 */
import { err, ok, type Result } from '@mesolite/base';
import { MESOLITE_VERSION, PRODUCT_VERSION } from '../version.ts';
import { flagCatalog } from './catalog.ts';
import { type FlagFiles, systemFlagFiles } from './flag-files.ts';
import { type Choice, chooseSettings } from './flag-layers.ts';
import { COMMAND_LINE, commandLineSettings } from './flag-sources.ts';
import { type FlagProgram, type FlagSpec, type FlagValue, formatFlagValue, parseFlagValue } from './flag-spec.ts';
import { Flags, type GivenFlag } from './flags.ts';
import { usage } from './usage.ts';

export interface LoadFlagsOptions {
  /** Without the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where files are read from; for tests. */
  readonly files?: FlagFiles;
}

export interface LoadedFlags {
  readonly flags: Flags;
  /** To be logged once logging is up. */
  readonly warnings: readonly string[];
}

/** Why the program must not go on: print `text` (to stdout with exit code 0, to stderr otherwise) and exit. */
export interface FlagRefusal {
  readonly exitCode: number;
  readonly text: string;
}

/** `--help` and `--version` come back as refusals with exit code 0. */
export function loadFlags(program: FlagProgram, options: LoadFlagsOptions): Result<LoadedFlags, FlagRefusal> {
  const files = options.files ?? systemFlagFiles;
  const catalog = flagCatalog(program);
  const refuse = (text: string): Result<never, FlagRefusal> =>
    err({ exitCode: 1, text: `${text}\n\nUsage: mesolite ${program} [options]; --help lists all flags.\n` });
  const { settings, stray } = commandLineSettings(options.argv);
  const asked = (name: string): boolean =>
    settings.some((s) => s.name === name && (s.value === undefined || s.value === 'true'));
  if (asked('help')) return err({ exitCode: 0, text: usage(program, catalog) });
  if (asked('version')) return err({ exitCode: 0, text: `mesolite ${PRODUCT_VERSION} (mesos ${MESOLITE_VERSION})\n` });
  if (stray[0] !== undefined) {
    const hint = /^-[a-z]/i.test(stray[0]) ? ` Did you mean '-${stray[0]}'?` : ' Flags are written --name=value.';
    return refuse(`Unexpected argument '${stray[0]}'.${hint}`);
  }

  const settled = chooseSettings(program, settings, options.env, files);
  if (!settled.ok) return refuse(settled.error);
  const warnings = [...settled.value.warnings];
  const given = new Map<string, GivenFlag>();
  for (const choice of settled.value.chosen) {
    const { spec } = choice;
    const value = readValue(choice, files);
    if (!value.ok) return refuse(value.error);
    if (choice.as !== spec.name) warnings.push(`Loaded deprecated flag '${choice.as}': its name is '${spec.name}' now`);
    given.set(spec.name, { value: value.value, as: choice.as });
  }
  const flags = new Flags(catalog, given);
  const missing = catalog.find((spec) => spec.required && !given.has(spec.name));
  if (missing !== undefined) return refuse(`Flag '${missing.name}' is required, but it was not provided`);
  const conflict = conflictOf(program, flags);
  if (conflict !== undefined) return refuse(conflict);
  return ok({ flags, warnings });
}

/** The parsed and checked value of one chosen setting, or the message to stop with. */
function readValue(choice: Choice, files: FlagFiles): Result<FlagValue> {
  const { spec, setting, as, negated } = choice;
  const where = setting.source === COMMAND_LINE ? '' : ` (from ${setting.source})`;
  const text = valueText(choice, files);
  if (!text.ok) return err(`${text.error}${where}`);
  const parsed = parseFlagValue(spec.type, text.value);
  if (!parsed.ok)
    return err(`Failed to load flag '${as}': Failed to load value '${text.value}': ${parsed.error}${where}`);
  if (spec.status === 'refused' && formatFlagValue(spec.type, parsed.value) !== spec.default) {
    const written = negated ? `--no-${spec.name}` : `--${spec.name}`;
    const only = spec.default === undefined ? 'leave it unset' : `only its default '${spec.default}' is accepted`;
    return err(`${written}: not built yet in Mesolite ${PRODUCT_VERSION}${where}: ${only}. ${spec.help}`);
  }
  const reason = spec.check?.(parsed.value);
  return reason === undefined ? parsed : err(`--${spec.name}: ${reason}${where}`);
}

function valueText({ spec, setting, as, negated }: Choice, files: FlagFiles): Result<string> {
  const { value } = setting;
  if (spec.type === 'boolean') {
    if (value === undefined || value === '') return ok(negated ? 'false' : 'true');
    if (negated) return err(`Failed to load boolean flag '${as}' via '${setting.name}' with value '${value}'`);
  } else {
    if (negated) return err(`Failed to load non-boolean flag '${as}' via '${setting.name}'`);
    if (value === undefined) return err(`Failed to load non-boolean flag '${as}': Missing value (write --${as}=VALUE)`);
  }
  return fetched(spec, as, value, files);
}

/** Follows `file://`; for JSON also an absolute path. A flag that is a path keeps the path. */
function fetched(spec: FlagSpec, as: string, value: string, files: FlagFiles): Result<string> {
  const isUri = value.startsWith('file://');
  if (spec.type === 'path') return ok(isUri ? value.slice('file://'.length) : value);
  if (!isUri && !(spec.type === 'json' && value.startsWith('/'))) return ok(value);
  const path = isUri ? value.slice('file://'.length) : value;
  try {
    const content = files.read(path);
    if (content !== undefined) return ok(spec.type === 'json' ? content : content.trim());
    return err(`Failed to load flag '${as}': Error reading file '${path}': No such file or directory`);
  } catch (error) {
    return err(`Failed to load flag '${as}': Error reading file '${path}': ${(error as Error).message}`);
  }
}

/** Rules between flags, in the original's words. */
function conflictOf(program: FlagProgram, flags: Flags): string | undefined {
  if (flags.given('ip') && flags.given('ip_discovery_command'))
    return 'Only one of `--ip` or `--ip_discovery_command` should be specified';
  if (program === 'master' && !flags.given('work_dir') && !flags.given('zk') && flags.text('registry') !== 'in_memory')
    return '--work_dir needed for replicated log based registry';
  if (program === 'agent' && !flags.given('master')) return 'Missing required option `--master`';
  return undefined;
}
