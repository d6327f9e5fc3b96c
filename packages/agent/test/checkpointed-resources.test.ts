/** What the agent remembers of its resources, and volumes in the hands of tasks. */
import { Resources } from '@mesolite/resources';
import { RegisterAgentMessage, type Resource, UpdateOperationStatusMessage } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import type { AgentOptions, CommitResources } from '../src/core/index.ts';
import { CoreHarness, MASTER } from './core-harness.ts';
import {
  allocated,
  apply,
  CAPABILITIES,
  destroy,
  FLAGS,
  reservedCpus,
  reservedDisk,
  volume,
} from './operation-messages.ts';
import { customExecutor, framework, resources } from './tasks.ts';

const VOLUME_PATH = '/work-dir/volumes/roles/web api/v';

function agent(options: Partial<AgentOptions> = {}): CoreHarness {
  return new CoreHarness({ resources: FLAGS, capabilities: CAPABILITIES, ...options }).register();
}

function commits(harness: CoreHarness): CommitResources[] {
  return harness.of('commit-resources');
}

function told(harness: CoreHarness): string[] {
  return harness
    .sent(UpdateOperationStatusMessage)
    .map(({ status }) => [status.state, status.message].filter((word) => word !== undefined).join(': '));
}

function total(harness: CoreHarness): Resources {
  return harness.core.state.total;
}

describe('CheckpointResources of a master', () => {
  it('says how everything remembered shall be', () => {
    const harness = agent();
    harness.fromMaster('checkpoint-resources', { resources: [volume('v'), reservedCpus(2)] });
    expect(commits(harness)[0]?.volumes.create).toEqual([VOLUME_PATH]);
    expect(total(harness).contains(Resources.from([volume('v'), reservedCpus(2)]))).toBe(true);
    harness.take();
    harness.fromMaster('checkpoint-resources', { resources: [volume('v'), reservedCpus(2)] });
    expect(harness.effects).toEqual([]);
    harness.fromMaster('checkpoint-resources', { resources: [reservedCpus(2)] });
    expect(commits(harness)[0]?.volumes.remove).toEqual([{ path: VOLUME_PATH, keepRoot: false }]);
    expect(total(harness).scalar('disk')).toBe(1500);
  });

  it.each<[string, Resource]>([
    ['more than the flags give', volume('v', 1001)],
    ['of a resource provider', { ...volume('v'), provider_id: { value: 'P' } }],
    ['that need no memory', reservedDisk(10)],
    ['that are invalid', { ...volume('v'), scalar: { value: -1 } }],
    ['with an id that is no name', volume('a/b')],
  ])('is refused for resources %s', (_name, resource) => {
    const harness = agent();
    const before = total(harness);
    harness.fromMaster('checkpoint-resources', { resources: [resource] });
    expect(harness.effects.map(({ kind }) => kind)).toEqual(['detect-leader']);
    expect(total(harness)).toBe(before);
  });
});

describe('an agent that remembers', () => {
  const remembered = [volume('v'), reservedCpus(2)];

  it('has its resources as they were, and registers with both parts', () => {
    const harness = new CoreHarness({
      resources: FLAGS,
      capabilities: CAPABILITIES,
      checkpointedResources: remembered,
    });
    expect(total(harness).contains(Resources.from(remembered))).toBe(true);
    harness.step({ kind: 'started' });
    harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
    harness.advance(1_000);
    const [message] = harness.sent(RegisterAgentMessage);
    const both = [message?.agent.resources, message?.checkpointed_resources].map((list) => Resources.from(list));
    expect(both[0]?.equals(Resources.from(FLAGS))).toBe(true);
    expect(both[1]?.equals(Resources.from(remembered))).toBe(true);
    // In the old format, which tells these.
    expect(message?.checkpointed_resources?.every(({ reservations }) => reservations === undefined)).toBe(true);
  });

  it('removes a volume it remembers when it is destroyed', () => {
    const harness = agent({ checkpointedResources: remembered });
    harness.fromMaster('apply-operation', apply(1, destroy(volume('v'))));
    expect(commits(harness)[0]?.volumes.remove).toEqual([{ path: VOLUME_PATH, keepRoot: false }]);
  });
});

describe('a volume of a task', () => {
  const held = [...resources(0.1, 32), allocated(volume('v'))];

  const running = (): CoreHarness => {
    const harness = agent({ checkpointedResources: [volume('v')] });
    harness.running('t', framework(), { resources: held });
    return harness;
  };

  it('is given to its container', () => {
    const harness = agent({ checkpointedResources: [volume('v')] });
    harness.run({ id: 't', resources: held });
    expect(harness.of('launch-container')[0]?.volumes).toEqual([{ source: VOLUME_PATH, containerPath: 'data' }]);
  });

  it('is given to the container of its executor before the task', () => {
    const harness = agent({ checkpointedResources: [volume('v')] });
    const executor = customExecutor('E', 'x');
    harness.run({ id: 'first', executor });
    expect(harness.of('launch-container')[0]?.volumes).toEqual([]);
    const containerId = harness.launched();
    harness.step({ kind: 'container-launched', containerId, pid: 1 });
    harness.subscribe('E');
    harness.take();
    harness.run({ id: 't', executor, resources: held });
    const kinds = harness.effects.map(({ kind }) => kind);
    expect(kinds.indexOf('update-container')).toBeLessThan(kinds.indexOf('stream-event'));
    expect(harness.of('update-container').at(-1)?.volumes).toEqual([{ source: VOLUME_PATH, containerPath: 'data' }]);
    harness.step({ kind: 'container-update-failed', containerId, message: 'no room' });
    harness.step({ kind: 'container-ended', containerId, end: { status: 9 } });
    expect(harness.updates().map(({ status }) => [status.state, status.reason, status.message])).toContainEqual([
      'TASK_FAILED',
      'REASON_CONTAINER_UPDATE_FAILED',
      'Failed to update resources for container: no room',
    ]);
  });

  it('that is unknown here costs the task its launch', () => {
    const harness = agent();
    harness.run({ id: 't', resources: held });
    expect(harness.told()).toEqual(['TASK_DROPPED REASON_RESOURCES_UNKNOWN']);
  });

  it.each([
    [{ mode: 'RO' as const, container_path: 'data' }, "Read-only persistent volume 'v' is not supported"],
    [{ mode: 'RW' as const, container_path: 'a/b' }, "Container path 'a/b' of persistent volume 'v'"],
    [{ mode: 'RW' as const, container_path: '/data' }, "Container path '/data' of persistent volume 'v'"],
    [{ mode: 'RW' as const, container_path: '..' }, "Container path '..' of persistent volume 'v'"],
  ])('mounted as %j costs the task its launch', (mount, why) => {
    const harness = agent({ checkpointedResources: [volume('v')] });
    const asked = allocated({ ...volume('v'), disk: { persistence: { id: 'v' }, volume: mount } });
    harness.run({ id: 't', resources: [...resources(0.1, 32), asked] });
    expect(harness.told()).toEqual(['TASK_DROPPED REASON_TASK_INVALID']);
    expect(harness.updates()[0]?.status.message).toContain(why);
  });

  it('cannot be destroyed while the task runs, in either way, and can when it has ended', () => {
    const harness = running();
    harness.fromMaster('apply-operation', apply(1, destroy(volume('v'))));
    expect(told(harness)).toEqual(["OPERATION_ERROR: Persistent volume 'v' is in use by a running executor"]);
    harness.take();
    harness.fromMaster('checkpoint-resources', { resources: [] });
    expect(commits(harness)).toEqual([]);
    const [containerId] = [...harness.core.state.executorOfContainer.keys()];
    harness.step({ kind: 'container-ended', containerId: containerId!, end: { status: 0 } });
    harness.take();
    harness.fromMaster('apply-operation', apply(2, destroy(volume('v'))));
    expect(told(harness)).toEqual(['OPERATION_FINISHED']);
  });
});
