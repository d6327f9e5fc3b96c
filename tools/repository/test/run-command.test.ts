import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isNewEnough } from '../node-version.mjs';
import { runCommand } from '../run-command.mjs';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A killed orphan may wait for init to collect it.
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (isAlive(pid)) {
    if (performance.now() > deadline) throw new Error(`process ${pid} still runs`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

it('answers with the exit code, 1 for a signal, 127 for a program that is not there', async () => {
  expect(await runCommand('sh', ['-c', 'exit 7'], { quiet: true })).toBe(7);
  expect(await runCommand('sh', ['-c', 'kill -TERM $$'], { quiet: true })).toBe(1);
  expect(await runCommand('/no/such/program', [], { quiet: true })).toBe(127);
});

it('ends a program that takes too long, and what it started', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mesolite-run-'));
  try {
    const script = `sleep 600 & echo $! > ${directory}/pid; wait`;
    expect(await runCommand('sh', ['-c', script], { quiet: true, limitMs: 500 })).toBe(1);
    await untilGone(Number(readFileSync(join(directory, 'pid'), 'utf8')));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

it('leaves nothing behind of a program that ended by itself', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mesolite-run-'));
  try {
    expect(await runCommand('sh', ['-c', `sleep 600 & echo $! > ${directory}/pid`], { quiet: true })).toBe(0);
    await untilGone(Number(readFileSync(join(directory, 'pid'), 'utf8')));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

it('knows which Node is new enough', () => {
  expect(['v20.19.0', 'v22.0.0', '24.1.2'].map(isNewEnough)).toEqual([true, true, true]);
  expect(['v20.18.9', 'v18.20.0'].map(isNewEnough)).toEqual([false, false]);
});
