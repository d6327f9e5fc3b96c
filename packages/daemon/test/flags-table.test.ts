/** docs/flags.md says what the programs do. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { flagsDocument } from '../src/index.ts';

it('is fresh: run `npm run build && node tools/flags-table.mjs` when it is not', async () => {
  const committed = await readFile(new URL('../../../docs/flags.md', import.meta.url), 'utf8');
  expect(committed).toBe(flagsDocument());
});
