/** An agent that an operator wants empty. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DrainConfig, KillPolicy } from '@mesolite/wire';
import { DrainConfig as DrainConfigType, ExitedExecutorMessage, KillTaskMessage } from '@mesolite/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stateBody } from '../src/core/capabilities/reads/legacy-bodies.ts';
import { getAgent } from '../src/core/capabilities/reads/operator-reads.ts';
import { checkpointRecord } from '../src/core/transitions/checkpoints.ts';
import { CoreHarness, EXECUTOR, taskInfo } from './core-harness.ts';
import { apply } from './operation-messages.ts';
import { customExecutor, framework } from './tasks.ts';
import { WrittenTree } from './written-tree.ts';

const CONFIG_PATH = '/work-dir/meta/slaves/M-S0/drain.config';
const SECOND_NS = 1_000_000_000n;
const seconds = (n: number): KillPolicy => ({ grace_period: { nanoseconds: BigInt(n) * SECOND_NS } });

function drain(harness: CoreHarness, config: DrainConfig = {}): void {
  harness.fromMaster('drain-agent', { config });
}

describe('draining', () => {
  it('of an empty agent is done at once', () => {
    const harness = new CoreHarness().register();
    drain(harness);
    expect(harness.effects).toEqual([]);
    harness.run({ id: 't' });
    expect(harness.of('launch-container')).toHaveLength(1);
  });

  it('kills what runs, is on disk until nothing is left, and says why', () => {
    const harness = new CoreHarness().register();
    const containerId = harness.running('t');
    drain(harness, { max_grace_period: { nanoseconds: 2n * SECOND_NS } });
    const [written] = harness.of('write-file');
    expect(written?.path).toBe(CONFIG_PATH);
    expect(DrainConfigType.decode(written!.data.subarray(4)).max_grace_period?.nanoseconds).toBe(2n * SECOND_NS);
    // On disk before anybody is killed.
    expect(harness.effects[0]).toBe(written);
    expect(harness.told()).toEqual(['TASK_KILLING REASON_AGENT_DRAINING']);
    expect(harness.of('signal-container').map(({ signal }) => signal)).toEqual(['SIGTERM']);
    harness.acknowledgeAll();
    harness.take();
    harness.step({ kind: 'container-ended', containerId, end: { status: 15 } });
    expect(harness.told()).toEqual(['TASK_KILLED REASON_AGENT_DRAINING']);
    expect(harness.of('remove-file')).toEqual([]);
    harness.acknowledgeAll();
    expect(harness.of('remove-file')).toEqual([{ kind: 'remove-file', path: CONFIG_PATH }]);
    expect(harness.core.state.draining).toBeUndefined();
    harness.take();
    harness.run({ id: 'next' });
    expect(harness.of('launch-container')).toHaveLength(1);
  });

  it.each([
    ['has none of its own', undefined, 10, 10],
    ['has a longer one', seconds(60), 10, 10],
    ['has a shorter one', seconds(5), 10, undefined],
    ['may have any', seconds(60), undefined, undefined],
  ])('gives a task that %s a grace period: own %o, granted %s s, told %s s', (_what, own, granted, told) => {
    const harness = new CoreHarness().register();
    const executor = customExecutor('E', 'x');
    harness.run({ id: 't', executor, ...(own === undefined ? {} : { kill_policy: own }) });
    harness.step({ kind: 'container-launched', containerId: harness.launched(), pid: 1 });
    harness.fromExecutor('register-executor', { framework_id: { value: 'F' }, executor_id: { value: 'E' } }, EXECUTOR);
    harness.take();
    drain(harness, granted === undefined ? {} : { max_grace_period: { nanoseconds: BigInt(granted) * SECOND_NS } });
    const [kill] = harness.sent(KillTaskMessage);
    expect(kill?.kill_policy?.grace_period?.nanoseconds).toBe(
      told === undefined ? undefined : BigInt(told) * SECOND_NS,
    );
  });

  it.each([
    ['partition-aware', framework(), 'TASK_GONE_BY_OPERATOR'],
    ['other', framework({ capabilities: [{ type: 'MULTI_ROLE' }] }), 'TASK_KILLED'],
  ])('of an agent that will be gone tells %s frameworks so', (_what, info, state) => {
    const harness = new CoreHarness().register();
    const containerId = harness.running('t', info);
    drain(harness, { mark_gone: true });
    harness.acknowledgeAll();
    harness.take();
    harness.step({ kind: 'container-ended', containerId, end: { status: 15 } });
    expect(harness.told()).toEqual([`${state} REASON_AGENT_DRAINING`]);
  });

  it('kills what was not delivered yet here, groups whole', () => {
    const harness = new CoreHarness().register();
    const executor = customExecutor('E', 'x');
    const tasks = ['a', 'b'].map((id) => taskInfo({ id, executor }));
    harness.fromMaster('run-task-group', { framework: framework(), executor, task_group: { tasks } });
    harness.run({ id: 'c', executor });
    harness.take();
    drain(harness);
    expect(harness.told()).toEqual(Array.from({ length: 3 }, () => 'TASK_KILLED REASON_AGENT_DRAINING'));
  });

  it('refuses what still comes', () => {
    const harness = new CoreHarness().register();
    harness.running('t');
    drain(harness);
    harness.take();
    harness.run({ id: 'u', executor: customExecutor('E', 'x') }, framework(), true);
    expect(harness.told()).toEqual(['TASK_DROPPED REASON_AGENT_DRAINING']);
    expect(harness.sent(ExitedExecutorMessage)).toMatchObject([{ executor_id: { value: 'E' } }]);
    harness.take();
    harness.run({ id: 'v' }, framework({ id: { value: 'G' }, capabilities: [{ type: 'MULTI_ROLE' }] }));
    expect(harness.told()).toEqual(['TASK_LOST REASON_AGENT_DRAINING']);
    expect(harness.of('launch-container')).toEqual([]);
  });

  it('may be ordered again, as masters do when the agent registers again', () => {
    const harness = new CoreHarness().register();
    harness.running('t');
    drain(harness, { max_grace_period: { nanoseconds: 60n * SECOND_NS } });
    harness.acknowledgeAll();
    harness.take();
    drain(harness, { max_grace_period: { nanoseconds: SECOND_NS } });
    expect(harness.of('write-file')).toHaveLength(1);
    expect(harness.told()).toEqual([]);
    harness.advance(1_000);
    expect(harness.of('signal-container').map(({ signal }) => signal)).toEqual(['SIGKILL']);
  });

  it('waits for operations that nobody acknowledged', () => {
    const harness = new CoreHarness().register();
    harness.fromMaster('apply-operation', apply(1, { type: 'UNKNOWN' }));
    expect(harness.core.state.operations.size).toBe(1);
    drain(harness);
    expect(harness.core.state.draining).toBeDefined();
    const [pending] = [...harness.core.state.operations.all()];
    harness.fromMaster('operation-status-acknowledged', {
      operation_uuid: pending!.operation.uuid,
      status_uuid: pending!.operation.latest_status.uuid!,
    });
    expect(harness.core.state.draining).toBeUndefined();
  });

  it('is only for the leading master to order', () => {
    const harness = new CoreHarness().register();
    harness.running('t');
    harness.fromMaster('drain-agent', { config: {} }, 'master@10.0.0.1:5050');
    expect(harness.core.state.draining).toBeUndefined();
  });

  it('is shown to operators', () => {
    const harness = new CoreHarness().register();
    harness.running('t');
    const identity = { pid: '', build: {}, startedWallMs: 0, flags: {} };
    expect(stateBody(harness.core.state, identity)).not.toHaveProperty('drain_config');
    expect(getAgent(harness.core.state).drain_config).toBeUndefined();
    drain(harness, { max_grace_period: { nanoseconds: SECOND_NS }, mark_gone: true });
    expect(stateBody(harness.core.state, identity)).toMatchObject({
      'drain_config': { 'max_grace_period': { 'nanoseconds': 1_000_000_000 }, 'mark_gone': true },
      'estimated_drain_start_time_seconds': 1_767_225_601,
    });
    expect(getAgent(harness.core.state)).toMatchObject({
      drain_config: { mark_gone: true },
      estimated_drain_start_time: { nanoseconds: 1_767_225_601n * SECOND_NS },
    });
  });
});

describe('draining, when the agent is started again', () => {
  let tree: WrittenTree;
  beforeEach(() => {
    tree = new WrittenTree();
  });
  afterEach(() => tree.remove());
  const KEPT = framework({ checkpoint: true });

  it('goes on', async () => {
    const first = tree.registered();
    const containerId = first.running('t', KEPT);
    drain(first, { mark_gone: true });
    const harness = await tree.next();
    expect(harness.core.state.draining?.config).toMatchObject({ mark_gone: true });
    harness.step({ kind: 'containers-recovered', running: [{ containerId, pid: 99 }] });
    harness.advance(2_000);
    harness.step({ kind: 'container-ended', containerId, end: { status: 15 } });
    const [stream] = [...harness.core.state.streams.all()];
    expect(stream?.pending.at(-1)?.status).toMatchObject({
      state: 'TASK_GONE_BY_OPERATOR',
      reason: 'REASON_AGENT_DRAINING',
    });
  });

  it('kills what was not told to end before', async () => {
    const first = tree.registered();
    const containerId = first.running('t', KEPT);
    first.take();
    const directory = tree.path();
    writeFileSync(join(directory, 'drain.config'), checkpointRecord(DrainConfigType, {}));
    const harness = await tree.next();
    harness.step({ kind: 'containers-recovered', running: [{ containerId, pid: 99 }] });
    expect(harness.of('signal-container')).toEqual([]);
    harness.advance(2_000);
    expect(harness.of('signal-container').map(({ signal }) => signal)).toEqual(['SIGTERM']);
  });

  it('is over when nothing is left', async () => {
    tree.registered().take();
    writeFileSync(tree.path('drain.config'), checkpointRecord(DrainConfigType, {}));
    const harness = await tree.next();
    expect(harness.core.state.draining).toBeUndefined();
    expect(harness.of('remove-file')).toEqual([{ kind: 'remove-file', path: tree.path('drain.config') }]);
  });

  it('is not begun by a file that cannot be read', async () => {
    tree.registered().take();
    writeFileSync(tree.path('drain.config'), Buffer.from([9, 0, 0, 0, 1]));
    expect(await tree.read({ strict: true })).toMatchObject({
      ok: false,
      error: expect.stringContaining('drain.config'),
    });
    expect(await tree.read({ strict: false })).toMatchObject({ ok: true, value: { former: { errors: 1 } } });
  });
});
