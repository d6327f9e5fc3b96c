/** The real clock, timers, chance and processes, and numbers as the original prints them. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SpawnCommand } from '@mesolite/ports';
import { describe, expect, it, onTestFinished } from 'vitest';
import { jsonDouble, jsonDoubleMember, systemClock, systemRandom, systemSpawner, systemTimers } from '../src/index.ts';
import { eventually } from './sockets.ts';

describe('systemTimers', () => {
  it('fire once, not before their time, and not when cancelled', async () => {
    const start = systemClock.monotonicMs();
    let fired = 0;
    let cancelled = false;
    systemTimers.after(20, () => fired++);
    systemTimers
      .after(1, () => {
        cancelled = true;
      })
      .cancel();
    await eventually(() => fired > 0, 'the timer fires');
    expect(systemClock.monotonicMs() - start).toBeGreaterThanOrEqual(19);
    expect(fired).toBe(1);
    expect(cancelled).toBe(false);
  });

  it('wait longer than setTimeout can', async () => {
    let early = false;
    const year = systemTimers.after(365 * 24 * 3_600_000, () => {
      early = true;
    });
    let fired = false;
    systemTimers.after(5, () => {
      fired = true;
    });
    await eventually(() => fired, 'a short timer fires');
    expect(early).toBe(false);
    year.cancel();
  });
});

describe('systemRandom', () => {
  it('stays in its range', () => {
    for (let i = 0; i < 1000; i++) {
      const value = systemRandom.next();
      expect(value >= 0 && value < 1).toBe(true);
    }
    expect(systemRandom.bytes(16).length).toBe(16);
  });
});

describe('systemSpawner', () => {
  async function command(script: string): Promise<SpawnCommand & { read(): Promise<string> }> {
    const cwd = await mkdtemp(join(tmpdir(), 'spawner-'));
    onTestFinished(() => rm(cwd, { recursive: true, force: true }));
    const output = join(cwd, 'output');
    const spawn = { file: '/bin/sh', args: ['-c', script], cwd, env: { A: 'b' }, stdout: output, stderr: output };
    return { ...spawn, read: () => readFile(output, 'utf8') };
  }

  it('runs a command in its directory and environment, output appended, and tells how it ended', async () => {
    const first = await command('echo "$A in $PWD"; echo no >&2; exit 3');
    const child = systemSpawner.spawn(first);
    expect(child.pid).toBeGreaterThan(0);
    expect(await child.exit).toEqual({ code: 3 });
    expect(await first.read()).toBe(`b in ${first.cwd}\nno\n`);
    expect(await systemSpawner.spawn({ ...first, args: ['-c', 'kill -9 $$'] }).exit).toEqual({ signal: 'SIGKILL' });
    expect(await systemSpawner.spawn({ ...first, args: ['-c', 'echo more'] }).exit).toEqual({ code: 0 });
    expect(await first.read()).toMatch(/no\nmore\n$/);
  });

  it('rejects what cannot be started', async () => {
    const missing = { ...(await command('')), file: '/nonexistent' };
    await expect(systemSpawner.spawn(missing).exit).rejects.toThrow('ENOENT');
    expect(() => systemSpawner.spawn({ ...missing, stdout: '/nonexistent/stdout' })).toThrow('ENOENT');
  });
});

describe('numbers', () => {
  it('are printed as doubles', () => {
    expect(jsonDouble(9)).toBe('9.0');
    expect(jsonDouble(0.25)).toBe('0.25');
    expect(jsonDouble(1e21)).toBe('1e+21');
    expect(jsonDouble(Number.NaN)).toBe('null');
    expect(jsonDoubleMember(['a"b', 1])).toBe('"a\\"b":1.0');
  });
});
