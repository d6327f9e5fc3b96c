/**
 * Puts the sources of settings into an order and picks, for each flag, the one that counts. Knows names, not values.
 */
import { err, ok, type Result } from '@mesolite/base';
import { flagCatalog } from './catalog.ts';
import type { FlagFiles } from './flag-files.ts';
import {
  COMMAND_LINE,
  defaultFileSettings,
  directorySettings,
  environmentSettings,
  type Setting,
  sharedDirectorySettings,
} from './flag-sources.ts';
import type { FlagProgram, FlagSpec } from './flag-spec.ts';
import { nearestName } from './suggestion.ts';

/** The setting that counts for a flag. */
export interface Choice {
  readonly spec: FlagSpec;
  readonly setting: Setting;
  /** The name it was given by, which may be an alias, without `no-`. */
  readonly as: string;
  readonly negated: boolean;
}

export interface Choices {
  readonly chosen: readonly Choice[];
  readonly warnings: readonly string[];
}

interface Layer {
  readonly settings: readonly Setting[];
  /** Whether the last of several settings of one flag counts, instead of an error. */
  readonly repeats: boolean;
}

/** The error is for the operator. */
export function chooseSettings(
  program: FlagProgram,
  commandLine: readonly Setting[],
  env: Readonly<Record<string, string | undefined>>,
  files: FlagFiles,
): Result<Choices> {
  const environment = environmentSettings(env);
  const root =
    [...commandLine, ...environment].find(({ name, value }) => name === 'config_root' && value)?.value ?? '/';
  const warnings: string[] = [];
  let layers: readonly Layer[];
  try {
    const own = directorySettings(program, root, files);
    const shared = sharedDirectorySettings(program, root, files);
    const defaults = defaultFileSettings(program, root, files);
    for (const source of [...own, shared, defaults]) warnings.push(...source.warnings);
    layers = [
      { settings: commandLine, repeats: false },
      ...own.map(({ settings }) => ({ settings, repeats: false })),
      { settings: defaults.variables, repeats: true },
      { settings: shared.settings, repeats: true },
      { settings: defaults.environment, repeats: true },
      { settings: environment, repeats: true },
    ];
  } catch (error) {
    return err(`Failed to read flags below ${root}: ${(error as Error).message}`);
  }
  const chosen = new Map<string, Choice>();
  for (const layer of layers) {
    const here = choicesOf(program, layer, warnings);
    if (!here.ok) return here;
    for (const [name, choice] of here.value) {
      const stronger = chosen.get(name);
      if (stronger === undefined) chosen.set(name, choice);
      else
        warnings.push(
          `Flag '${name}' is set by ${stronger.setting.source} and by ${choice.setting.source}: the first one counts`,
        );
    }
  }
  return ok({ chosen: [...chosen.values()], warnings });
}

function choicesOf(program: FlagProgram, layer: Layer, warnings: string[]): Result<ReadonlyMap<string, Choice>> {
  const byName = namesOf(flagCatalog(program));
  const here = new Map<string, Choice>();
  for (const setting of layer.settings) {
    const negated = setting.name.startsWith('no-');
    const as = negated ? setting.name.slice(3) : setting.name;
    const spec = byName.get(as);
    if (spec === undefined) {
      if (setting.strict) return err(unknownFlag(as, setting, byName));
      if (!isForOthers(program, as)) warnings.push(`${unknownFlag(as, setting, byName)} It is ignored.`);
      continue;
    }
    const before = here.get(spec.name);
    if (before !== undefined && !layer.repeats) {
      const both = `(both from ${setting.source})`;
      return err(`Duplicate flag: Flag '${as}' is already loaded via name '${before.as}' ${both}`);
    }
    here.set(spec.name, { spec, setting, as, negated });
  }
  return ok(here);
}

function namesOf(catalog: readonly FlagSpec[]): ReadonlyMap<string, FlagSpec> {
  const names = new Map<string, FlagSpec>();
  for (const spec of catalog) for (const name of [spec.name, ...(spec.aliases ?? [])]) names.set(name, spec);
  return names;
}

function unknownFlag(name: string, setting: Setting, byName: ReadonlyMap<string, FlagSpec>): string {
  const via = setting.name === name ? '' : ` via '${setting.name}'`;
  const nearest = nearestName(name, byName.keys());
  const where = setting.source === COMMAND_LINE ? '' : ` (from ${setting.source})`;
  const hint = nearest === undefined ? '' : ` Did you mean '--${nearest}'?`;
  return `Failed to load unknown flag '${name}'${via}${where}.${hint}`;
}

/** MESOS_* variables that are no flags: the environment of executors and drivers, and of a daemon started inside a task. */
const VARIABLES_OF_OTHERS = new Set([
  ...['agent_endpoint', 'checkpoint', 'container_name', 'directory', 'executor_id', 'executor_shutdown_grace_period'],
  ...['framework_id', 'http_command_executor', 'native_java_library', 'native_library', 'recovery_timeout', 'sandbox'],
  ...['slave_id', 'slave_pid', 'subscription_backoff_max', 'task_id', 'user', 'executor_authentication_token'],
  ...['launcher_dir', 'agent_address', 'allocation_role', 'container_ip', 'home', 'source_dir', 'build_dir'],
]);

/** Whether a name unknown here is known elsewhere, so that a warning would only be noise. */
function isForOthers(program: FlagProgram, name: string): boolean {
  const other = program === 'master' ? 'agent' : 'master';
  return VARIABLES_OF_OTHERS.has(name) || namesOf(flagCatalog(other)).has(name);
}
