/** `mesolite explain`: the master's answer for people, the verdict first. */
import type { ExplainOptions } from '../commands/explain.ts';
import { table } from '../listing/table.ts';
import { reachMaster } from '../reach-master.ts';
import { type Color, type Output, paint, type Terminal } from '../terminal.ts';
import { type Amounts, amountCell, askMaster } from './ask-master.ts';

/** The parts of the master's answer that are shown. */
interface Explanation {
  readonly verdict: { readonly reason: string; readonly text: string; readonly hint: string };
  readonly roles: readonly RoleAnswer[];
  readonly summary: readonly {
    readonly reason: string;
    readonly agents: number;
    readonly what: string;
    readonly hint: string;
  }[];
  readonly total: number;
  readonly agents: readonly {
    readonly hostname: string;
    readonly reason: string;
    readonly text: string;
    readonly free?: Amounts;
  }[];
}

interface RoleAnswer {
  readonly role: string;
  readonly role_share: number;
  readonly ahead?: { readonly count: number };
  readonly quota: { readonly role: string; readonly left: Amounts };
}

/** Nothing has to be done about these. */
const FINE = ['waits-its-turn', 'offered'];
/** Hints shown beside that of the verdict. */
const MORE_HINTS = 2;

export async function explainWaitingTask(
  framework: string | undefined,
  options: ExplainOptions,
  terminal: Terminal,
): Promise<number> {
  const client = await reachMaster(options);
  try {
    const { cpus, mem, disk, gpus, ports, attributes, role } = options;
    const query = { framework, role, cpus, mem, disk, gpus, ports, attributes, limit: `${options.limit}` };
    const text = await askMaster(client, '/api/v2/explain', query);
    const answer = JSON.parse(text) as Explanation;
    if (options.json === true) terminal.stdout.write(`${JSON.stringify(answer, undefined, 2)}\n`);
    else print(answer, terminal.stdout);
    return 0;
  } finally {
    await client.close();
  }
}

function print(answer: Explanation, stdout: Output): void {
  const { verdict, summary, agents, total } = answer;
  stdout.write(`${paint(stdout, colorOf(verdict.reason), verdict.text)}\n`);
  for (const role of answer.roles) stdout.write(roleLine(role));
  if (summary.length > 0) {
    const reasons = summary.map(({ reason, agents: count, what }) => [reason, `${count}`, what]);
    stdout.write(`\n${table([head(stdout, ['REASON', 'AGENTS', 'THEY ARE']), ...reasons], stdout.columns)}`);
  }
  if (agents.length > 0) {
    const rows = agents.map(({ hostname, reason, text, free }) => [
      hostname,
      paint(stdout, colorOf(reason), reason),
      amountCell(free, 'cpus'),
      amountCell(free, 'mem'),
      text,
    ]);
    stdout.write(`\n${table([head(stdout, ['HOST', 'REASON', 'CPUS', 'MEM', 'WHY']), ...rows], stdout.columns)}`);
    if (total > agents.length) stdout.write(`… and ${total - agents.length} more; --limit shows more\n`);
  }
  const hints = [verdict.hint, ...summary.map(({ hint }) => hint)];
  stdout.write('\nWhat can be done:\n');
  for (const hint of [...new Set(hints)].slice(0, 1 + MORE_HINTS)) stdout.write(`  ${hint}\n`);
}

function roleLine({ role, role_share: share, ahead, quota }: RoleAnswer): string {
  const limits = Object.entries(quota.left).map(([name, value]) => `${name} ${value}`);
  const parts = [
    `share ${percent(share)}`,
    ...(ahead === undefined ? [] : [`${ahead.count} before it`]),
    ...(limits.length === 0 ? [] : [`left of the limit of ${quota.role}: ${limits.join(', ')}`]),
  ];
  return `role ${role}: ${parts.join('; ')}\n`;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10}%`;
}

function head(stdout: Output, words: readonly string[]): string[] {
  return words.map((word) => paint(stdout, 'bold', word));
}

function colorOf(reason: string): Color {
  return FINE.includes(reason) ? 'green' : 'yellow';
}
