/** Every rule a launched task is held to: what the scheduler is told, in which state, for which reason. */
import type { ContainerInfo, ExecutorInfo, Resource, TaskInfo } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { usedBy } from '../src/core/state/sums.ts';
import { AGENT_RESOURCES, CoreHarness, launchedTasks, ports, scalar, statusesIn, task } from './core-harness.ts';

const NEGATIVE = { nanoseconds: -1n };

function disk(id: string | undefined, fields: Partial<Resource> = {}): Resource {
  return {
    ...scalar('disk', 10),
    reservations: [{ type: 'DYNAMIC', role: 'r', principal: 'p' }],
    disk: {
      persistence: id === undefined ? undefined : { id },
      volume: { mode: 'RW', container_path: 'data' },
    },
    ...fields,
  };
}

function executor(fields: Partial<ExecutorInfo> = {}): ExecutorInfo {
  return { executor_id: { value: 'e' }, command: { value: './e' }, resources: [scalar('cpus', 0.1)], ...fields };
}

/** A task run by an executor instead of a command. */
function byExecutor(fields: Partial<ExecutorInfo> = {}): Partial<TaskInfo> {
  return { command: undefined, executor: executor(fields) };
}

function withVolume(fields: object): Partial<TaskInfo> {
  const container: ContainerInfo = { type: 'MESOS', volumes: [{ mode: 'RW', container_path: 'x', ...fields }] };
  return { container };
}

type Case = readonly [rule: string, fields: Partial<TaskInfo>, message: string | RegExp];

const CASES: readonly Case[] = [
  ['id: not empty', { task_id: { value: '' } }, 'ID must not be empty'],
  ['id: no slash', { task_id: { value: 'a/b' } }, "'a/b' contains invalid characters"],
  ['id: no backslash', { task_id: { value: 'a\\b' } }, "'a\\b' contains invalid characters"],
  ['id: no control characters', { task_id: { value: 'a\nb' } }, /contains invalid characters/],
  ['id: not the parent directory', { task_id: { value: '..' } }, "'..' is disallowed"],
  ['id: at most 255 bytes', { task_id: { value: 'x'.repeat(256) } }, 'ID must not be greater than 255 characters'],
  [
    'agent: the one of the offer',
    { agent_id: { value: 'other' } },
    /^Task uses invalid agent other while agent .*-S0 is expected$/,
  ],
  [
    'kill policy: not negative',
    { kill_policy: { grace_period: NEGATIVE } },
    "Task's 'kill_policy.grace_period' must be non-negative",
  ],
  [
    'completion time: not negative',
    { max_completion_time: NEGATIVE },
    "Task's `max_completion_time` must be non-negative",
  ],
  ['check: a type', { check: {} }, "Task uses invalid check: CheckInfo must specify 'type'"],
  ['check: its part', { check: { type: 'TCP' } }, "Task uses invalid check: Expecting 'tcp' to be set for TCP check"],
  [
    'check: a command to run',
    { check: { type: 'COMMAND', command: { command: {} } } },
    "Task uses invalid check: Command check must contain 'shell command'",
  ],
  [
    'check: an absolute path',
    { check: { type: 'HTTP', http: { port: 1, path: 'x' } } },
    "Task uses invalid check: The path 'x' of HTTP check must start with '/'",
  ],
  [
    'check: no negative times',
    { check: { type: 'TCP', tcp: { port: 1 }, interval_seconds: -1 } },
    "Task uses invalid check: Expecting 'interval_seconds' to be non-negative",
  ],
  [
    'health check: a type, unless it can be guessed',
    { health_check: { http: { port: 1 }, command: { value: 'x' } } },
    "Task uses invalid health check: HealthCheck must specify 'type'",
  ],
  [
    'health check: an executable, when it is no shell command',
    { health_check: { type: 'COMMAND', command: { shell: false } } },
    "Task uses invalid health check: Command health check must contain 'executable path'",
  ],
  [
    'health check: http or https',
    { health_check: { type: 'HTTP', http: { port: 1, scheme: 'gopher' } } },
    "Task uses invalid health check: Unsupported HTTP health check scheme: 'gopher'",
  ],
  [
    'health check: no negative grace period',
    { health_check: { type: 'TCP', tcp: { port: 1 }, grace_period_seconds: -1 } },
    "Task uses invalid health check: Expecting 'grace_period_seconds' to be non-negative",
  ],
  ['resources: some', { resources: [] }, 'Task uses no resources'],
  [
    'resources: whole gpus',
    { resources: [scalar('gpus', 0.5)] },
    "Task uses invalid resources: Invalid 'gpus' resource: The 'gpus' resource must be an unsigned integer",
  ],
  [
    'resources: no volume without reservation',
    { resources: [disk('v', { reservations: undefined })] },
    'Task uses invalid resources: Invalid DiskInfo: Persistent volumes cannot be created from unreserved resources',
  ],
  [
    'resources: each persistence id once',
    { resources: [disk('v'), disk('v')] },
    "Task uses duplicate persistence ID: Persistence ID 'v' is not unique",
  ],
  [
    'resources: one role',
    {
      resources: [
        { ...scalar('cpus', 1), allocation_info: { role: 'a' } },
        { ...scalar('mem', 1), allocation_info: { role: 'b' } },
      ],
    },
    /^Invalid task resources: The resources have multiple allocation roles/,
  ],
  [
    'resources: not revocable and other ones of a name',
    { resources: [scalar('cpus', 1), { ...scalar('cpus', 1), revocable: {} }] },
    "Task mixes revocable and non-revocable resources: Cannot use both revocable and non-revocable 'cpus' at the same time",
  ],
  [
    'environment: a value',
    { command: { value: 'x', environment: { variables: [{ name: 'A' }] } } },
    "Task's `CommandInfo` is invalid: Environment variable 'A' of type 'VALUE' must have a value set",
  ],
  [
    'environment: a secret',
    { command: { value: 'x', environment: { variables: [{ name: 'A', type: 'SECRET' }] } } },
    "Task's `CommandInfo` is invalid: Environment variable 'A' of type 'SECRET' must have a secret set",
  ],
  [
    'environment: a secret of one kind',
    {
      command: {
        value: 'x',
        environment: {
          variables: [
            {
              name: 'A',
              type: 'SECRET',
              secret: { type: 'VALUE', reference: { name: 'n' }, value: { data: Buffer.from('x') } },
            },
          ],
        },
      },
    },
    "Task's `CommandInfo` is invalid: Environment variable 'A' specifies an invalid secret: Secret of type VALUE must not have the 'reference' field set",
  ],
  [
    'container: a volume of one origin',
    withVolume({ host_path: '/a', source: { type: 'SANDBOX_PATH' } }),
    "Task's `ContainerInfo` is invalid: Invalid volume: Only one of them should be set: 'host_path', 'image' and 'source'",
  ],
  [
    'container: the source its type names',
    withVolume({ source: { type: 'HOST_PATH' } }),
    "Task's `ContainerInfo` is invalid: Invalid volume: 'source.host_path' is not set for HOST_PATH volume",
  ],
  [
    'container: docker needs its part',
    { container: { type: 'DOCKER' } },
    "Task's `ContainerInfo` is invalid: DockerInfo 'docker' is not set for DOCKER typed ContainerInfo",
  ],
  [
    'container: docker names are ours',
    { container: { type: 'DOCKER', docker: { image: 'i', parameters: [{ key: 'name', value: 'x' }] } } },
    "Task's `ContainerInfo` is invalid: Parameter in DockerInfo must not be 'name'",
  ],
  [
    'limits: cpus and mem only',
    { limits: { disk: { value: 1 } } },
    "Only cpus and mem may be included in a task's resource limits",
  ],
  [
    'limits: with a request',
    { resources: [scalar('mem', 32)], limits: { cpus: { value: 1 } } },
    'When a CPU limit is specified, a CPU request must also be specified',
  ],
  [
    'limits: not below the request',
    { limits: { mem: { value: 1 } } },
    'The memory limit must be greater than or equal to the memory request',
  ],
  [
    'command or executor: not none',
    { command: undefined },
    'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present',
  ],
  [
    'command or executor: not both',
    { executor: executor() },
    'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present',
  ],
  ['executor: id rule', byExecutor({ executor_id: { value: '../x' } }), "'../x' contains invalid characters"],
  [
    'executor: default ones bring no command',
    byExecutor({ type: 'DEFAULT' }),
    "'ExecutorInfo.command' must not be set for 'DEFAULT' executor",
  ],
  [
    'executor: LAUNCH takes no default ones',
    byExecutor({ type: 'DEFAULT', command: undefined }),
    "'ExecutorInfo.type' must be 'CUSTOM'",
  ],
  [
    'executor: custom ones bring a command',
    byExecutor({ type: 'CUSTOM', command: undefined }),
    "'ExecutorInfo.command' must be set for 'CUSTOM' executor",
  ],
  ['executor: a command', byExecutor({ command: undefined }), "'ExecutorInfo.command' must be set"],
  [
    'executor: grace period not negative',
    byExecutor({ shutdown_grace_period: NEGATIVE }),
    "ExecutorInfo's 'shutdown_grace_period' must be non-negative",
  ],
  [
    'executor: of this framework',
    byExecutor({ framework_id: { value: 'f' } }),
    /^ExecutorInfo has an invalid FrameworkID \(Actual: f vs Expected: .*-0000\)$/,
  ],
  [
    'executor: whole gpus',
    byExecutor({ resources: [scalar('gpus', 1.5)] }),
    "Executor uses invalid resources: Invalid 'gpus' resource: The 'gpus' resource must be an unsigned integer",
  ],
  [
    'executor: does not share cgroups',
    byExecutor({ container: { type: 'MESOS', linux_info: { share_cgroups: true } } }),
    "The 'share_cgroups' field cannot be set to 'true' on executor containers",
  ],
  [
    'task and executor: no port twice',
    { ...byExecutor({ resources: [ports(31000, 31001)] }), resources: [ports(31001, 31002)] },
    /^There are overlapping resources in the task resources ports.* and executor resources ports/,
  ],
  [
    'task and executor: within the offer',
    { ...byExecutor({ resources: [scalar('cpus', 0.1)] }), resources: [scalar('cpus', 8)] },
    /^Total resources cpus.*:8.1 required by task and its executor is more than available ports.*/,
  ],
  ['within the offer', { resources: [scalar('cpus', 8.001)] }, /^Total resources cpus.*:8.001 required by task/],
  ['ports within the offer', { resources: [ports(30999, 31000)] }, /is more than available/],
  [
    'only groups may split cgroups',
    { container: { type: 'MESOS', linux_info: { share_cgroups: false } } },
    "Only tasks in a task group may have 'share_cgroups' set to 'false'",
  ],
];

/** Refused before any task of the operation is looked at. */
const MALFORMED: readonly Case[] = [
  ['negative', { resources: [scalar('cpus', -1)] }, /^Resource '.*' is invalid: Invalid scalar resource: value <= 0$/],
  ['not a number', { resources: [scalar('cpus', Number.NaN)] }, /is invalid: Invalid scalar resource/],
  ['huge', { resources: [scalar('mem', 1e300)] }, /is invalid: Invalid scalar resource/],
  [
    'overlapping ranges',
    {
      resources: [
        {
          name: 'ports',
          type: 'RANGES',
          ranges: {
            range: [
              { begin: 1, end: 3 },
              { begin: 2, end: 4 },
            ],
          },
        },
      ],
    },
    /overlapping ranges/,
  ],
  ['of a type without its value', { resources: [{ name: 'cpus', type: 'SCALAR' }] }, /Invalid scalar resource/],
  ['without a name', { resources: [scalar('', 1)] }, /Empty resource name/],
  ['in the executor', byExecutor({ resources: [scalar('cpus', -1)] }), /value <= 0/],
];

function launch(fields: Partial<TaskInfo>) {
  const master = new CoreHarness().start();
  const agent = master.addAgent({ resources: [...AGENT_RESOURCES, scalar('gpus', 0)] });
  const scheduler = master.subscribe();
  const [offer] = master.offers(scheduler);
  const effects = master.launch(scheduler, offer!, [task('t', agent.id, fields), task('good', agent.id)]);
  return { master, agent, scheduler, effects, statuses: statusesIn(effects, scheduler.connection) };
}

describe('a task that breaks a rule is answered by TASK_ERROR, and the others are launched', () => {
  it.each(CASES)('%s', (_rule, fields, message) => {
    const { agent, effects, statuses } = launch(fields);
    expect(statuses).toHaveLength(1);
    expect(statuses[0]).toMatchObject({ state: 'TASK_ERROR', source: 'SOURCE_MASTER', reason: 'REASON_TASK_INVALID' });
    expect(statuses[0]?.uuid).toBeUndefined();
    if (typeof message === 'string') expect(statuses[0]?.message).toBe(message);
    else expect(statuses[0]?.message).toMatch(message);
    expect(launchedTasks(effects, agent.pid).map((run) => run.task.task_id.value)).toEqual(['good']);
  });
});

describe('a malformed resource spoils every task of its operation', () => {
  it.each(MALFORMED)('%s', (_rule, fields, message) => {
    const { agent, effects, statuses } = launch(fields);
    expect(statuses.map(({ task_id }) => task_id.value)).toEqual(['t', 'good']);
    for (const status of statuses) {
      expect(status).toMatchObject({ state: 'TASK_ERROR', reason: 'REASON_TASK_INVALID' });
      expect(status.message).toMatch(message);
    }
    expect(launchedTasks(effects, agent.pid)).toEqual([]);
  });
});

describe('task ids', () => {
  it('are unique among live tasks, those of one call included', () => {
    const { master, agent, scheduler } = launch({ task_id: { value: 'one' } });
    const [offer] = master.offers(scheduler);
    const effects = master.launch(scheduler, offer!, [
      task('one', agent.id),
      task('two', agent.id),
      task('two', agent.id),
    ]);
    expect(statusesIn(effects, scheduler.connection).map(({ message }) => message)).toEqual([
      'Task has duplicate ID: one',
      'Task has duplicate ID: two',
    ]);
    expect(launchedTasks(effects, agent.pid).map((run) => run.task.task_id.value)).toEqual(['two']);
  });

  it('of unreachable tasks may not be used again', () => {
    const { master, scheduler } = launch({ task_id: { value: 'one' } });
    master.advance(100_000);
    const agent = master.addAgent({ pid: 'slave(1)@10.0.0.2:5051' });
    const [offer] = master.offers(scheduler);
    const effects = master.launch(scheduler, offer!, [task('one', agent.id)]);
    expect(statusesIn(effects, scheduler.connection)).toMatchObject([
      { state: 'TASK_ERROR', message: 'Task reuses the ID of an unreachable task: one' },
    ]);
  });

  it('may be used again once the task has ended and its end was acknowledged', () => {
    const { master, agent, scheduler } = launch({ task_id: { value: 'one' } });
    master.update(agent, scheduler, 'one', 'TASK_FINISHED');
    master.acknowledge(agent, scheduler, 'one', 'TASK_FINISHED');
    const [offer] = master.offers(scheduler);
    expect(launchedTasks(master.launch(scheduler, offer!, [task('one', agent.id)]), agent.pid)).toHaveLength(1);
  });
});

describe('limits', () => {
  it('need an agent that knows them', () => {
    const master = new CoreHarness().start();
    const agent = master.addAgent({ capabilities: [] });
    const scheduler = master.subscribe({ user: 'u', name: 'n' });
    const [offer] = master.offers(scheduler);
    const effects = master.launch(scheduler, offer!, [task('t', agent.id, { limits: { cpus: { value: 1 } } })]);
    expect(statusesIn(effects, scheduler.connection)[0]?.message).toBe(
      'Agent is not capable of handling task resource limits',
    );
  });

  it('may be infinite', () => {
    const { statuses } = launch({ limits: { mem: { value: Number.POSITIVE_INFINITY }, cpus: { value: 0.1 } } });
    expect(statuses).toEqual([]);
  });
});

describe('an executor that runs already', () => {
  const custom = (fields: Partial<ExecutorInfo> = {}): Partial<TaskInfo> =>
    byExecutor({
      command: {
        value: './e',
        uris: [{ value: 'http://a' }, { value: 'http://b' }],
        environment: { variables: [{ name: 'A', value: '1' }] },
      },
      resources: [scalar('cpus', 1), scalar('mem', 64)],
      ...fields,
    });

  it('takes more tasks without costing more, whatever the order of its uris and resources', () => {
    const { master, agent, scheduler, effects } = launch(custom());
    expect(launchedTasks(effects, agent.pid)[0]?.launch_executor).toBe(true);
    const [offer] = master.offers(scheduler);
    const again = task(
      't2',
      agent.id,
      custom({
        command: {
          value: './e',
          shell: true,
          uris: [{ value: 'http://b' }, { value: 'http://a' }],
          environment: { variables: [{ name: 'A', value: '1' }] },
        },
        resources: [scalar('mem', 64), scalar('cpus', 1)],
      }),
    );
    const [run] = launchedTasks(master.launch(scheduler, offer!, [again]), agent.pid);
    expect(run?.launch_executor).toBe(false);
    const framework = [...master.core.state.frameworks.registered.values()][0]!;
    expect(usedBy(framework).scalar('cpus')).toBeCloseTo(1 + 3 * 0.1);
  });

  it('must be described in the same way', () => {
    const { master, agent, scheduler } = launch(custom());
    const [offer] = master.offers(scheduler);
    const effects = master.launch(scheduler, offer!, [task('t2', agent.id, custom({ name: 'another' }))]);
    expect(statusesIn(effects, scheduler.connection)[0]?.message).toMatch(
      /^ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID.\n-+\nExisting ExecutorInfo:\n/,
    );
  });
});

describe('what frameworks may leave out', () => {
  it('is completed: allocation, framework of the executor, type of old health checks', () => {
    const { agent, effects } = launch({
      ...byExecutor(),
      health_check: { command: { value: 'true' } },
    });
    const run = launchedTasks(effects, agent.pid)[0]!;
    expect(run.task.health_check?.type).toBe('COMMAND');
    expect(run.task.executor?.framework_id?.value).toMatch(/-0000$/);
    for (const resource of [...(run.task.resources ?? []), ...(run.task.executor?.resources ?? [])])
      expect(resource.allocation_info).toEqual({ role: '*' });
  });
});
