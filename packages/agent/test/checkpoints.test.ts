import { AgentInfoV0, ExecutorInfo, FrameworkInfo, type MessageType, StatusUpdateRecord, Task } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { CoreHarness } from './core-harness.ts';
import { framework } from './tasks.ts';

const checkpointing = framework({ checkpoint: true });

function records<M extends object>(type: MessageType<M>, data: Uint8Array): M[] {
  const buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const found: M[] = [];
  for (let at = 0; at < buffer.length; ) {
    const length = buffer.readUInt32LE(at);
    found.push(type.decode(buffer.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return found;
}

/** What would be on disk now, by path below `meta`. */
function disk(harness: CoreHarness): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const effect of harness.effects) {
    if (effect.kind !== 'write-file' && effect.kind !== 'append-file') continue;
    const name = effect.path.replace('/work-dir/meta/', '').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, 'RUN');
    const before = effect.kind === 'append-file' ? (files.get(name) ?? new Uint8Array()) : new Uint8Array();
    files.set(name, Buffer.concat([before, effect.data]));
  }
  return files;
}

describe('checkpoints', () => {
  it('of the agent name it and what it offers', () => {
    const harness = new CoreHarness({ bootId: 'boot' });
    harness.step({ kind: 'started' });
    harness.step({ kind: 'leader-detected', leader: { pid: 'master@127.0.0.1:5050', hostname: 'm' } });
    harness.fromMaster('agent-registered', { agent_id: { value: 'M-S0' } });
    const files = disk(harness);
    expect(Buffer.from(files.get('boot_id') ?? '').toString()).toBe('boot');
    expect(records(AgentInfoV0, files.get('slaves/M-S0/slave.info')!)[0]).toMatchObject({
      id: { value: 'M-S0' },
      hostname: 'host',
      checkpoint: true,
    });
    expect(harness.of('symlink')).toEqual([
      { kind: 'symlink', path: '/work-dir/meta/slaves/latest', target: '/work-dir/meta/slaves/M-S0' },
    ]);
  });

  it('of a task are there before its container is launched', () => {
    const harness = new CoreHarness().register();
    harness.run({ id: 't' }, checkpointing);
    const kinds = harness.effects.map(({ kind }) => kind);
    expect(kinds.indexOf('launch-container')).toBeGreaterThan(kinds.lastIndexOf('write-file'));
    const run = 'slaves/M-S0/frameworks/F/executors/t/runs/RUN';
    const files = disk(harness);
    expect([...files.keys()]).toEqual([
      'slaves/M-S0/frameworks/F/framework.info',
      'slaves/M-S0/frameworks/F/framework.pid',
      'slaves/M-S0/frameworks/F/executors/t/executor.info',
      'slaves/M-S0/frameworks/F/executors/t/executor_generated_for_command_task',
      'slaves/M-S0/frameworks/F/executors/t/runs/RUN/command_task.info',
      `${run}/tasks/t/task.info`,
    ]);
    expect(records(FrameworkInfo, files.get('slaves/M-S0/frameworks/F/framework.info')!)[0]?.checkpoint).toBe(true);
    // Agents of the original take an empty one for a write cut short, and forget the framework.
    expect(Buffer.from(files.get('slaves/M-S0/frameworks/F/framework.pid')!).toString()).toBe('@0.0.0.0:0');
    expect(records(ExecutorInfo, files.get('slaves/M-S0/frameworks/F/executors/t/executor.info')!)).toHaveLength(1);
    expect(records(Task, files.get(`${run}/tasks/t/task.info`)!)[0]?.state).toBe('TASK_STAGING');
  });

  it('of updates and acknowledgements are appended before anybody is told', () => {
    const harness = new CoreHarness().register();
    harness.run({ id: 't' }, checkpointing);
    const containerId = harness.launched();
    harness.take();
    harness.step({ kind: 'container-launched', containerId, pid: 4711 });
    expect(harness.effects.map(({ kind }) => kind)).toEqual(['write-file', 'append-file', 'send', 'append-file']);
    harness.acknowledgeAll();
    harness.step({ kind: 'container-ended', containerId, end: { status: 0 } });
    harness.acknowledgeAll();
    const run = 'slaves/M-S0/frameworks/F/executors/t/runs/RUN';
    const files = disk(harness);
    expect(Buffer.from(files.get(`${run}/pids/forked.pid`)!).toString()).toBe('4711');
    expect(files.has(`${run}/executor.sentinel`)).toBe(true);
    expect(harness.of('forget-container')).toEqual([{ kind: 'forget-container', containerId }]);
    const kept = records(StatusUpdateRecord, files.get(`${run}/tasks/t/task.updates`)!);
    expect(kept.map(({ type, update }) => (type === 'ACK' ? type : update?.status.state))).toEqual([
      'TASK_STARTING',
      'TASK_RUNNING',
      'ACK',
      'ACK',
      'TASK_FINISHED',
      'ACK',
    ]);
  });

  it('are not made for frameworks that do not ask for them', () => {
    const harness = new CoreHarness().register();
    const containerId = harness.running('t');
    harness.step({ kind: 'container-ended', containerId, end: { status: 0 } });
    harness.acknowledgeAll();
    expect(disk(harness).size).toBe(0);
  });
});
