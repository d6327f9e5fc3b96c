import type { Task, TaskState } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { describeStatus } from '../src/execute/describe-status.ts';
import { exitStatusOf } from '../src/execute/exit-status.ts';
import { taskRows } from '../src/listing/list-tasks.ts';
import { age, table } from '../src/listing/table.ts';
import { chooseTask } from '../src/sandbox/find-task.ts';
import { lastLines } from '../src/sandbox/print-file.ts';
import { recordedTerminal } from './recorded-terminal.ts';

function task(id: string, framework: string, state: TaskState, started?: number): Task {
  return {
    name: id,
    task_id: { value: id },
    framework_id: { value: framework },
    agent_id: { value: 'S0' },
    state,
    resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 0.5 } }],
    ...(started === undefined ? {} : { statuses: [{ task_id: { value: id }, state, timestamp: started }] }),
  };
}

describe('the exit status of a task', () => {
  it.each<[TaskState, string | undefined, number]>([
    ['TASK_FINISHED', 'Command exited with status 0', 0],
    ['TASK_FINISHED', undefined, 0],
    ['TASK_FAILED', 'Command exited with status 3', 3],
    ['TASK_FAILED', 'Command terminated with signal Killed', 137],
    ['TASK_FAILED', 'Command terminated with signal Segmentation fault (core dumped)', 139],
    ['TASK_KILLED', 'Command terminated with signal Terminated', 143],
    ['TASK_KILLED', 'Command exited with status 0', 0],
    ['TASK_KILLED', 'Killed before delivery', 143],
    ['TASK_FAILED', 'Failed to fetch', 1],
    ['TASK_ERROR', 'Task uses no resources', 1],
    ['TASK_LOST', undefined, 1],
  ])('%s "%s" is %d', (state, message, code) => {
    expect(exitStatusOf({ state, message })).toBe(code);
  });
});

describe('a status in words', () => {
  it('has a reason where something went wrong', () => {
    const { stderr } = recordedTerminal();
    const status = {
      task_id: { value: 't' },
      reason: 'REASON_CONTAINER_LAUNCH_FAILED',
      message: 'no such file',
    } as const;
    expect(describeStatus({ ...status, state: 'TASK_FAILED' }, stderr)).toBe(
      'TASK_FAILED  no such file  (REASON_CONTAINER_LAUNCH_FAILED)',
    );
    expect(describeStatus({ ...status, state: 'TASK_RUNNING' }, stderr)).toBe('TASK_RUNNING  no such file');
  });

  it('is coloured on terminals that want it', () => {
    const output = { ...recordedTerminal().stderr, colored: true };
    expect(describeStatus({ task_id: { value: 't' }, state: 'TASK_FINISHED' }, output)).toContain(
      '\u001b[32mTASK_FINISHED',
    );
  });
});

describe('tables', () => {
  it('align cells, whatever their colours', () => {
    expect(
      table([
        ['A', 'LONG', 'Z'],
        ['\u001b[32mwide\u001b[0m', 'x', 'y'],
      ]),
    ).toBe('A     LONG  Z\n\u001b[32mwide\u001b[0m  x     y\n');
  });

  it('cut the widest columns where the line is limited', () => {
    const id = 'x'.repeat(255);
    const rows = [
      ['TASK', 'STATE', 'FRAMEWORK', 'AGE'],
      [id, 'RUNNING', 'a framework with a long name', '3m'],
      ['short', 'RUNNING', 'f', '3m'],
    ];
    expect(table(rows, 60)).toBe(
      [
        'TASK                    STATE    FRAMEWORK               AGE',
        'xxxxxxxxxxxxxxxxxxxxx…  RUNNING  a framework with a lo…  3m',
        'short                   RUNNING  f                       3m',
        '',
      ].join('\n'),
    );
    for (const width of [40, 59, 61, 80, 120])
      expect(
        Math.max(
          ...table(rows, width)
            .split('\n')
            .map((line) => line.length),
        ),
      ).toBe(width);
    expect(table(rows, 400)).toBe(table(rows));
    expect(table(rows)).toContain(id);
    // Narrower than that nobody can read: lines wrap.
    expect(table([[id, id, id]], 3)).toBe('xxxxxxx…  xxxxxxx…  xxxxxxx…\n');
  });

  it('end a colour behind what is cut', () => {
    expect(table([['\u001b[32mverylongword\u001b[0m', 'z']], 11)).toBe('\u001b[32mverylon…\u001b[0m  z\n');
  });

  it('never cut a character in two', () => {
    expect(table([['🙂'.repeat(20), 'z']], 15)).toBe(`${'🙂'.repeat(11)}…  z\n`);
  });

  it('tell ages in one unit', () => {
    expect([0, 59.9, 60, 3599, 7200, 200_000, Number.NaN].map(age)).toEqual([
      '0s',
      '59s',
      '1m',
      '59m',
      '2h',
      '2d',
      '-',
    ]);
  });
});

describe('rows of tasks', () => {
  it('join tasks with their frameworks and hosts, oldest first', () => {
    const rows = taskRows(
      {
        tasks: [task('b', 'F1', 'TASK_RUNNING', 20), task('new', 'F1', 'TASK_STAGING')],
        completed_tasks: [task('a', 'F0', 'TASK_FINISHED', 10)],
      },
      {
        frameworks: [
          {
            framework_info: { user: 'u', name: 'one', id: { value: 'F1' } },
            active: true,
            connected: true,
            recovered: false,
          },
        ],
        completed_frameworks: [
          {
            framework_info: { user: 'u', name: 'old', id: { value: 'F0' } },
            active: false,
            connected: false,
            recovered: false,
          },
        ],
      },
      { agents: [{ agent_info: { hostname: 'h', id: { value: 'S0' } }, active: true, version: '1' }] },
      true,
    );
    expect(rows.map(({ id, framework, host, cpus, state }) => [id, framework, host, cpus, state])).toEqual([
      ['a', 'old', 'h', 0.5, 'TASK_FINISHED'],
      ['b', 'one', 'h', 0.5, 'TASK_RUNNING'],
      ['new', 'one', 'h', 0.5, 'TASK_STAGING'],
    ]);
  });
});

describe('choosing a task', () => {
  const tasks = [
    task('web-1', 'F1', 'TASK_RUNNING'),
    task('web-10', 'F1', 'TASK_RUNNING'),
    task('web-1', 'F2', 'TASK_RUNNING'),
  ];

  it('prefers the whole id, then a part only one has', () => {
    expect(chooseTask(tasks, 'web-1', 'F1').framework_id.value).toBe('F1');
    expect(chooseTask(tasks, '10', undefined).task_id.value).toBe('web-10');
  });

  it('asks when several are meant', () => {
    expect(() => chooseTask(tasks, 'web-1', undefined)).toThrow(/one of 2 tasks:\n {2}web-1 --framework=F1\n/);
    expect(() => chooseTask(tasks, 'web', undefined)).toThrow(/one of 3 tasks/);
    expect(() => chooseTask(tasks, 'db', undefined)).toThrow(/no task 'db'/);
  });
});

describe('last lines', () => {
  const last = (text: string, lines: number) => lastLines(Buffer.from(text), lines).toString();

  it('count a line without its end as one', () => {
    expect(last('a\nb\nc\n', 2)).toBe('b\nc\n');
    expect(last('a\nb\nc', 2)).toBe('b\nc');
    expect(last('a\n', 5)).toBe('a\n');
    expect(last('', 5)).toBe('');
    expect(last('a\n\n\n', 2)).toBe('\n\n');
    expect(last('a\nb\n', 0)).toBe('');
  });
});
