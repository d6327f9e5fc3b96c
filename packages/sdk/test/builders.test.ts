import { TaskInfo } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { executor, fits, parseOrigin, portsOf, program, resources, scalarOf, shell, task } from '../src/index.ts';

describe('builders', () => {
  it('make messages that can be written', () => {
    const built = task({
      id: 't',
      command: shell('env', { env: { A: '1' }, uris: ['http://x/y', { value: '/z', executable: true }], user: 'u' }),
      cpus: 0.1,
      mem: 32,
      disk: 0,
      ports: [[31000, 31001]],
      killGraceMs: 1500,
      maxCompletionMs: 60_000,
      labels: { tier: 'web' },
    });
    const read = TaskInfo.decode(TaskInfo.encode({ ...built, agent_id: { value: 'A' } }));
    expect(read).toMatchObject({
      name: 't',
      resources: [
        { name: 'cpus' },
        { name: 'mem' },
        { name: 'ports', ranges: { range: [{ begin: 31000, end: 31001 }] } },
      ],
      command: {
        shell: true,
        value: 'env',
        user: 'u',
        uris: [{ value: 'http://x/y' }, { value: '/z', executable: true }],
        environment: { variables: [{ name: 'A', value: '1' }] },
      },
      kill_policy: { grace_period: { nanoseconds: 1_500_000_000n } },
      max_completion_time: { nanoseconds: 60_000_000_000n },
      labels: { labels: [{ key: 'tier', value: 'web' }] },
    });
  });

  it('give a program its own name as first argument', () => {
    expect(program('/bin/ls', ['-l'])).toMatchObject({ shell: false, value: '/bin/ls', arguments: ['/bin/ls', '-l'] });
    expect(executor({ id: 'e', command: 'run', cpus: 1 })).toMatchObject({
      type: 'CUSTOM',
      executor_id: { value: 'e' },
      command: { shell: true, value: 'run' },
    });
  });

  it('measure offers exactly', () => {
    const offered = [
      ...resources({
        cpus: 0.1,
        mem: 64,
        ports: [
          [1, 2],
          [5, 6],
        ],
      }),
      ...resources({ cpus: 0.2 }),
    ];
    expect(scalarOf(offered, 'cpus')).toBe(0.3);
    expect(fits(offered, { cpus: 0.3, mem: 64, ports: [[5, 6]] })).toBe(true);
    expect(fits(offered, { cpus: 0.301 })).toBe(false);
    expect(fits(offered, { ports: [[2, 5]] })).toBe(false);
    expect(portsOf(offered, 3)).toEqual([1, 2, 5]);
    expect(portsOf(offered, 5)).toBeUndefined();
    expect(scalarOf(undefined, 'cpus')).toBe(0);
  });
});

describe('addresses', () => {
  it.each([
    ['127.0.0.1:5050', 'http://127.0.0.1:5050'],
    ['master', 'http://master:5050'],
    ['https://master:443/', 'https://master:443'],
    ['[::1]:5050', 'http://[::1]:5050'],
    ['master@10.0.0.1:5050', 'http://10.0.0.1:5050'],
  ])('%s is %s', (text, origin) => {
    expect(parseOrigin(text, 5050)).toEqual({ ok: true, value: origin });
  });

  it.each([
    '',
    'a b',
    'host:0',
    'host:70000',
    'zk://a/b',
    'host:5050/path',
    'user@host:5050',
  ])('%s is refused', (text) => {
    expect(parseOrigin(text, 5050).ok).toBe(false);
  });
});
