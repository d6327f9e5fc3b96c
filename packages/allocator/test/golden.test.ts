import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runScript } from './script.ts';

const DIRECTORY = new URL('./golden/', import.meta.url);

describe('golden scripts', () => {
  const scripts = readdirSync(DIRECTORY).filter((file) => file.endsWith('.txt'));

  for (const name of scripts) {
    it(name, () => {
      const file = new URL(name, DIRECTORY);
      const written = readFileSync(file, 'utf8');
      const answered = runScript(written);
      if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(file, answered);
      else expect(answered).toBe(written);
    });
  }

  it('show each rule of the table, and no other', () => {
    const shown = scripts.flatMap((name) =>
      [...readFileSync(new URL(name, DIRECTORY), 'utf8').matchAll(/^# rule (\d\.\d): (.+)$/gm)].map(
        ([, part, rule]) => `| ${part} | ${rule} | \`${name}\` |`,
      ),
    );
    const table = readFileSync(new URL('README.md', DIRECTORY), 'utf8').match(/^\| \d.*$/gm) ?? [];
    expect([...table].sort()).toEqual(shown.sort());
    expect(new Set(table).size).toBe(table.length);
    // A rule line must be followed by commands that show it.
    for (const name of scripts)
      expect(readFileSync(new URL(name, DIRECTORY), 'utf8'), name).not.toMatch(/^# rule .*\n(#.*\n)*(\n|$)/m);
  });
});
