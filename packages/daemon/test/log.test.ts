/** The log: the line format operators' tools parse, levels, files. */
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLog } from '../src/index.ts';
import { formatLine } from '../src/log.ts';

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'log-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe('a log line', () => {
  it('has the form of glog', () => {
    const at = new Date(2026, 10, 21, 7, 5, 37, 123);
    expect(formatLine('INFO', 'master', 'Elected', at, 456)).toBe(
      `I1121 07:05:37.123456 ${process.pid} master] Elected\n`,
    );
    expect(formatLine('WARNING', 'agent', 'x', at, 0)).toMatch(/^W1121 07:05:37\.123000 /);
    expect(formatLine('ERROR', 'agent', 'x', new Date(2026, 0, 2, 3, 4, 5, 6), 7)).toMatch(/^E0102 03:04:05\.006007 /);
  });

  it('stays one line, whatever a client puts into it', () => {
    const line = formatLine('INFO', 'master', 'a\nI1121 forged\r\x1b[31m\x7f\ttab é', new Date(), 0);
    expect(line.endsWith('] a\\nI1121 forged\\x0d\\x1b[31m\\x7f\ttab é\n')).toBe(true);
    expect(line.split('\n').length).toBe(2);
  });
});

describe('createLog', () => {
  it('drops what is below its level, and everything when quiet', () => {
    const lines: string[] = [];
    const write = (line: string): void => {
      lines.push(line);
    };
    const log = createLog({ program: 'master', level: 'WARNING', write });
    log.info('no');
    log.warning('yes');
    log.error('yes');
    expect(lines.map((line) => line[0])).toEqual(['W', 'E']);
    createLog({ program: 'master', level: 'INFO', quiet: true, write }).error('no');
    expect(lines.length).toBe(2);
  });

  it('never shows a time before that of the line above', () => {
    const times: string[] = [];
    const log = createLog({ program: 'master', level: 'INFO', write: (line) => times.push(line.slice(1, 21)) });
    const endMs = performance.now() + 20;
    while (performance.now() < endMs) log.info('x');
    expect(times).toEqual([...times].sort());
    expect(new Set(times).size).toBeGreaterThan(25);
  });

  it('writes files per level with links, each with what is above it, too', async () => {
    const logDir = await directory();
    const log = createLog({ program: 'agent', level: 'INFO', quiet: true, logDir });
    log.info('one');
    log.error('two');
    log.close();
    expect(log.file).toBe(join(logDir, 'mesos-agent.INFO'));
    expect(await readlink(log.file!)).toMatch(/^mesos-agent\.[^/]+\.log\.INFO\.\d{8}-\d{6}\.\d+$/);
    expect(await readFile(log.file!, 'utf8')).toMatch(/\] one\nE[^\n]*\] two\n$/);
    expect(await readFile(join(logDir, 'mesos-agent.ERROR'), 'utf8')).toMatch(/^E[^\n]*\] two\n$/);
    expect((await readdir(logDir)).length).toBe(6);
  });

  it('begins a new file at the limit', async () => {
    const logDir = await directory();
    const log = createLog({ program: 'agent', level: 'ERROR', quiet: true, logDir, maxFileBytes: 100 });
    for (let i = 0; i < 5; i++) log.error(`line ${i} ${'x'.repeat(80)}`);
    log.close();
    expect((await readdir(logDir)).length).toBe(6);
    expect(await readFile(log.file!, 'utf8')).toMatch(/^E[^\n]*\] line 4 x+\n$/);
  });

  it('says when its directory cannot be written', () => {
    expect(() => createLog({ program: 'agent', level: 'INFO', logDir: '/proc/nope' })).toThrow();
  });
});
