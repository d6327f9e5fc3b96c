/** Every figure of docs/limits.md is the one in the source or the flag it names. */
import { readFileSync } from 'node:fs';
import { parseByteSize, parseDuration } from '@mesolite/base';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

interface Row {
  readonly what: string;
  readonly bound: string;
  readonly where: string;
}

const rows: Row[] = read('docs/limits.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| what'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, what = '', bound = '', , where = '']) => ({ what, bound, where }));

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  week: 604_800_000,
  days: 86_400_000,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** `64 MiB` in bytes, `30 s` in milliseconds, `1,000` as it is. */
function figure(bound: string): number {
  const [amount = '', unit] = bound.replaceAll(',', '').split(' ');
  return Number(amount) * (unit === undefined ? 1 : (UNITS[unit] ?? Number.NaN));
}

/** Of `const NAME = …;`, which must be arithmetic over literals. */
function constant(name: string, path: string): number {
  const text = new RegExp(`\\bconst ${name} = ([^;]+);`).exec(read(`packages/${path}`))?.[1] ?? '';
  const plain = text
    .replaceAll('_', '')
    .replaceAll('Number.MAXSAFEINTEGER', String(Number.MAX_SAFE_INTEGER))
    .replaceAll('Math.floor', '');
  expect(plain, `${name} in ${path}`).toMatch(/^[\d\s*+\-/()]+$/);
  const value = Math.floor(Number(new Function(`return (${plain})`)()));
  return name.endsWith('_SECONDS') ? value * 1000 : value;
}

function flagDefault(name: string): string {
  const line = read('docs/flags.md')
    .split('\n')
    .find((one) => one.startsWith(`| \`${name}\``));
  return line?.split('|')[3]?.trim().replaceAll('`', '') ?? '';
}

describe('docs/limits.md', () => {
  it('has rows', () => {
    expect(rows.length).toBeGreaterThan(60);
  });

  it.each(rows.filter(({ where }) => where.includes(' in ')))('$what: $bound', ({ bound, where }) => {
    const [, name = '', path = ''] = /^`(\w+)` in `([^`]+)`$/.exec(where) ?? [];
    expect(figure(bound)).toBe(constant(name, path));
  });

  it.each(rows.filter(({ where }) => where.startsWith('flag ')))('$what: $bound', ({ bound, where }) => {
    const given = flagDefault(/`(\w+)`/.exec(where)?.[1] ?? '');
    if (bound === 'none') {
      expect(given).toBe('–');
      return;
    }
    const [duration, bytes] = [parseDuration(given), parseByteSize(given)];
    const value = duration.ok ? duration.value : bytes.ok ? bytes.value : Number(given);
    expect(value).toBe(figure(bound));
  });

  it.each(rows.filter(({ where }) => where.startsWith('`') && !where.includes(' in ')))('$what', ({ where }) => {
    expect(read(`packages/${where.replaceAll('`', '')}`)).toMatch(/\?\? |const /);
  });
});
