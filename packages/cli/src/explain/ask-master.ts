/** Asks a master's own reads (`/api/v2/…`), which stock masters do not have. */
import type { MasterClient } from '@mesolite/sdk';
import { describeApiError } from '../describe-api-error.ts';
import { CommandError } from '../exit-codes.ts';

/** The JSON text of the answer. Throws CommandError with what the master says where it refuses. */
export async function askMaster(
  client: MasterClient,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const answer = await client.http.request({ method: 'GET', path: `${path}?${new URLSearchParams(given)}` });
  if (!answer.ok) throw new CommandError(describeApiError(answer.error));
  const text = answer.value.body.toString();
  const { status } = answer.value;
  if (status === 200) return text;
  if (status === 401) throw new CommandError('the master asks who you are: give --principal and --secret');
  throw new CommandError(text.trim() === '' || /^404/.test(text) ? `the master does not know ${path}` : text.trim());
}

/** Amounts of resources as the master writes them. */
export type Amounts = Readonly<Record<string, number | string>>;

export function amountCell(amounts: Amounts | undefined, name: string): string {
  return amounts === undefined ? '-' : `${amounts[name] ?? 0}`;
}
