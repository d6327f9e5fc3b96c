/** The text of `--help`. */
import type { FlagProgram, FlagSpec } from './flag-spec.ts';

const WIDTH = 100;
const INDENT = '        ';

export function usage(program: FlagProgram, catalog: readonly FlagSpec[]): string {
  const works = catalog.filter((spec) => spec.status === 'works');
  const refused = catalog.filter((spec) => spec.status === 'refused');
  return [
    `Usage: mesolite ${program} [options]`,
    '',
    'Each flag may be given as --name=value, as an environment variable MESOS_NAME, or as a file named like the flag in',
    `/etc/mesos-${program} (an empty file '?name' or '?no-name' for a flag without value). The command line wins over files,`,
    'files win over the environment. --name=file:///path reads the value from a file. Durations: 15secs, 1.5mins, 2hrs,',
    '1days. Sizes: 10MB.',
    '',
    'Flags that work:',
    '',
    ...works.map(entry),
    'Flags known but not built yet (any value but the default is refused):',
    '',
    ...refused.map(entry),
  ].join('\n');
}

function entry(spec: FlagSpec): string {
  const names = [spec.name, ...(spec.aliases ?? [])];
  const head = names.map((name) => (spec.type === 'boolean' ? `--[no-]${name}` : `--${name}=VALUE`)).join(', ');
  const notes = [
    spec.required
      ? 'required'
      : `default: ${spec.defaultShown ?? (spec.default === '' ? '""' : (spec.default ?? 'unset'))}`,
    ...(spec.only === undefined ? [] : [`only ${spec.only}`]),
  ];
  return `  ${head}\n${wrap(`${spec.help} (${notes.join('; ')})`)}\n`;
}

function wrap(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && INDENT.length + line.length + 1 + word.length > WIDTH) {
      lines.push(INDENT + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, INDENT + line].join('\n');
}
