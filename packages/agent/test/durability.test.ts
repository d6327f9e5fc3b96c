/** Checksums beside checkpoints, and the journal that lets many appends share one flush. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { systemTimers } from '@mesolite/daemon';
import { silentLog } from '@mesolite/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AgentDisk, agentsRoot, type Durability, openAgentDisk } from '../src/host/durability/agent-disk.ts';
import { ChecksumReader, checksumsPath } from '../src/host/durability/checksums.ts';
import { Journal } from '../src/host/durability/journal.ts';
import { until } from './until.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'agent-disk-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('the place of a checksum', () => {
  it.each([
    ['S/slave.info', 'S/checksums'],
    ['S/frameworks/F/framework.pid', 'S/frameworks/F/checksums'],
    ['S/frameworks/F/executors/E/executor.info', 'S/frameworks/F/executors/E/checksums'],
    ['S/frameworks/F/executors/E/runs/R/tasks/T/task.info', 'S/frameworks/F/executors/E/checksums'],
    ['S/operations/U/operation.updates', undefined],
    ['S', undefined],
    ['../boot_id', undefined],
  ])('of %s is %s', (path, file) => {
    expect(checksumsPath('/meta/slaves', join('/meta/slaves', path))).toBe(file && join('/meta/slaves', file));
  });
});

describe.each(['mesos', 'strict'] as const)('the disk of an agent, durability %s', (durability: Durability) => {
  let disk: AgentDisk;
  let info: string;
  let updates: string;
  beforeEach(async () => {
    disk = await openAgentDisk({ durability, workDirectory: directory, timers: systemTimers, log: silentLog });
    const executor = join(agentsRoot(directory), 'S/frameworks/F/executors/E');
    info = join(executor, 'executor.info');
    updates = join(executor, 'runs/R/tasks/T/task.updates');
  });

  afterEach(() => disk.close());

  const error = (path: string): string | undefined => {
    const reader = new ChecksumReader({
      agentsRoot: agentsRoot(directory),
      read: (file) => (existsSync(file) ? readFileSync(file) : undefined),
    });
    return reader.error(path, readFileSync(path));
  };
  const sums = (): string => {
    const path = checksumsPath(agentsRoot(directory), info) ?? '';
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const change = (path: string, at: number): void => {
    const data = readFileSync(path);
    data[at] = (data[at] ?? 0) ^ 1;
    writeFileSync(path, data);
  };

  it('tells a whole file that was changed, by one sum for each time it was written', async () => {
    await Promise.all([disk.writeAtomic(info, Buffer.from('one')), disk.writeAtomic(`${info}2`, Buffer.from('x'))]);
    await disk.writeAtomic(info, Buffer.from('two'));
    expect(sums().split('\n')).toHaveLength(4);
    expect(error(info)).toBeUndefined();
    // The process may die with the sum written and the file not.
    writeFileSync(info, 'one');
    expect(error(info)).toBeUndefined();
    change(info, 1);
    expect(error(info)).toContain('checksums');
    rmSync(checksumsPath(agentsRoot(directory), info) ?? '');
    expect(error(info)).toBeUndefined();
  });

  it('tells an appended record that was changed, and nothing of a torn one or one without a sum', async () => {
    for (const text of ['first ', 'second ', 'third ']) await disk.append(updates, Buffer.from(text));
    await until('the sums are there', () => sums().split('\n').length === 4);
    expect(readFileSync(updates, 'utf8')).toBe('first second third ');
    expect(error(updates)).toBeUndefined();
    appendFileSync(updates, 'of another program');
    expect(error(updates)).toBeUndefined();
    truncateSync(updates, 'first second thi'.length);
    expect(error(updates)).toBeUndefined();
    change(updates, 8);
    expect(error(updates)).toContain('checksums');
  });

  it('goes on behind a torn end that was cut off', async () => {
    await disk.append(updates, Buffer.from('first '));
    await disk.append(updates, Buffer.from('torn-record '));
    await until('the sums are there', () => sums().split('\n').length === 3);
    const next = await openAgentDisk({ durability, workDirectory: directory, timers: systemTimers, log: silentLog });
    await next.writeAtomic(updates, Buffer.from('first '));
    await next.append(updates, Buffer.from('a '));
    await next.append(updates, Buffer.from('b '));
    await next.append(updates, Buffer.from('further '));
    await next.close();
    expect(readFileSync(updates, 'utf8')).toBe('first a b further ');
    await until('the sums are there', () => sums().includes('10+8 '));
    expect(error(updates)).toBeUndefined();
    change(updates, 12);
    expect(error(updates)).toContain('checksums');
  });

  it('keeps the order of appends nobody waits for', async () => {
    const numbers = Array.from({ length: 200 }, (_, n) => `${n},`);
    await Promise.all(numbers.map((text) => disk.append(updates, Buffer.from(text))));
    expect(readFileSync(updates, 'utf8')).toBe(numbers.join(''));
  });
});

describe('the journal', () => {
  const file = (n: number): string => join(directory, 'files', `${n}`);
  const append = (path: string, text: string): number => {
    mkdirSync(dirname(path), { recursive: true });
    const offset = existsSync(path) ? readFileSync(path).length : 0;
    appendFileSync(path, text);
    return offset;
  };
  /** Appends to a hundred files, all at once. */
  const fill = async (journal: Journal): Promise<void> => {
    for (const text of ['one ', 'two ']) {
      await Promise.all(
        Array.from({ length: 100 }, (_, n) => journal.add(file(n), append(file(n), text), Buffer.from(text))),
      );
    }
    await journal.close();
  };
  const journalFiles = (): string[] => readdirSync(directory).filter((name) => name.startsWith('journal'));

  it('gives files back what a crash of the machine took, and only that', async () => {
    await fill(await Journal.begin(directory, silentLog));
    expect(journalFiles()).toEqual(['journal.1']);
    truncateSync(file(1), 4);
    truncateSync(file(2), 6);
    truncateSync(file(3), 0);
    rmSync(file(4));
    appendFileSync(file(5), 'more');
    const lines: string[] = [];
    await Journal.begin(directory, { ...silentLog, warning: (line) => void lines.push(line) });
    for (const n of [1, 2, 3, 4]) expect(readFileSync(file(n), 'utf8')).toBe('one two ');
    expect(readFileSync(file(5), 'utf8')).toBe('one two more');
    expect(lines).toEqual([`Restored 6 records from '${join(directory, 'journal.1')}'`]);
    expect(journalFiles()).toEqual([]);
  });

  it('fills in what a crash of the machine left blank', async () => {
    await fill(await Journal.begin(directory, silentLog));
    const text = readFileSync(file(1), 'latin1');
    writeFileSync(file(1), Buffer.alloc(text.length));
    await Journal.begin(directory, silentLog).then((next) => next.close());
    expect(readFileSync(file(1), 'latin1')).toBe(text);
  });

  it('raises no file whose directory is gone', async () => {
    await fill(await Journal.begin(directory, silentLog));
    rmSync(join(directory, 'files'), { recursive: true });
    await Journal.begin(directory, silentLog);
    expect(existsSync(join(directory, 'files'))).toBe(false);
  });

  it.each([1, 7, 15, 30])('stops at an entry that was torn, %i bytes before its end, or spoiled', async (bytes) => {
    const journal = await Journal.begin(directory, silentLog);
    await journal.add(file(1), append(file(1), 'one '), Buffer.from('one '));
    const whole = readFileSync(join(directory, 'journal.1')).length;
    await journal.add(file(2), append(file(2), 'two '), Buffer.from('two '));
    await journal.close();
    const path = join(directory, 'journal.1');
    if (bytes === 15) writeFileSync(path, readFileSync(path).fill(9, whole + 10, whole + 12));
    else truncateSync(path, readFileSync(path).length - bytes);
    for (const n of [1, 2]) truncateSync(file(n), 0);
    await Journal.begin(directory, silentLog);
    expect([1, 2].map((n) => readFileSync(file(n), 'utf8'))).toEqual(['one ', '']);
  });

  it('that cannot be read is named, with the way out', async () => {
    const path = join(directory, 'journal.1');
    mkdirSync(path);
    await expect(Journal.begin(directory, silentLog)).rejects.toThrow(
      `Failed to restore what '${path}' holds: EISDIR: illegal operation on a directory, read. To go on without it, move it away`,
    );
    expect(journalFiles()).toEqual(['journal.1']);
  });

  it('is begun anew when it has grown', async () => {
    const journal = await Journal.begin(directory, silentLog);
    const data = Buffer.alloc(6 * 1024 * 1024, 1);
    for (let n = 0; n < 5; n++) await journal.add(file(1), append(file(1), data.toString('latin1')), data);
    await journal.close();
    expect(journalFiles()).toEqual(['journal.2']);
    truncateSync(file(1), 3 * data.length + 5);
    await Journal.begin(directory, silentLog);
    expect(readFileSync(file(1)).length).toBe(5 * data.length);
  });
});
