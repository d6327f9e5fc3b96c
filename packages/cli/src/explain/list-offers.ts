/** `mesolite offers`: frameworks that hold offers, then the offers, as tables or as the master's JSON. */
import type { OffersOptions } from '../commands/offers.ts';
import { age, table } from '../listing/table.ts';
import { reachMaster } from '../reach-master.ts';
import { type Output, paint, type Terminal } from '../terminal.ts';
import { type Amounts, amountCell, askMaster } from './ask-master.ts';

/** The parts of the master's answer that are shown. */
interface HeldOffers {
  readonly total: number;
  readonly offers: readonly {
    readonly offer_id: string;
    readonly framework: string;
    readonly role: string;
    readonly hostname?: string;
    readonly resources: Amounts;
    readonly age_seconds: number;
  }[];
  readonly frameworks_total: number;
  readonly frameworks: readonly {
    readonly framework_id: string;
    readonly framework: string;
    readonly offers: number;
    readonly resources: Amounts;
    readonly share: number;
    readonly oldest_age_seconds: number;
  }[];
}

export async function listOffers(
  framework: string | undefined,
  options: OffersOptions,
  terminal: Terminal,
): Promise<number> {
  const client = await reachMaster(options);
  try {
    const query = { framework, limit: `${options.limit}` };
    const answer = JSON.parse(await askMaster(client, '/api/v2/offers', query)) as HeldOffers;
    if (options.json === true) terminal.stdout.write(`${JSON.stringify(answer, undefined, 2)}\n`);
    else print(answer, terminal.stdout);
    return 0;
  } finally {
    await client.close();
  }
}

function print({ total, offers, frameworks, frameworks_total: holders }: HeldOffers, stdout: Output): void {
  if (total === 0) {
    stdout.write('no offers are out\n');
    return;
  }
  const sums = frameworks.map((one) => [
    one.framework,
    one.framework_id,
    `${one.offers}`,
    amountCell(one.resources, 'cpus'),
    amountCell(one.resources, 'mem'),
    `${Math.round(one.share * 1000) / 10}%`,
    age(one.oldest_age_seconds),
  ]);
  const first = head(stdout, ['FRAMEWORK', 'ID', 'OFFERS', 'CPUS', 'MEM', 'SHARE', 'OLDEST']);
  stdout.write(table([first, ...sums], stdout.columns));
  if (holders > frameworks.length) stdout.write(`… and ${holders - frameworks.length} more frameworks\n`);
  const rows = offers.map((offer) => [
    offer.offer_id,
    offer.framework,
    offer.role,
    offer.hostname ?? '-',
    amountCell(offer.resources, 'cpus'),
    amountCell(offer.resources, 'mem'),
    age(offer.age_seconds),
  ]);
  if (rows.length === 0) return;
  const second = head(stdout, ['OFFER', 'FRAMEWORK', 'ROLE', 'HOST', 'CPUS', 'MEM', 'AGE']);
  stdout.write(`\n${table([second, ...rows], stdout.columns)}`);
  if (total > rows.length) stdout.write(`… and ${total - rows.length} more; --limit shows more\n`);
}

function head(stdout: Output, words: readonly string[]): string[] {
  return words.map((word) => paint(stdout, 'bold', word));
}
