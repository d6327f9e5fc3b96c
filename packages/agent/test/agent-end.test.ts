import type { AgentId } from '@mesolite/base';
import { silentLog } from '@mesolite/ports';
import { UnregisterAgentMessage } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { CoreHarness } from './core-harness.ts';
import { framework } from './tasks.ts';

describe('the end of a framework', () => {
  it('ends its executors without updates', () => {
    const harness = new CoreHarness().register();
    const containerId = harness.running('t');
    harness.fromMaster('shutdown-framework', { framework_id: { value: 'F' } });
    expect(harness.of('signal-container').map(({ signal }) => signal)).toEqual(['SIGTERM']);
    harness.step({ kind: 'container-ended', containerId, end: { status: 15 } });
    expect(harness.told()).toEqual([]);
    expect(harness.core.state.frameworks.size).toBe(0);
    expect(harness.core.state.streams.size).toBe(0);
    expect(harness.core.state.used.isEmpty).toBe(true);
    expect(harness.core.state.completedFrameworks.size).toBe(1);
  });

  it('does not wait for acknowledgements', () => {
    const harness = new CoreHarness().register();
    const containerId = harness.running('t');
    harness.step({ kind: 'container-ended', containerId, end: { status: 0 } });
    expect(harness.core.state.frameworks.size).toBe(1);
    harness.fromMaster('shutdown-framework', { framework_id: { value: 'F' } });
    expect(harness.core.state.frameworks.size).toBe(0);
  });

  it('leaves its history for when it comes back', () => {
    const harness = new CoreHarness().register();
    const containerId = harness.running('t');
    harness.step({ kind: 'container-ended', containerId, end: { status: 0 } });
    harness.acknowledgeAll();
    harness.take();
    harness.running('u');
    const again = harness.core.state.frameworks.get('F' as never);
    expect([...(again?.completedExecutors ?? [])].map(({ id }) => id)).toEqual(['t']);
  });

  it('is remembered for a limited number of executors', () => {
    const harness = new CoreHarness({ maxCompletedExecutorsPerFramework: 2 }).register();
    harness.running('stays');
    for (const id of ['a', 'b', 'c']) {
      const containerId = harness.running(id);
      harness.step({ kind: 'container-ended', containerId, end: { status: 0 } });
      harness.acknowledgeAll();
      harness.take();
    }
    const kept = harness.core.state.frameworks.get('F' as never)?.completedExecutors ?? [];
    expect([...kept].map(({ id }) => id)).toEqual(['b', 'c']);
  });
});

describe('the end of the agent', () => {
  it('says farewell, ends all tasks, then exits', () => {
    const harness = new CoreHarness().register();
    const containerId = harness.running('t');
    harness.step({ kind: 'unregister' });
    expect(harness.sent(UnregisterAgentMessage)).toEqual([{ agent_id: { value: 'M-S0' } }]);
    expect(harness.of('exit')).toEqual([]);
    harness.step({ kind: 'container-ended', containerId, end: { status: 15 } });
    expect(harness.of('exit')).toMatchObject([{ code: 0 }]);
  });

  it('is at once when nothing runs', () => {
    const harness = new CoreHarness().register();
    harness.fromMaster('shutdown-agent', { message: 'gone' });
    expect(harness.of('exit')).toMatchObject([{ code: 0 }]);
    expect(harness.sent(UnregisterAgentMessage)).toEqual([]);
  });

  it('says what comes next, without advice to do by hand what it does itself', () => {
    const lines: string[] = [];
    const keep = (line: string): void => void lines.push(line);
    const log = { ...silentLog, info: keep, warning: keep };
    const harness = new CoreHarness({
      log,
      former: { agentId: 'M-S0' as AgentId, operations: [], discard: [] },
    }).register();
    harness.fromMaster('shutdown-agent', { message: 'Agent has been marked gone' });
    expect(harness.of('remove-file').map(({ path }) => path)).toEqual([expect.stringMatching(/meta\/slaves\/latest$/)]);
    expect(lines.join('\n')).toContain('the next process in this work directory registers as a new agent');
    expect(lines.join('\n')).not.toContain('remove the link');
  });

  it('is not ordered by anybody but the master', () => {
    const harness = new CoreHarness().register();
    harness.fromMaster('shutdown-agent', {}, 'somebody@127.0.0.1:1');
    expect(harness.of('exit')).toEqual([]);
  });

  it('takes no more tasks and does not register again', () => {
    const harness = new CoreHarness().register();
    harness.running('t');
    harness.step({ kind: 'unregister' });
    harness.take();
    harness.run({ id: 'u' });
    harness.step({ kind: 'leader-detected', leader: { pid: 'master@127.0.0.1:5050', hostname: 'm' } });
    harness.advance(2_000);
    expect(harness.effects).toEqual([]);
  });

  it('of the process alone ends what does not checkpoint', () => {
    const harness = new CoreHarness().register();
    const mortal = harness.running('mortal');
    harness.running('survivor', framework({ id: { value: 'G' }, checkpoint: true }));
    harness.step({ kind: 'stop' });
    expect(harness.of('destroy-container')).toEqual([{ kind: 'destroy-container', containerId: mortal }]);
  });
});

describe('old sandboxes', () => {
  const finish = (harness: CoreHarness, id: string): void => {
    const containerId = harness.running(id);
    harness.step({ kind: 'container-ended', containerId, end: { status: 0 } });
    harness.acknowledgeAll();
    harness.take();
  };

  it('go after gc_delay, with the paths they were served under', () => {
    const harness = new CoreHarness({ gcDelayMs: 10_000 }).register();
    finish(harness, 't');
    harness.advance(9_999);
    expect(harness.of('remove-paths')).toEqual([]);
    harness.advance(1);
    const root = '/work-dir/slaves/M-S0/frameworks/F';
    expect(harness.of('remove-paths').flatMap(({ paths }) => paths)).toEqual([
      expect.stringContaining(`${root}/executors/t/runs/`),
      `${root}/executors/t`,
      root,
    ]);
    expect(harness.of('detach-files').map(({ virtualPath }) => virtualPath)).toContain(
      '/frameworks/F/executors/t/runs/latest',
    );
    harness.step({ kind: 'paths-removed', removed: 3, failed: 0 });
    expect(harness.metricsNow['gc/path_removals_succeeded']).toBe(3);
  });

  it('go earlier when the disk is full', () => {
    const harness = new CoreHarness().register();
    finish(harness, 't');
    harness.advance(60_000);
    expect(harness.of('measure-disk')).toHaveLength(1);
    harness.step({ kind: 'disk-usage-measured', usage: 0.5 });
    expect(harness.of('remove-paths')).toEqual([]);
    expect(harness.metricsNow['slave/executor_directory_max_allowed_age_secs']).toBeCloseTo(604_800 * 0.4, 3);
    harness.step({ kind: 'disk-usage-measured', usage: 0.95 });
    expect(harness.of('remove-paths')).toHaveLength(1);
  });

  it('stay when their executor id is used again', () => {
    const harness = new CoreHarness({ gcDelayMs: 10_000 }).register();
    finish(harness, 't');
    harness.advance(5_000);
    harness.running('t');
    harness.advance(5_000);
    expect(harness.of('remove-paths').flatMap(({ paths }) => paths)).toEqual([
      expect.stringMatching(/executors\/t\/runs\/[0-9a-f-]+$/),
    ]);
  });
});
