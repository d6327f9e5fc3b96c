/** The golden scripts say what they show. `UPDATE_GOLDEN=1` writes the answers anew: read the difference. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runScript } from './script.ts';

const DIRECTORY = new URL('./golden/', import.meta.url);

describe('golden scripts', () => {
  for (const name of readdirSync(DIRECTORY)) {
    it(name, () => {
      const file = new URL(name, DIRECTORY);
      const written = readFileSync(file, 'utf8');
      const answered = runScript(written);
      if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(file, answered);
      else expect(answered).toBe(written);
    });
  }
});
