/** The text of `docs/flags.md`, made from the catalog, so that it cannot say anything else than the programs do. */
import { PRODUCT_VERSION } from '../version.ts';
import { flagCatalog } from './catalog.ts';
import type { FlagSpec } from './flag-spec.ts';

export function flagsDocument(): string {
  return `# Flags

Made by \`node tools/flags-table.mjs\` from the catalog in \`packages/daemon/src/flags\`; a test fails when it is stale.
State of version ${PRODUCT_VERSION}.

## Where settings come from

Strongest first; what is overruled is told in the log:

1. the command line: \`--name=value\`, and for booleans \`--name\`, \`--no-name\`, \`--name=true\`, \`--name=false\`;
2. one file per flag, its content the value: in \`/etc/mesos-master\` for the master, in \`/etc/mesos-agent\`, then
   \`/etc/mesos-slave\`, for the agent. An empty file \`?name\` or \`?no-name\` sets a boolean. For the agent, files in the
   directories \`attributes\` and \`resources\` are joined: \`attributes/rack\` holding \`r1\` gives \`rack:r1\`. Hidden files
   and leftovers of package managers (\`.rpmsave\`, \`.dpkg-old\`, …) are skipped;
3. the short names in \`/etc/default/mesos\` and \`/etc/default/mesos-master\`, \`-slave\`, \`-agent\`: \`ZK\`, \`MASTER\`, \`IP\`,
   \`PORT\`, \`CLUSTER\`, \`LOGS\`, \`ISOLATION\`;
4. \`/etc/mesos\`, for both programs: \`zk\` and files named like flags;
5. variables \`MESOS_NAME\`, those in \`/etc/default\` before inherited ones. Unknown ones are ignored with a warning.

\`--config_root=DIR\` looks for these files below \`DIR/etc\` instead. \`file:///path\` as value stands for the content of the
file (not where the value is a path anyway). Unknown flags stop the program, with a suggestion when one is near.

## What the states mean

- **works**: as described, for the values given under "only" where there is such a note.
- **refused**: known, but not built yet, or tuning something that is not. Its default is accepted; any other value stops the program with a message.

Durations: \`10secs\`, \`1.5mins\`, \`2hrs\`, \`1days\`, \`3weeks\`, \`100ms\`. Sizes: \`10MB\` (B, KB, MB, GB, TB; powers of 1024).

## Master

${table(flagCatalog('master'))}

## Agent

${table(flagCatalog('agent'))}
`;
}

function table(catalog: readonly FlagSpec[]): string {
  return ['| flag | type | default | state | since | meaning |', '|---|---|---|---|---|---|', ...catalog.map(row)].join(
    '\n',
  );
}

function row(spec: FlagSpec): string {
  const names = [`\`${spec.name}\``, ...(spec.aliases ?? []).map((alias) => `(\`${alias}\`)`)].join(' ');
  const only = spec.only === undefined ? '' : ` Only: ${spec.only}.`;
  const build = spec.build === undefined ? '' : ` (In builds of the original with ${spec.build}.)`;
  const cells = [names, spec.type, fallback(spec), spec.status, spec.since ?? '', `${spec.help}${only}${build}`];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function fallback(spec: FlagSpec): string {
  if (spec.required) return 'required';
  if (spec.defaultShown !== undefined) return spec.defaultShown;
  if (spec.default === undefined) return '–';
  return spec.default === '' ? 'empty' : `\`${spec.default}\``;
}
