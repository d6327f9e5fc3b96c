/** A watchdog that cannot be started says why. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@mesolite/ports';
import { expect, it, onTestFinished } from 'vitest';
import { startWatchdog } from '../src/index.ts';

it('names the file it could not write', async () => {
  const runtimeDirectory = mkdtempSync(join(tmpdir(), 'mesolite-watchdog-'));
  onTestFinished(() => rmSync(runtimeDirectory, { recursive: true }));
  const name = createHash('sha256').update('work').digest('hex').slice(0, 32);
  const holder = join(runtimeDirectory, 'watchdogs', name);
  mkdirSync(holder, { recursive: true });
  const started = await startWatchdog({ runtimeDirectory, owner: 'work', graceMs: 1000, log: silentLog });
  if (started.ok) await started.value.release({ wait: true });
  const text = started.ok ? '' : started.error;
  expect(text).toContain('The watchdog ended at once: ');
  expect(text).toContain(holder);
  expect(text).toMatch(/directory$/);
});
