/** How the examples are told where the master is and how much to do. What is mistyped ends in the usage and exit code 2. */
import { parseArgs } from 'node:util';
import { parseOrigin } from '@mesolite/sdk';

const MASTER = '127.0.0.1:5050';
const MAX_COUNT = 10_000;

/** An option that is a word. */
export interface WordOption {
  readonly fallback: string;
  /** What it may be, and that in words. */
  readonly pattern: RegExp;
  readonly meaning: string;
}

/** Resources can be reserved for any role but that of everybody. */
export const ROLE: WordOption = {
  fallback: 'examples',
  pattern: /^(?![-.])[^\s/*]+$/,
  meaning: 'a role other than *',
};

/** Who reserves. Masters that authenticate insist that it is who the framework says it is. */
export const PRINCIPAL: WordOption = { fallback: 'examples', pattern: /^\S+$/, meaning: 'a name without spaces' };

/**
 * `counts` names further options, whole numbers from 1, with what holds when they are not given; `words` those that are
 * none.
 */
export function commandLine<Count extends string = never, Word extends string = never>(
  script: string,
  counts: Readonly<Record<Count, number>> = {} as Record<Count, number>,
  words: Readonly<Record<Word, WordOption>> = {} as Record<Word, WordOption>,
): { readonly master: string } & Readonly<Record<Count, number>> & Readonly<Record<Word, string>> {
  const countNames = Object.keys(counts) as Count[];
  const wordNames = Object.keys(words) as Word[];
  const names = [...countNames, ...wordNames];
  const forms = [
    ['--master=HOST:PORT', `any master; several are separated by commas (default: ${MASTER})`],
    ...countNames.map((name) => [`--${name}=COUNT`, `from 1 to ${MAX_COUNT} (default: ${counts[name]})`]),
    ...wordNames.map((name) => [`--${name}=WORD`, `${words[name].meaning} (default: ${words[name].fallback})`]),
    ['--help', 'show this and end'],
  ] as const;
  const width = Math.max(...forms.map(([form]) => form.length));
  const more = forms.slice(1, -1).map(([form]) => ` [${form}]`);
  const usage = [
    `Usage: node examples/dist/${script} [[--master=]HOST:PORT]${more.join('')}`,
    '',
    ...forms.map(([form, meaning]) => `  ${form.padEnd(width)}  ${meaning}`),
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
  const numbers = countNames.map((name) => {
    const text = String(values[name] ?? counts[name]);
    if (!/^[1-9]\d*$/.test(text) || Number(text) > MAX_COUNT)
      refuse(`--${name}: '${text}' is no whole number from 1 to ${MAX_COUNT}`);
    return [name, Number(text)] as const;
  });
  const texts = wordNames.map((name) => {
    const text = String(values[name] ?? words[name].fallback);
    if (!words[name].pattern.test(text)) refuse(`--${name}: '${text}' is not ${words[name].meaning}`);
    return [name, text] as const;
  });
  return {
    master,
    ...(Object.fromEntries(numbers) as Record<Count, number>),
    ...(Object.fromEntries(texts) as Record<Word, string>),
  };
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
