/** Volumes that any number of tasks may use at the same time. */
import { Resources } from '@mesolite/resources';
import type { OfferOperation, Resource } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { roleBreakdowns } from '../src/core/state/role-breakdown.ts';
import {
  eventsIn,
  frameworkInfo,
  launchedTasks,
  repliesIn,
  type Scheduler,
  scalar,
  statusesIn,
  task,
} from './core-harness.ts';
import {
  accept,
  type Cluster,
  cluster,
  create,
  destroy,
  reserve,
  reserved,
  totalOf,
  volume,
} from './operation-cluster.ts';

const CAPABILITIES = [...(frameworkInfo().capabilities ?? []), { type: 'SHARED_RESOURCES' as const }];
const SHARED: Resource = { ...volume('v', 50), shared: {} };

function sharing(): Cluster {
  return cluster({ framework: { capabilities: CAPABILITIES } });
}

function launch({ agent }: Cluster, ...ids: string[]): OfferOperation {
  const resources = [scalar('cpus', 1), scalar('mem', 64), SHARED];
  return { type: 'LAUNCH', launch: { task_infos: ids.map((id) => task(id, agent.id, { resources })) } };
}

const made = [reserve(reserved('disk', 100)), create(SHARED)];

/** How often it is in use on the agent. */
function copies({ harness, agent }: Cluster): number {
  const used = harness.core.state.agents.registered.get(agent.id)?.used.values() ?? [];
  return Resources.sum(used).unallocate().count(SHARED);
}

function finish({ harness, agent, scheduler }: Cluster, id: string, by: Scheduler = scheduler): void {
  harness.update(agent, by, id, 'TASK_FINISHED');
  harness.acknowledge(agent, by, id, 'TASK_FINISHED');
}

describe('a shared volume', () => {
  it('goes to several tasks of one LAUNCH, each of which holds a copy', () => {
    const all = sharing();
    const effects = accept(all, [...made, launch(all, 'a', 'b', 'c')]);
    expect(launchedTasks(effects, all.agent.pid).map(({ task: { task_id } }) => task_id.value)).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(copies(all)).toBe(3);
    expect(totalOf(all).count(SHARED)).toBe(1);
    for (const id of ['b', 'a']) finish(all, id);
    expect(copies(all)).toBe(1);
    finish(all, 'c');
    expect(copies(all)).toBe(0);
  });

  it('goes to tasks of several LAUNCHes of one ACCEPT', () => {
    const all = sharing();
    const effects = accept(all, [...made, launch(all, 'a'), launch(all, 'b'), launch(all, 'c')]);
    expect(launchedTasks(effects, all.agent.pid)).toHaveLength(3);
    expect(copies(all)).toBe(3);
  });

  it('is offered again while it is used, and used again', () => {
    const all = sharing();
    accept(all, [...made, launch(all, 'a', 'b')]);
    const [offer] = all.harness.offers(all.scheduler);
    expect(Resources.from(offer?.resources).unallocate().count(SHARED)).toBe(1);
    accept(all, [launch(all, 'c', 'd')]);
    expect(copies(all)).toBe(4);
  });

  it('does not multiply what is beside it', () => {
    const all = sharing();
    const nine = Array.from({ length: 9 }, (_, i) => `t${i}`);
    const effects = accept(all, [...made, launch(all, ...nine)]);
    expect(launchedTasks(effects, all.agent.pid)).toHaveLength(8);
    expect(statusesIn(effects, all.scheduler.connection)).toMatchObject([
      { task_id: { value: 't8' }, state: 'TASK_ERROR', reason: 'REASON_TASK_INVALID' },
    ]);
    expect(copies(all)).toBe(8);
  });

  it('that is not shared goes to one task', () => {
    const all = sharing();
    const exclusive = volume('v', 50);
    const resources = [scalar('cpus', 1), exclusive];
    const tasks = ['a', 'b'].map((id) => task(id, all.agent.id, { resources }));
    const operations = [reserve(reserved('disk', 100)), create(exclusive)];
    const effects = accept(all, [...operations, { type: 'LAUNCH', launch: { task_infos: tasks } }]);
    expect(launchedTasks(effects, all.agent.pid)).toHaveLength(1);
    expect(statusesIn(effects, all.scheduler.connection)).toMatchObject([{ task_id: { value: 'b' } }]);
  });

  it('is not destroyed while one task is left that uses it', () => {
    const all = sharing();
    accept(all, [...made, launch(all, 'a', 'b')]);
    finish(all, 'a');
    accept(all, [destroy(SHARED)]);
    expect(totalOf(all).count(SHARED)).toBe(1);
    finish(all, 'b');
    accept(all, [destroy(SHARED)]);
    expect(totalOf(all).count(SHARED)).toBe(0);
  });

  it('is lost to the tasks after its DESTROY', () => {
    const all = sharing();
    const effects = accept(all, [...made, destroy(SHARED), launch(all, 'a')]);
    expect(launchedTasks(effects, all.agent.pid)).toEqual([]);
    expect(copies(all)).toBe(0);
  });

  it('is given back with its framework, however many tasks used it', () => {
    const all = sharing();
    accept(all, [...made, launch(all, 'a', 'b', 'c')]);
    all.harness.step({ kind: 'teardown-framework', connection: 9, frameworkId: all.scheduler.id as never });
    expect(copies(all)).toBe(0);
    expect(all.harness.core.state.usedQuantities.isEmpty).toBe(true);
  });

  it('counts once against quota, whoever uses it, as in the allocator', () => {
    const all = sharing();
    const { harness } = all;
    const use = (scheduler: Scheduler, ...operations: OfferOperation[]): void => {
      const [offer] = harness.offers(scheduler);
      harness.call(scheduler, { type: 'SUPPRESS', suppress: {} });
      harness.accept(scheduler, [offer?.id.value ?? ''], operations);
    };
    use(all.scheduler, ...made, launch(all, 'a', 'b'));
    for (const role of ['dev', 'dev/web', 'dev/db'])
      use(
        harness.subscribe(frameworkInfo({ roles: [role], principal: 'p', capabilities: CAPABILITIES })),
        launch(all, role.replace('/', '-')),
      );
    expect(copies(all)).toBe(5);
    const consumed = Object.fromEntries(
      [...roleBreakdowns(harness.core.state, undefined)].map(([role, { consumed }]) => [role, `${consumed}`]),
    );
    expect(consumed).toEqual({
      'dev': 'cpus:5; disk:100; mem:320',
      'dev/db': 'cpus:1; disk:50; mem:64',
      'dev/web': 'cpus:1; disk:50; mem:64',
    });
    const limits = { disk: { value: 100 }, cpus: { value: 8 }, mem: { value: 320 } };
    const update = { kind: 'update-quota', connection: 10_000_000, configs: [{ role: 'dev', limits }] } as const;
    expect(repliesIn(harness.step({ ...update, force: false }))).toEqual([{ status: 200, text: undefined }]);
    for (const [name, counted] of Object.entries({ cpus: 5, disk: 100, mem: 320 }))
      expect(harness.metric(`allocator/mesos/quota/roles/dev/resources/${name}/consumed`)).toBe(counted);
  });

  it.each(['framework', 'operator'])('is rescinded wherever it is offered when the %s destroys it', (who) => {
    const all = sharing();
    accept(all, made);
    const info = frameworkInfo({ roles: ['dev'], principal: 'p', capabilities: CAPABILITIES });
    const other = all.harness.subscribe(info);
    const has = (scheduler: Scheduler): boolean =>
      all.harness.offers(scheduler).some(({ resources }) => Resources.from(resources).unallocate().count(SHARED) > 0);
    // It alone is under the threshold: what is free beside it is what brings it into an offer.
    const [offer] = all.harness.offers(all.scheduler);
    all.harness.accept(
      all.scheduler,
      [offer?.id.value ?? ''],
      [{ type: 'LAUNCH', launch: { task_infos: [task('t', all.agent.id, { resources: [scalar('cpus', 4)] })] } }],
      1000,
    );
    expect(has(other)).toBe(true);
    // A task that ends frees enough for another offer of the same volume.
    all.harness.call(all.scheduler, { type: 'REVIVE', revive: {} });
    finish(all, 't');
    expect(has(all.scheduler)).toBe(true);
    const connection = 10_000_000;
    const operation = destroy(SHARED);
    const effects =
      who === 'operator'
        ? all.harness.step({ kind: 'operate-agent', connection, agentId: all.agent.id, operation })
        : accept(all, [operation]);
    if (who === 'operator') expect(repliesIn(effects)).toEqual([{ status: 202, text: undefined }]);
    expect(eventsIn(effects, other.connection).map(({ type }) => type)).toContain('RESCIND');
    expect(totalOf(all).count(SHARED)).toBe(0);
  });
});
