/** The plan as data and the plan in words are one plan. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { at } from '../../repository/layout.mjs';
import { MAY_IMPORT } from '../plan.mjs';

interface Row {
  readonly floor: string;
  readonly names: readonly string[];
  readonly mayImport: string;
}

const rows: readonly Row[] = readFileSync(at('docs', 'architecture.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| *(\d|top) *\| *`/.test(line))
  .map((line) => {
    const [, floor = '', names = '', , mayImport = ''] = line.split('|');
    return {
      floor: floor.trim(),
      names: [...names.matchAll(/`([a-z]+)`/g)].map(([, name]) => `${name}`),
      mayImport: mayImport.trim(),
    };
  });

function upToFloor(last: number): string[] {
  return rows.filter(({ floor }) => Number(floor) <= last).flatMap(({ names }) => names);
}

/** What the words of a row mean for one package of it. */
function meaning(name: string, { floor, mayImport }: Row): string[] {
  if (mayImport === '–') return [];
  if (mayImport === 'everything below') return upToFloor(Number(floor) - 1);
  if (mayImport === 'any core') return upToFloor(5);
  return mayImport.split('; ').flatMap((clause) => {
    const [, last] = /^floors 0–(\d)$/.exec(clause) ?? [];
    if (last !== undefined) return upToFloor(Number(last));
    const [, who, what] = /^(\w+) also (\w+)$/.exec(clause) ?? [];
    if (what !== undefined) return who === name ? [what] : [];
    return clause.split(', ');
  });
}

it('names the same packages', () => {
  expect(rows.flatMap(({ names }) => names).sort()).toEqual(Object.keys(MAY_IMPORT).sort());
});

it.each(rows.flatMap((row) => row.names.map((name) => ({ name, row }))))('says the same of $name', ({ name, row }) => {
  const planned: readonly string[] = MAY_IMPORT[name as keyof typeof MAY_IMPORT];
  expect([...planned].sort()).toEqual(meaning(name, row).sort());
});
