/** Command tasks end to end on one agent: real sockets, real processes. */
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentUnderTest, runningAgent } from './running-agent.ts';
import { commandTask, framework } from './tasks.ts';
import { until } from './until.ts';

describe('command tasks', () => {
  let test: AgentUnderTest;
  beforeAll(async () => {
    test = await runningAgent();
  });
  afterAll(() => test.stop());

  const ended = (id: string): Promise<void> =>
    until(`${id} ended`, () => /FINISHED|FAILED|KILLED/.test(test.master.statesOf(id).at(-1) ?? ''));

  it('run to their end, with their output in the sandbox', async () => {
    test.master.run(framework(), commandTask('hello', 'echo out; echo err >&2'));
    await ended('hello');
    expect(test.master.statesOf('hello')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
    const runs = join(test.directory, 'work/slaves/M-S0/frameworks/F/executors/hello/runs');
    const sandbox = readlinkSync(join(runs, 'latest'));
    expect(readFileSync(join(sandbox, 'stdout'), 'utf8')).toBe('out\n');
    expect(readFileSync(join(sandbox, 'stderr'), 'utf8')).toBe('err\n');
    const last = test.master.statuses.findLast((status) => status.task_id.value === 'hello');
    expect(last).toMatchObject({
      message: 'Command exited with status 0',
      source: 'SOURCE_EXECUTOR',
      executor_id: { value: 'hello' },
      agent_id: { value: 'M-S0' },
      container_status: { network_infos: [{ ip_addresses: [{ ip_address: '127.0.0.1' }] }] },
    });
    const path = '/frameworks/F/executors/hello/runs/latest/stdout';
    const read = await fetch(`${test.url}/files/read?path=${encodeURIComponent(path)}&offset=0`);
    expect(await read.json()).toEqual({ data: 'out\n', offset: 0 });
  });

  it('fail with the status of the command', async () => {
    test.master.run(framework(), commandTask('three', 'exit 3'));
    await ended('three');
    expect(test.master.statuses.findLast((status) => status.task_id.value === 'three')).toMatchObject({
      state: 'TASK_FAILED',
      message: 'Command exited with status 3',
    });
  });

  it('see the environment of an executor', async () => {
    test.master.run(framework(), {
      ...commandTask('env', 'env | sort'),
      command: { value: 'env | sort', environment: { variables: [{ name: 'FOO', value: 'bar' }] } },
    });
    await ended('env');
    const sandbox = join(test.directory, 'work/slaves/M-S0/frameworks/F/executors/env/runs/latest');
    const lines = readFileSync(join(sandbox, 'stdout'), 'utf8').split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'FOO=bar',
        'LIBPROCESS_PORT=0',
        'LIBPROCESS_IP=127.0.0.1',
        `MESOS_AGENT_ENDPOINT=127.0.0.1:${test.agent.port}`,
        'MESOS_ALLOCATION_ROLE=*',
        'MESOS_CHECKPOINT=0',
        'MESOS_EXECUTOR_ID=env',
        'MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD=5secs',
        'MESOS_FRAMEWORK_ID=F',
        'MESOS_HTTP_COMMAND_EXECUTOR=0',
        'MESOS_SLAVE_ID=M-S0',
        `MESOS_SLAVE_PID=slave(1)@127.0.0.1:${test.agent.port}`,
      ]),
    );
  });

  it('are killed with their whole process tree', async () => {
    test.master.run(framework(), commandTask('tree', '(sleep 600 & wait); true'));
    await until('it runs', () => test.master.statesOf('tree').includes('TASK_RUNNING'));
    test.master.kill('F', 'tree');
    await ended('tree');
    expect(test.master.statesOf('tree')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_KILLED']);
  });

  it('leave no record behind in memory once acknowledged', async () => {
    const state = async (): Promise<{ frameworks: unknown[]; completed_frameworks: unknown[] }> =>
      (await fetch(`${test.url}/state`)).json() as Promise<{ frameworks: unknown[]; completed_frameworks: unknown[] }>;
    await until('the framework is done', () => test.master.statesOf('tree').at(-1) === 'TASK_KILLED');
    let seen = await state();
    const deadline = performance.now() + 5_000;
    while (seen.frameworks.length > 0 && performance.now() < deadline) seen = await state();
    expect(seen.frameworks).toEqual([]);
    expect(seen.completed_frameworks).toHaveLength(1);
  });

  it('write no checkpoints for a framework that wants none', () => {
    expect(existsSync(join(test.directory, 'work/meta/slaves/M-S0/slave.info'))).toBe(true);
    expect(existsSync(join(test.directory, 'work/meta/slaves/M-S0/frameworks'))).toBe(false);
  });
});
