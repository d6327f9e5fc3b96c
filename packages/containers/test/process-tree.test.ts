/** Who belongs to a container, decided on made-up process tables. */
import { describe, expect, it } from 'vitest';
import { type ProcessStat, parseStat, readProcessTable } from '../src/posix/process-table.ts';
import { ProcessForest } from '../src/posix/process-tree.ts';
import { statisticsOf } from '../src/posix/process-usage.ts';

function stat(pid: number, parent: number, session: number, group = session): ProcessStat {
  return {
    pid,
    parent,
    session,
    group,
    state: 'S',
    userTicks: 150,
    systemTicks: 50,
    threads: 2,
    startTicks: 1,
    residentPages: 10,
  };
}

function members(
  stats: readonly ProcessStat[],
  supervisor: number | undefined,
  marks: Record<number, string> = {},
): number[] {
  const forest = new ProcessForest(new Map(stats.map((one) => [one.pid, one])), (one) => marks[one.pid]);
  return forest
    .members({ mark: 'c', supervisor })
    .map((one) => one.pid)
    .sort((a, b) => a - b);
}

describe('the members of a container', () => {
  const supervisor = stat(1000, 500, 1000);
  const bystanders = [stat(500, 1, 500), stat(600, 1, 600)];

  it('are the descendants of the supervisor, not the supervisor', () => {
    expect(members([...bystanders, supervisor, stat(1001, 1000, 1001), stat(1002, 1001, 1001)], 1000)).toEqual([
      1001, 1002,
    ]);
  });

  it('include those who were adopted by init but stayed in the session or group', () => {
    const orphanOfSession = stat(1003, 1, 1001, 1003);
    const orphanOfGroup = stat(1004, 1, 7000, 1001);
    expect(members([supervisor, stat(1001, 1000, 1001), orphanOfSession, orphanOfGroup], 1000)).toEqual([
      1001, 1003, 1004,
    ]);
  });

  it('include sessions that members opened', () => {
    const opened = stat(1005, 1001, 1005);
    const adopted = stat(1006, 1, 1005);
    expect(members([supervisor, stat(1001, 1000, 1001), opened, adopted], 1000)).toEqual([1001, 1005, 1006]);
  });

  it('include whoever carries the mark, and its children', () => {
    const escaped = stat(2000, 1, 2000);
    const child = stat(2001, 2000, 2001);
    expect(members([...bystanders, supervisor, escaped, child], 1000, { 2000: 'c' })).toEqual([2000, 2001]);
    expect(members([...bystanders, escaped, child], undefined, { 2000: 'c' })).toEqual([2000, 2001]);
    expect(members([...bystanders, escaped], undefined, { 2000: 'other' })).toEqual([]);
  });

  it('never include the sessions of the agent, of the supervisor, nor init', () => {
    const young = stat(1001, 1000, 1000);
    expect(members([supervisor, young, stat(9, 1, 1000)], 1000)).toEqual([1001]);
    expect(members([stat(1, 0, 1), stat(process.pid, 1, 77), stat(5, 1, 77)], undefined, { 1: 'c' })).toEqual([]);
  });
});

describe('lines of /proc', () => {
  it('hold names of any kind', () => {
    const line = `42 (a) b (c) S 7 40 41 ${Array.from({ length: 40 }, (_, index) => 100 + index).join(' ')}`;
    expect(parseStat(line)).toMatchObject({ pid: 42, state: 'S', parent: 7, group: 40, session: 41, startTicks: 115 });
    expect(parseStat('')).toBeUndefined();
    expect(parseStat('42 (a)')).toBeUndefined();
  });

  it('show this process among its own', async () => {
    expect((await readProcessTable()).get(process.pid)?.parent).toBe(process.ppid);
  });
});

describe('usage', () => {
  it('adds up', () => {
    const used = statisticsOf([stat(1, 0, 1), stat(2, 1, 1)], {
      wallMs: 1500,
      resources: [
        { name: 'cpus', type: 'SCALAR', scalar: { value: 0.5 } },
        { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
      ],
    });
    expect(used).toMatchObject({
      timestamp: 1.5,
      processes: 2,
      threads: 4,
      cpus_user_time_secs: 3,
      cpus_system_time_secs: 1,
      cpus_soft_limit: 0.5,
      mem_limit_bytes: 32 * 1024 * 1024,
    });
    expect(used.mem_rss_bytes).toBeGreaterThan(0);
  });
});
