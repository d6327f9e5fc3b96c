import type { TaskInfo } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { CommandExecutor, type CommandExecutorAction, OVERDUE_GRACE_MS } from '../src/index.ts';

function task(more: Partial<TaskInfo> = {}): TaskInfo {
  return { name: 't', task_id: { value: 't' }, agent_id: { value: 'a' }, command: { value: 'sleep 1' }, ...more };
}

function executor(more: Partial<TaskInfo> = {}, capable = true): CommandExecutor {
  return new CommandExecutor({
    task: task(more),
    capabilities: capable ? ['TASK_KILLING_STATE'] : [],
    shutdownGracePeriodMs: 5000,
  });
}

const seconds = (n: number) => ({ nanoseconds: BigInt(n) * 1_000_000_000n });
const words = (actions: CommandExecutorAction[]): string[] =>
  actions.map((a) =>
    a.kind === 'signal'
      ? a.signal
      : [a.status.state, a.status.reason, a.status.message].filter((x) => x !== undefined).join(' '),
  );

describe('a command task', () => {
  it('starts, runs, finishes with the status in its message', () => {
    const e = executor();
    expect(words(e.step({ kind: 'forked' }, 0))).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
    expect(words(e.step({ kind: 'exited', status: 0 }, 5))).toEqual(['TASK_FINISHED Command exited with status 0']);
    expect(e.wakeAtMs).toBeUndefined();
  });

  it.each([
    [3 << 8, 'TASK_FAILED Command exited with status 3'],
    [15, 'TASK_FAILED Command terminated with signal Terminated'],
    [9, 'TASK_FAILED Command terminated with signal Killed'],
    [11 | 0x80, 'TASK_FAILED Command terminated with signal Segmentation fault (core dumped)'],
    [undefined, 'TASK_FAILED Failed to get exit status for Command'],
  ])('fails on status %s', (status, text) => {
    const e = executor();
    e.step({ kind: 'forked' }, 0);
    expect(words(e.step({ kind: 'exited', status }, 1))).toEqual([text]);
  });

  it('is killed by SIGTERM, then after three seconds by SIGKILL', () => {
    const e = executor();
    e.step({ kind: 'forked' }, 0);
    expect(words(e.step({ kind: 'kill' }, 100))).toEqual(['TASK_KILLING', 'SIGTERM']);
    expect(e.wakeAtMs).toBe(3100);
    expect(words(e.step({ kind: 'woken' }, 3099))).toEqual([]);
    expect(words(e.step({ kind: 'woken' }, 3100))).toEqual(['SIGKILL']);
    expect(words(e.step({ kind: 'exited', status: 9 }, 3101))).toEqual([
      'TASK_KILLED Command terminated with signal Killed',
    ]);
  });

  it('counts as killed even when it exits with 0', () => {
    const e = executor();
    e.step({ kind: 'forked' }, 0);
    e.step({ kind: 'kill' }, 1);
    expect(words(e.step({ kind: 'exited', status: 0 }, 2))).toEqual(['TASK_KILLED Command exited with status 0']);
  });

  it('is silent about TASK_KILLING without the capability', () => {
    const e = executor({}, false);
    e.step({ kind: 'forked' }, 0);
    expect(words(e.step({ kind: 'kill' }, 1))).toEqual(['SIGTERM']);
  });

  it('takes the grace of the kill before the one of the task', () => {
    const own = executor({ kill_policy: { grace_period: seconds(20) } });
    own.step({ kind: 'forked' }, 0);
    own.step({ kind: 'kill' }, 0);
    expect(own.wakeAtMs).toBe(20_000);
    const told = executor({ kill_policy: { grace_period: seconds(20) } });
    told.step({ kind: 'forked' }, 0);
    told.step({ kind: 'kill', killPolicy: { grace_period: seconds(1) } }, 0);
    expect(told.wakeAtMs).toBe(1000);
  });

  it('lets a second kill only shorten the grace, counted from the first', () => {
    const e = executor();
    e.step({ kind: 'forked' }, 0);
    e.step({ kind: 'kill', killPolicy: { grace_period: seconds(10) } }, 0);
    expect(words(e.step({ kind: 'kill', killPolicy: { grace_period: seconds(60) } }, 1000))).toEqual([]);
    expect(e.wakeAtMs).toBe(10_000);
    e.step({ kind: 'kill', killPolicy: { grace_period: seconds(4) } }, 2000);
    expect(e.wakeAtMs).toBe(4000);
    e.step({ kind: 'kill', killPolicy: { grace_period: seconds(1) } }, 3000);
    expect(e.wakeAtMs).toBe(3000);
  });

  it('fails at its maximum completion time, without TASK_KILLING and with hardly any grace', () => {
    const e = executor({ max_completion_time: seconds(2) });
    e.step({ kind: 'forked' }, 0);
    expect(e.wakeAtMs).toBe(2000);
    expect(words(e.step({ kind: 'woken' }, 2000))).toEqual(['SIGTERM']);
    expect(e.wakeAtMs).toBe(2000 + OVERDUE_GRACE_MS);
    expect(words(e.step({ kind: 'woken' }, 2000 + OVERDUE_GRACE_MS))).toEqual(['SIGKILL']);
    expect(words(e.step({ kind: 'exited', status: 15 }, 2000 + OVERDUE_GRACE_MS))).toEqual([
      'TASK_FAILED REASON_MAX_COMPLETION_TIME_REACHED Command terminated with signal Terminated',
    ]);
  });

  it('forgets its completion time once it is killed', () => {
    const e = executor({ max_completion_time: seconds(2) });
    e.step({ kind: 'forked' }, 0);
    e.step({ kind: 'kill' }, 1000);
    expect(e.wakeAtMs).toBe(4000);
    expect(words(e.step({ kind: 'exited', status: 15 }, 1100))).toEqual([
      'TASK_KILLED Command terminated with signal Terminated',
    ]);
  });

  it('shuts down within the grace of the agent', () => {
    const e = executor();
    e.step({ kind: 'forked' }, 0);
    expect(words(e.step({ kind: 'shutdown' }, 0))).toEqual(['TASK_KILLING', 'SIGTERM']);
    expect(e.wakeAtMs).toBe(3000);
  });

  it('ignores what comes before the fork or after the end', () => {
    const e = executor();
    expect(e.step({ kind: 'kill' }, 0)).toEqual([]);
    e.step({ kind: 'forked' }, 0);
    e.step({ kind: 'exited', status: 0 }, 1);
    expect(e.step({ kind: 'kill' }, 2)).toEqual([]);
    expect(e.step({ kind: 'woken' }, 2)).toEqual([]);
    expect(e.step({ kind: 'exited', status: 0 }, 2)).toEqual([]);
  });

  it('carries an empty check status when it has a check', () => {
    const e = executor({ check: { type: 'COMMAND', command: { command: { value: 'true' } } } });
    expect(e.step({ kind: 'forked' }, 0)[0]).toMatchObject({
      status: { check_status: { type: 'COMMAND', command: {} } },
    });
  });
});
