/** How the examples are told where the master is and how much to do. What is mistyped ends in the usage and exit code 2. */
import { parseArgs } from 'node:util';
import { parseOrigin } from '@mesolite/sdk';

const MASTER = '127.0.0.1:5050';
const MAX_COUNT = 10_000;

/** `counts` names further options, whole numbers from 1, with what holds when they are not given. */
export function commandLine<Name extends string = never>(
  script: string,
  counts: Readonly<Record<Name, number>> = {} as Record<Name, number>,
): { readonly master: string } & Readonly<Record<Name, number>> {
  const names = Object.keys(counts) as Name[];
  const usage = [
    `Usage: node examples/dist/${script} [[--master=]HOST:PORT]${names.map((name) => ` [--${name}=COUNT]`).join('')}`,
    '',
    `  --master=HOST:PORT  any master; several are separated by commas (default: ${MASTER})`,
    ...names.map((name) => `  ${`--${name}=COUNT`.padEnd(18)}  from 1 to ${MAX_COUNT} (default: ${counts[name]})`),
    '  --help              show this and end',
  ].join('\n');
  const refuse = (problem: string): never => {
    console.error(`${problem}\n\n${usage}`);
    process.exit(2);
  };

  const { values, positionals } = parse(names, refuse);
  if (values['help'] === true) {
    console.log(usage);
    process.exit(0);
  }
  const [alone, ...rest] = positionals;
  if (rest.length > 0 || (alone !== undefined && values['master'] !== undefined))
    refuse(`'${rest[0] ?? alone}' is one master too many: several are separated by commas`);
  const master = String(values['master'] ?? alone ?? MASTER);
  for (const address of master.split(',')) {
    const origin = parseOrigin(address, 5050);
    if (!origin.ok) refuse(`--master: ${origin.error}`);
  }
  const numbers = names.map((name) => {
    const text = String(values[name] ?? counts[name]);
    if (!/^[1-9]\d*$/.test(text) || Number(text) > MAX_COUNT)
      refuse(`--${name}: '${text}' is no whole number from 1 to ${MAX_COUNT}`);
    return [name, Number(text)] as const;
  });
  return { master, ...(Object.fromEntries(numbers) as Record<Name, number>) };
}

interface Arguments {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
}

function parse(names: readonly string[], refuse: (problem: string) => never): Arguments {
  const texts = ['master', ...names].map((name) => [name, { type: 'string' }] as const);
  try {
    return parseArgs({
      options: { ...Object.fromEntries(texts), help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
  } catch (error) {
    // Its message says which argument is wrong, and more than that behind the first sentence.
    return refuse((error as Error).message.split('. ')[0] ?? '');
  }
}
