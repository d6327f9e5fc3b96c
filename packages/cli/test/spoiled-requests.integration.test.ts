/** The fuzzer in small: it ends well against real daemons, and its figures can be read. */
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const FUZZER = join(dirname(fileURLToPath(import.meta.url)), '../../../tools/fuzz.mjs');
const LIMIT_MS = 240_000;

it(
  'leave master, agent and the frameworks of others as they were',
  async () => {
    const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
      execFile(process.execPath, [FUZZER, '--count=20', '--seed=7'], { timeout: LIMIT_MS }, (error, stdout, stderr) => {
        resolve({ code: error?.code ?? 0, output: stdout + stderr });
      });
    });
    expect(output).toContain('no failures');
    expect(output).toMatch(/seed 7: \d+ requests to \d+ targets, 20 each/);
    expect(code).toBe(0);
  },
  LIMIT_MS + 10_000,
);
