/** A core that goes on from what an earlier one wrote: every rule of the recovery, on virtual time. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerId } from '@mesolite/base';
import { type FrameworkInfo, ReconnectExecutorMessage, ReregisterAgentMessage } from '@mesolite/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContainerEnd } from '../src/core/index.ts';
import { AGENT, type CoreHarness, MASTER } from './core-harness.ts';
import { customExecutor, framework } from './tasks.ts';
import { WrittenTree } from './written-tree.ts';

const KEPT = framework({ checkpoint: true });
const UNAWARE = framework({ checkpoint: true, capabilities: [{ type: 'MULTI_ROLE' }] });

describe('a core that goes on', () => {
  let tree: WrittenTree;
  let first: CoreHarness;
  beforeEach(() => {
    tree = new WrittenTree();
    first = tree.registered();
  });
  afterEach(() => tree.remove());

  /** A registered custom executor with one task delivered. */
  const custom = (id = 'a', info: FrameworkInfo = KEPT): ContainerId => {
    first.run({ id, executor: customExecutor('E', 'x') }, info);
    const containerId = first.launched();
    first.step({ kind: 'container-launched', containerId, pid: 77 });
    first.subscribe('E');
    first.take();
    return containerId;
  };
  const recover = (harness: CoreHarness, ...running: ContainerId[]): void =>
    harness.step({
      kind: 'containers-recovered',
      running: running.map((containerId) => ({ containerId, pid: 99 })),
    });
  const ended = (harness: CoreHarness, containerId: ContainerId, end: ContainerEnd = {}): void =>
    harness.step({ kind: 'container-ended', containerId, end });
  /** Lets the time to come back pass, and registers. */
  const register = (harness: CoreHarness): ReregisterAgentMessage | undefined => {
    harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
    harness.advance(2_000);
    if (harness.of('detect-leader').length > 0) {
      harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
    }
    harness.advance(1_000);
    const [message] = harness.sent(ReregisterAgentMessage);
    harness.take();
    harness.fromMaster('agent-reregistered', { agent_id: { value: AGENT } });
    return message;
  };

  it('asks for its containers, is silent for two seconds, then registers with what runs', async () => {
    const containerId = first.running('t', KEPT);
    const harness = await tree.next();
    expect(harness.of('recover-containers')).toMatchObject([
      { containers: [{ containerId, forkedPid: 4711 }], rebooted: false },
    ]);
    harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
    harness.advance(60_000);
    recover(harness, containerId);
    harness.advance(1_999);
    harness.fromMaster('ping-received', { connected: true });
    expect(harness.of('send').map(({ name }) => name)).toEqual(['mesos.internal.PongSlaveMessage']);
    harness.run({ id: 'u' }, KEPT);
    expect(harness.of('launch-container')).toEqual([]);
    harness.advance(1);
    expect(harness.of('detect-leader')).toHaveLength(1);
    harness.take();
    const message = register(harness);
    expect(message).toMatchObject({
      agent: { id: { value: AGENT } },
      frameworks: [{ id: { value: 'F' } }],
      tasks: [
        {
          task_id: { value: 't' },
          state: 'TASK_RUNNING',
          statuses: [{ state: 'TASK_STARTING' }, { state: 'TASK_RUNNING' }],
        },
      ],
    });
    expect(message?.executor_infos ?? []).toEqual([]);
    expect(harness.of('write-file').some(({ path }) => path.endsWith('boot_id') || path.endsWith('slave.info'))).toBe(
      true,
    );
    expect(harness.metricsNow).toMatchObject({
      'slave/recovery_time_secs': 62,
      'slave/recovery_errors': 0,
      'slave/tasks_running': 1,
    });
    // Goes on as if nothing had been.
    harness.take();
    harness.fromMaster('kill-task', { framework_id: { value: 'F' }, task_id: { value: 't' } });
    expect(harness.of('signal-container')).toEqual([{ kind: 'signal-container', containerId, signal: 'SIGTERM' }]);
    ended(harness, containerId, { status: 15 });
    harness.acknowledgeAll();
    expect(harness.told()).toEqual(['TASK_KILLING', 'TASK_KILLED']);
    expect(harness.core.state.frameworks.size).toBe(0);
    expect(harness.core.state.used.isEmpty).toBe(true);
  });

  it('tells updates again that nobody acknowledged, with their uuids, and the true end', async () => {
    first.run({ id: 't' }, KEPT);
    const containerId = first.launched();
    first.step({ kind: 'container-launched', containerId, pid: 1 });
    const [starting] = first.updates();
    first.take();
    const harness = await tree.next();
    recover(harness);
    ended(harness, containerId, { status: 3 << 8 });
    expect(register(harness)?.tasks?.map(({ state }) => state)).toEqual(['TASK_FAILED']);
    expect(harness.updates()[0]?.uuid).toEqual(starting?.uuid);
    expect(harness.updates()[0]?.latest_state).toBe('TASK_FAILED');
    harness.acknowledgeAll();
    expect(harness.told()).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FAILED']);
    expect(harness.updates().at(-1)?.status.message).toBe('Command exited with status 3');
    expect(harness.core.state.streams.size).toBe(0);
    expect(harness.of('forget-container')).toHaveLength(1);
  });

  it('tells the end of a task again that was told, and knows nothing more of one whose end was acknowledged', async () => {
    const open = first.running('open', KEPT);
    ended(first, open, { status: 0 });
    const done = first.running('done', framework({ id: { value: 'G' }, checkpoint: true }));
    ended(first, done, { status: 0 });
    first.acknowledgeAll('G');
    const harness = await tree.next();
    const [effect] = harness.of('recover-containers');
    expect(effect?.containers.map(({ containerId }) => containerId)).toEqual([open]);
    recover(harness);
    ended(harness, open, { status: 0 });
    const message = register(harness);
    expect(message?.tasks?.map(({ task_id, state }) => [task_id.value, state])).toEqual([['open', 'TASK_FINISHED']]);
    expect(message?.completed_frameworks?.map(({ framework_info }) => framework_info.id?.value)).toEqual(['G']);
    expect(harness.told()).toEqual(['TASK_FINISHED']);
    harness.acknowledgeAll();
    expect(harness.core.state.frameworks.size).toBe(0);
    expect(harness.metricsNow['slave/tasks_finished']).toBe(0);
  });

  it('remembers that it was killing a task, with the time that is left', async () => {
    const containerId = first.running('t', UNAWARE);
    first.fromMaster('kill-task', {
      framework_id: { value: 'F' },
      task_id: { value: 't' },
      kill_policy: { grace_period: { nanoseconds: 30_000_000_000n } },
    });
    first.advance(10_000);
    const harness = await tree.next({}, 11_000);
    harness.take();
    recover(harness, containerId);
    expect(harness.of('signal-container').map(({ signal }) => signal)).toEqual(['SIGTERM']);
    harness.take();
    harness.advance(19_999);
    expect(harness.of('signal-container')).toEqual([]);
    harness.advance(2);
    expect(harness.of('signal-container').map(({ signal }) => signal)).toEqual(['SIGKILL']);
    ended(harness, containerId, { status: 9 });
    register(harness);
    expect(harness.told()).toEqual(['TASK_KILLED']);
  });

  it('tells that a task was killed that ended while nobody was there', async () => {
    const containerId = first.running('t', KEPT);
    first.fromMaster('kill-task', { framework_id: { value: 'F' }, task_id: { value: 't' } });
    first.acknowledgeAll();
    const harness = await tree.next();
    recover(harness);
    ended(harness, containerId, { status: 15 });
    register(harness);
    expect(harness.told()).toEqual(['TASK_KILLED']);
  });

  it('holds a task to the time it was given, from its first start', async () => {
    const limit = { max_completion_time: { nanoseconds: 60_000_000_000n } };
    const containerId = first.running('t', KEPT, limit);
    const harness = await tree.next({}, 31_000);
    recover(harness, containerId);
    register(harness);
    harness.take();
    harness.advance(26_000);
    expect(harness.of('signal-container')).toEqual([]);
    harness.advance(2_000);
    expect(harness.of('signal-container')[0]).toMatchObject({ containerId, signal: 'SIGTERM' });
    ended(harness, containerId, { status: 15 });
    harness.acknowledgeAll();
    expect(harness.told()).toEqual(['TASK_FAILED REASON_MAX_COMPLETION_TIME_REACHED']);
  });

  it('knows a kill from the updates alone when its own file is missing', async () => {
    const containerId = first.running('t', KEPT);
    first.fromMaster('kill-task', { framework_id: { value: 'F' }, task_id: { value: 't' } });
    first.acknowledgeAll();
    await tree.read();
    writeFileSync(tree.path('frameworks/F/executors/t/runs', containerId, 'command_task.state'), '');
    const harness = await tree.next();
    recover(harness);
    ended(harness, containerId, { status: 15 });
    register(harness);
    expect(harness.told()).toEqual(['TASK_KILLED']);
  });

  it.each([
    ['runs', true, ['TASK_STARTING', 'TASK_RUNNING']],
    ['ended', false, ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']],
  ])('tells of a task from its start that was started unseen and %s', async (_what, runs, told) => {
    first.run({ id: 't' }, KEPT);
    const containerId = first.launched();
    const harness = await tree.next();
    recover(harness, ...(runs ? [containerId] : []));
    if (!runs) ended(harness, containerId, { status: 0 });
    register(harness);
    harness.acknowledgeAll();
    expect(harness.told()).toEqual(told);
  });

  it.each([
    [KEPT, 'TASK_DROPPED REASON_AGENT_RESTARTED'],
    [UNAWARE, 'TASK_LOST REASON_AGENT_RESTARTED'],
  ])('drops a task that was never started', async (info, told) => {
    first.run({ id: 't' }, info);
    const containerId = first.launched();
    const harness = await tree.next();
    recover(harness);
    ended(harness, containerId);
    register(harness);
    expect(harness.told()).toEqual([told]);
    expect(harness.updates()[0]?.status.message).toBe('Task launched during agent restart');
  });

  it('does not know the end of a command whose supervisor was killed', async () => {
    const containerId = first.running('t', KEPT);
    const harness = await tree.next();
    recover(harness);
    ended(harness, containerId);
    register(harness);
    expect(harness.updates()[0]?.status).toMatchObject({
      state: 'TASK_FAILED',
      message: 'Failed to get exit status for Command',
    });
  });

  it('takes a custom executor back, once its container is found, with what it could not say', async () => {
    const containerId = custom();
    first.run({ id: 'b', executor: customExecutor('E', 'x') }, KEPT);
    const harness = await tree.next();
    harness.take();
    harness.subscribe('E');
    expect(harness.of('reply')).toMatchObject([{ status: 503, text: 'Agent has not finished recovery' }]);
    recover(harness, containerId);
    const status = { task_id: { value: 'a' }, state: 'TASK_RUNNING' as const, uuid: new Uint8Array(16).fill(5) };
    harness.subscribe('E', { unacknowledged_updates: [{ status }], unacknowledged_tasks: [] });
    expect(harness.events().map(({ type }) => type)).toEqual(['SUBSCRIBED', 'ACKNOWLEDGED']);
    const message = register(harness);
    expect(message?.executor_infos?.map(({ executor_id }) => executor_id.value)).toEqual(['E']);
    expect(message?.tasks?.map(({ task_id, state }) => [task_id.value, state]).sort()).toEqual([
      ['a', 'TASK_RUNNING'],
      ['b', 'TASK_DROPPED'],
    ]);
    expect(harness.told().sort()).toEqual(['TASK_DROPPED REASON_AGENT_RESTARTED', 'TASK_RUNNING']);
    // The same update again is acknowledged and changes nothing.
    harness.take();
    harness.call({ type: 'UPDATE', executor_id: { value: 'E' }, update: { status } });
    expect(harness.events().map(({ type }) => type)).toEqual(['ACKNOWLEDGED']);
    expect(harness.told()).toEqual([]);
  });

  it('knows updates that an earlier process took', async () => {
    const containerId = custom();
    const status = { task_id: { value: 'a' }, state: 'TASK_RUNNING' as const, uuid: new Uint8Array(16).fill(5) };
    first.call({ type: 'UPDATE', executor_id: { value: 'E' }, update: { status } });
    first.acknowledgeAll();
    const harness = await tree.next();
    recover(harness, containerId);
    harness.subscribe('E', { unacknowledged_updates: [{ status }], unacknowledged_tasks: [] });
    expect(harness.events().map(({ type }) => type)).toEqual(['SUBSCRIBED', 'ACKNOWLEDGED']);
    register(harness);
    expect(harness.told()).toEqual([]);
  });

  it.each([
    [KEPT, 'TASK_GONE'],
    [UNAWARE, 'TASK_LOST'],
  ])('ends executors that do not come back in time', async (info, state) => {
    const containerId = custom('a', info);
    const harness = await tree.next();
    recover(harness, containerId);
    harness.advance(2_000);
    expect(harness.of('destroy-container')).toEqual([{ kind: 'destroy-container', containerId }]);
    ended(harness, containerId, { status: 9 });
    register(harness);
    expect(harness.told()).toEqual([`${state} REASON_EXECUTOR_REREGISTRATION_TIMEOUT`]);
    expect(harness.updates()[0]?.status.message).toBe('Executor did not reregister within 2secs');
  });

  it('calls executors of the old driver back', async () => {
    const containerId = custom();
    const recovered = await tree.recovered();
    const pid = 'executor(1)@127.0.0.1:4000';
    const executors = recovered.frameworks[0]!.executors.map((one) => ({
      ...one,
      transport: { kind: 'libprocess' as const, pid },
    }));
    const harness = tree.fresh();
    harness.step({
      kind: 'started',
      recovered: { ...recovered, frameworks: [{ ...recovered.frameworks[0]!, executors }] },
    });
    recover(harness, containerId);
    expect(harness.of('send').map(({ to }) => to)).toEqual([pid]);
    expect(harness.sent(ReconnectExecutorMessage)).toEqual([{ agent_id: { value: AGENT } }]);
  });

  it('knows after a reboot that all is gone, but keeps its id', async () => {
    const command = first.running('t', KEPT);
    const executor = custom();
    const harness = await tree.next({ bootId: 'boot-2' });
    expect(harness.of('recover-containers')[0]?.rebooted).toBe(true);
    recover(harness);
    ended(harness, command);
    ended(harness, executor);
    expect(register(harness)?.agent.id?.value).toBe(AGENT);
    harness.acknowledgeAll();
    expect(harness.told()).toEqual([
      'TASK_FAILED REASON_EXECUTOR_TERMINATED',
      'TASK_FAILED REASON_EXECUTOR_TERMINATED',
    ]);
    expect(harness.updates()[0]?.status.message).toBe('Abnormal executor termination: unknown container');
  });

  it('cleans up: ends everything, then itself, and who starts next is another agent', async () => {
    const command = first.running('t', KEPT);
    const executor = custom();
    const harness = await tree.next({ recover: 'cleanup' });
    harness.take();
    recover(harness, command, executor);
    expect(harness.of('signal-container')).toEqual([
      { kind: 'signal-container', containerId: command, signal: 'SIGTERM' },
    ]);
    ended(harness, command, { status: 15 });
    harness.advance(5_000);
    expect(harness.of('destroy-container')).toEqual([{ kind: 'destroy-container', containerId: executor }]);
    expect(harness.of('exit')).toEqual([]);
    ended(harness, executor, { status: 9 });
    expect(harness.of('send')).toEqual([]);
    expect(harness.of('remove-file')).toEqual([
      { kind: 'remove-file', path: join(tree.directory, 'meta/slaves/latest') },
    ]);
    expect(harness.of('exit')).toMatchObject([{ code: 0 }]);
    harness.take();
    expect(await tree.read()).toMatchObject({ ok: true, value: { former: undefined } });
  });

  it('cleans up when nothing is left', async () => {
    const harness = await tree.next({ recover: 'cleanup' });
    expect(harness.of('exit')).toMatchObject([{ code: 0 }]);
  });

  it('shows the sandboxes of ended executors until they are as old as they may get', async () => {
    const containerId = first.running('t', KEPT);
    ended(first, containerId, { status: 0 });
    first.acknowledgeAll();
    const recovered = await tree.recovered();
    const [one] = recovered.frameworks[0]?.executors ?? [];
    expect(one?.completed).toBe(true);
    const harness = tree.fresh();
    const aged = recovered.frameworks.map((info) => ({
      ...info,
      executors: info.executors.map((executor) => ({ ...executor, completedAgoMs: 604_800_000 - 5_000 })),
    }));
    harness.step({
      kind: 'started',
      recovered: { ...recovered, frameworks: aged, garbage: [{ path: '/old', ageMs: 604_799_000 }] },
    });
    expect(harness.of('attach-files')).toHaveLength(3);
    harness.take();
    harness.advance(1_000);
    expect(harness.of('remove-paths').flatMap(({ paths }) => paths)).toEqual(['/old']);
    harness.take();
    harness.advance(4_000);
    expect(harness.of('remove-paths').flatMap(({ paths }) => paths)).toHaveLength(4);
    expect(harness.of('detach-files')).toHaveLength(3);
  });

  it('counts what was passed over', async () => {
    first.running('t', KEPT);
    const recovered = await tree.recovered();
    const harness = tree.fresh();
    harness.step({ kind: 'started', recovered: { ...recovered, errors: 3 } });
    expect(harness.metricsNow['slave/recovery_errors']).toBe(3);
  });

  it('ends everything when it is told to while it recovers', async () => {
    const containerId = custom();
    const harness = await tree.next();
    harness.step({ kind: 'unregister' });
    recover(harness, containerId);
    harness.advance(5_000);
    expect(harness.of('destroy-container')).toContainEqual({ kind: 'destroy-container', containerId });
    ended(harness, containerId, { status: 9 });
    expect(harness.of('exit')).toMatchObject([{ code: 0 }]);
  });
});
