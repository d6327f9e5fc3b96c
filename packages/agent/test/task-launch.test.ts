import { ExitedExecutorMessage } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { AGENT, CoreHarness, MASTER, taskInfo } from './core-harness.ts';
import { customExecutor, framework, resources } from './tasks.ts';

describe('a command task', () => {
  it('gets a container of its own, with the overhead of its executor', () => {
    const harness = new CoreHarness().register();
    harness.run({ id: 't', command: { value: 'sleep 1000', user: 'ada' } });
    const [launch] = harness.of('launch-container');
    expect(launch).toMatchObject({
      executorId: 't',
      command: { value: 'sleep 1000' },
      user: 'ada',
      checkpoint: false,
      sandbox: expect.stringMatching(/^\/work-dir\/slaves\/M-S0\/frameworks\/F\/executors\/t\/runs\/[0-9a-f-]{36}$/),
      latestLink: '/work-dir/slaves/M-S0/frameworks/F/executors/t/runs/latest',
      environment: { MESOS_EXECUTOR_ID: 't', MESOS_ALLOCATION_ROLE: '*' },
    });
    expect(launch?.resources.map(({ name, scalar }) => [name, scalar?.value])).toEqual([
      ['cpus', 0.2],
      ['mem', 64],
    ]);
    expect(harness.core.state.used.scalar('cpus')).toBe(0.2);
  });

  it('starts and runs when its container does, and ends with it', () => {
    const harness = new CoreHarness().register();
    harness.run({ id: 't' });
    const containerId = harness.launched();
    expect(harness.metricsNow).toMatchObject({ 'slave/tasks_staging': 1, 'slave/executors_registering': 1 });
    harness.step({ kind: 'container-launched', containerId, pid: 99 });
    harness.acknowledgeAll();
    expect(harness.metricsNow).toMatchObject({ 'slave/tasks_running': 1, 'slave/executors_running': 1 });
    harness.step({ kind: 'container-ended', containerId, end: { status: 3 << 8 } });
    harness.acknowledgeAll();
    expect(harness.told()).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FAILED']);
    expect(harness.updates()[2]?.status).toMatchObject({
      message: 'Command exited with status 3',
      source: 'SOURCE_EXECUTOR',
      container_status: { container_id: { value: containerId }, executor_pid: 99 },
    });
    expect(harness.core.state.used.isEmpty).toBe(true);
    expect(harness.core.state.frameworks.size).toBe(0);
    expect(harness.metricsNow).toMatchObject({
      'slave/tasks_running': 0,
      'slave/tasks_failed': 1,
      'slave/executors_running': 0,
      'slave/executors_terminated': 1,
    });
    expect(harness.sent(ExitedExecutorMessage)).toEqual([]);
  });

  it('is not launched between two registrations, neither of which would tell of it', () => {
    const harness = new CoreHarness().register();
    harness.step({ kind: 'leader-detected', leader: undefined });
    harness.run({ id: 't' });
    expect(harness.of('launch-container')).toEqual([]);
    expect(harness.core.state.frameworks.size).toBe(0);
    expect(harness.told()).toEqual([]);
  });

  it('is not launched when it was sent before a registration that was answered since', () => {
    const harness = new CoreHarness();
    harness.connection = 1;
    harness.register();
    harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
    harness.advance(1_000);
    harness.connection = 2;
    harness.fromMaster('agent-reregistered', { agent_id: { value: AGENT } });
    harness.connection = 1;
    harness.run({ id: 'late' });
    // Nor does an answer of that time make the older connection good again.
    harness.fromMaster('agent-reregistered', { agent_id: { value: AGENT } });
    harness.run({ id: 'later' });
    expect(harness.of('launch-container')).toEqual([]);
    expect(harness.told()).toEqual([]);
    harness.connection = 2;
    harness.run({ id: 'now' });
    harness.connection = undefined;
    harness.run({ id: 'without a number' });
    expect(harness.of('launch-container').map(({ executorId }) => executorId)).toEqual(['now', 'without a number']);
  });

  it('is launched over an older connection when a master of that connection leads again', () => {
    const harness = new CoreHarness();
    harness.connection = 5;
    harness.register();
    harness.step({ kind: 'leader-detected', leader: { pid: 'master@127.0.0.2:5050', hostname: 'other' } });
    harness.advance(1_000);
    harness.connection = 3;
    harness.fromMaster('agent-reregistered', { agent_id: { value: AGENT } }, 'master@127.0.0.2:5050');
    harness.step({
      kind: 'run-task',
      from: 'master@127.0.0.2:5050',
      connection: 3,
      message: { framework: framework(), task: taskInfo({ id: 't' }), pid: '' },
    });
    expect(harness.of('launch-container').map(({ executorId }) => executorId)).toEqual(['t']);
  });

  it('fails when its container cannot be launched', () => {
    const harness = new CoreHarness().register();
    harness.run({ id: 't' });
    harness.step({
      kind: 'container-launch-failed',
      containerId: harness.launched(),
      reason: 'REASON_CONTAINER_LAUNCH_FAILED',
      message: 'no such user',
    });
    expect(harness.updates()[0]?.status).toMatchObject({
      state: 'TASK_FAILED',
      source: 'SOURCE_AGENT',
      reason: 'REASON_CONTAINER_LAUNCH_FAILED',
      message: 'Failed to launch container: no such user',
    });
    expect(harness.metricsNow['slave/container_launch_errors']).toBe(1);
  });

  it('fails when its container is not up in time', () => {
    const harness = new CoreHarness().register();
    harness.run({ id: 't' });
    const containerId = harness.launched();
    harness.advance(60_000);
    expect(harness.of('destroy-container')).toEqual([{ kind: 'destroy-container', containerId }]);
    harness.step({ kind: 'container-ended', containerId, end: { status: 9 } });
    expect(harness.updates()[0]?.status).toMatchObject({
      state: 'TASK_FAILED',
      reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT',
      message: 'Executor did not register within 1mins',
    });
  });

  it('is told by a limitation, not by its status, when the container was ended for it', () => {
    const harness = new CoreHarness().register();
    const containerId = harness.running('t');
    harness.step({
      kind: 'container-ended',
      containerId,
      end: { status: 9, state: 'TASK_FAILED', reason: 'REASON_CONTAINER_LIMITATION_MEMORY', message: 'too much' },
    });
    expect(harness.told()).toEqual(['TASK_FAILED REASON_CONTAINER_LIMITATION_MEMORY']);
  });

  it.each([
    [{ value: 'sleep 60' }, "sh -c 'sleep 60'"],
    [{ value: 'exactly 15 char' }, "sh -c 'exactly 15 char'"],
    [{ value: 'one more than 15' }, "sh -c 'one more tha...'"],
    [{ shell: false, value: '/bin/echo', arguments: ['echo', 'a'] }, '[/bin/echo, e...]'],
    [{ shell: false, value: 'ls', arguments: ['ls'] }, '[ls, ls]'],
    [{ shell: false }, 'NO EXECUTABLE'],
    [{}, 'NO COMMAND'],
  ])('names its executor after %o', (command, text) => {
    const harness = new CoreHarness().register();
    harness.run({ id: 't', command });
    const executor = harness.core.state.frameworks.get('F' as never)?.executors.get('t' as never);
    expect(executor?.info.name).toBe(`Command Executor (Task: t) (Command: ${text})`);
    expect(executor?.info.source).toBe('t');
  });

  it('gives its executor time to kill it', () => {
    const harness = new CoreHarness().register();
    harness.run({ id: 't', kill_policy: { grace_period: { nanoseconds: 10_000_000_000n } } });
    expect(harness.of('launch-container')[0]?.environment['MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD']).toBe('12secs');
  });
});

describe('a launch is refused', () => {
  const refused = (harness: CoreHarness): unknown =>
    harness.updates().map(({ status }) => [status.state, status.reason, status.message, status.source]);

  it('silently, when it is meant for another agent', () => {
    const harness = new CoreHarness().register();
    harness.run({ id: 't', agent_id: { value: 'M-S1' } });
    expect(harness.effects).toEqual([]);
  });

  it('silently, before the agent has an id', () => {
    const harness = new CoreHarness();
    harness.step({ kind: 'started' });
    harness.step({ kind: 'leader-detected', leader: { pid: 'master@127.0.0.1:5050', hostname: 'm' } });
    harness.run({ id: 't' });
    expect(harness.of('launch-container')).toEqual([]);
  });

  it('silently, when somebody else than the master asks', () => {
    const harness = new CoreHarness().register();
    harness.fromMaster('run-task', { framework: framework(), task: taskInfo({ id: 't' }) }, 'master@127.0.0.1:1');
    expect(harness.effects).toEqual([]);
  });

  it.each([
    { check: { type: 'TCP', tcp: { port: 80 } } },
    { health_check: { type: 'TCP', tcp: { port: 80 } } },
  ] as const)('with checks nobody here runs: %j', (checks) => {
    const harness = new CoreHarness().register();
    harness.run({ id: 't', ...checks });
    expect(refused(harness)).toEqual([
      [
        'TASK_DROPPED',
        'REASON_TASK_INVALID',
        "'check' and 'health_check' of command tasks are not supported by this agent yet",
        'SOURCE_AGENT',
      ],
    ]);
  });

  it('with limits nobody here can enforce', () => {
    const harness = new CoreHarness().register();
    harness.run({ id: 't', limits: { cpus: { value: 1 } } });
    expect(refused(harness)).toEqual([
      [
        'TASK_DROPPED',
        'REASON_GC_ERROR',
        "CPU limits can only be set on tasks launched in Mesos containers when the agent has loaded the 'cgroups/cpu' isolator",
        'SOURCE_AGENT',
      ],
    ]);
    harness.acknowledgeAll();
    expect(harness.core.state.frameworks.size).toBe(0);
  });

  it('as lost to frameworks that do not know of dropped tasks', () => {
    const harness = new CoreHarness().register();
    harness.run({ id: 't', limits: { mem: { value: 64 } } }, framework({ capabilities: [] }));
    expect(harness.told()).toEqual(['TASK_LOST REASON_GC_ERROR']);
  });

  it('when it was made for other resources than are here now', () => {
    const harness = new CoreHarness().register();
    harness.fromMaster('run-task', {
      framework: framework(),
      task: taskInfo({ id: 't' }),
      resource_version_uuids: [{ uuid: { value: new Uint8Array(16) } }],
    });
    expect(refused(harness)).toEqual([
      ['TASK_DROPPED', 'REASON_INVALID_OFFERS', 'Task assumes outdated resource state', 'SOURCE_AGENT'],
    ]);
  });

  it('unless the resource version is the current one', () => {
    const harness = new CoreHarness().register();
    harness.fromMaster('run-task', {
      framework: framework(),
      task: taskInfo({ id: 't' }),
      resource_version_uuids: [{ uuid: { value: harness.core.state.resourceVersion } }],
    });
    expect(harness.of('launch-container')).toHaveLength(1);
  });

  it('when it uses reservations the agent does not have', () => {
    const harness = new CoreHarness().register();
    const reserved = resources(1, 32).map((resource) => ({
      ...resource,
      reservations: [{ type: 'DYNAMIC' as const, role: 'web' }],
      allocation_info: { role: 'web' },
    }));
    harness.run({ id: 't', resources: reserved });
    expect(harness.told()).toEqual(['TASK_DROPPED REASON_RESOURCES_UNKNOWN']);
  });

  it('without an update, when a task of that id is here: the update would end that one', () => {
    const harness = new CoreHarness().register();
    harness.running('t');
    harness.run({ id: 't' });
    expect(harness.told()).toEqual([]);
    expect(harness.of('launch-container')).toEqual([]);
  });

  it('while nobody has acknowledged what became of an earlier task of that id; then says so', () => {
    const harness = new CoreHarness().register();
    const impossible = { id: 't', limits: { mem: { value: 64 } } };
    harness.run(impossible);
    const [first] = harness.updates();
    harness.run({ id: 't' });
    expect(harness.of('launch-container')).toEqual([]);
    expect(harness.told()).toEqual(['TASK_DROPPED REASON_GC_ERROR']);
    harness.take();
    harness.acknowledge('t', first?.uuid);
    expect(harness.told()).toEqual(['TASK_DROPPED REASON_TASK_INVALID']);
    harness.acknowledgeAll();
    harness.take();
    harness.run({ id: 't' });
    expect(harness.of('launch-container')).toHaveLength(1);
  });

  it('when the master expects an executor that is gone', () => {
    const harness = new CoreHarness().register();
    harness.run({ id: 't', executor: customExecutor('E', 'x') }, framework(), false);
    expect(refused(harness)).toEqual([
      [
        'TASK_DROPPED',
        'REASON_EXECUTOR_TERMINATED',
        'No executor is expected to launch and there is none running',
        'SOURCE_AGENT',
      ],
    ]);
    expect(harness.sent(ExitedExecutorMessage)).toEqual([]);
  });

  it('when the master does not know of an executor that is here, which then has to go', () => {
    const harness = new CoreHarness().register();
    harness.run({ id: 't', executor: customExecutor('E', 'x') }, framework(), true);
    harness.step({ kind: 'container-launched', containerId: harness.launched(), pid: 1 });
    harness.subscribe('E');
    harness.take();
    harness.run({ id: 'u', executor: customExecutor('E', 'x') }, framework(), true);
    expect(harness.told()).toEqual(['TASK_DROPPED REASON_EXECUTOR_TERMINATED']);
    expect(harness.events()).toEqual([{ type: 'SHUTDOWN' }]);
  });

  it('and the master told to forget the executor it counted with', () => {
    const harness = new CoreHarness().register();
    harness.run({ id: 't', executor: customExecutor('E', 'x'), limits: { cpus: { value: 1 } } }, framework(), true);
    expect(harness.sent(ExitedExecutorMessage)).toMatchObject([{ executor_id: { value: 'E' }, status: -1 }]);
  });

  it('by an executor that is ending', () => {
    const harness = new CoreHarness().register();
    harness.run({ id: 't', executor: customExecutor('E', 'x') });
    harness.fromMaster('shutdown-executor', { framework_id: { value: 'F' }, executor_id: { value: 'E' } });
    harness.run({ id: 'u', executor: customExecutor('E', 'x') });
    expect(refused(harness)).toEqual([
      ['TASK_DROPPED', 'REASON_EXECUTOR_TERMINATED', 'Executor terminating', 'SOURCE_AGENT'],
    ]);
  });

  it.each([
    [{ type: 'DOCKER' as const }, 'REASON_EXECUTOR_TERMINATED', 'Abnormal executor termination: unknown container'],
    [
      { type: 'MESOS' as const, volumes: [{ mode: 'RW' as const, container_path: 'x' }] },
      'REASON_CONTAINER_LAUNCH_FAILED',
      'Failed to launch container: Volumes in ContainerInfo is not supported',
    ],
  ])('as failed, in a container like %o', (container, reason, message) => {
    const harness = new CoreHarness().register();
    harness.run({ id: 't', container });
    expect(refused(harness)).toEqual([['TASK_FAILED', reason, message, 'SOURCE_AGENT']]);
    harness.acknowledgeAll();
    expect(harness.core.state.frameworks.size).toBe(0);
  });
});

describe('resources', () => {
  it('without a role are taken for the role of their framework', () => {
    const harness = new CoreHarness().register();
    const bare = resources(1, 32).map(({ allocation_info: _role, ...resource }) => resource);
    const info = framework({ roles: undefined, role: 'web', capabilities: [] });
    harness.run({ id: 't', resources: bare }, info);
    const roles = harness.of('launch-container')[0]?.resources.map((resource) => resource.allocation_info?.role);
    expect(new Set(roles)).toEqual(new Set(['web']));
  });
});
