/** Metrics of each framework and of operations, by the names the original has. */
import { MetricsRegistry } from '@mesolite/daemon';
import type { Offer, OfferOperation } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { metricsPrefix } from '../src/core/transitions/framework-metrics.ts';
import { CoreDriver } from './core-driver.ts';
import { CoreHarness, frameworkInfo, type Scheduler, scalar, task } from './core-harness.ts';

function started(options: ConstructorParameters<typeof CoreHarness>[0] = {}) {
  const master = new CoreHarness({ publishPerFrameworkMetrics: true, ...options }).start();
  const agent = master.addAgent();
  const scheduler = master.subscribe(frameworkInfo({ name: 'my jobs', roles: ['dev', 'ops'] }));
  return { master, agent, scheduler };
}

function prefixOf({ id }: Scheduler): string {
  return `master/frameworks/my%20jobs/${id}/`;
}

/** Its metrics that are not 0. */
function counts(master: CoreHarness, scheduler: Scheduler): Record<string, number> {
  const prefix = prefixOf(scheduler);
  return Object.fromEntries(
    Object.entries(master.metrics.snapshot())
      .filter(([name, value]) => name.startsWith(prefix) && value !== 0)
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}

function reserveOf({ allocation_info }: Offer, cpus: number): OfferOperation {
  const reservations = [{ type: 'DYNAMIC' as const, role: allocation_info?.role }];
  return {
    type: 'RESERVE',
    reserve: { resources: [{ ...scalar('cpus', cpus), reservations, allocation_info }] },
  };
}

describe('a framework', () => {
  it('has all its metrics from the start', () => {
    const { master, scheduler } = started();
    const names = Object.keys(master.metrics.snapshot()).filter((name) => name.startsWith(prefixOf(scheduler)));
    expect(names).toEqual([...names].sort());
    const groups = new Map<string, number>();
    for (const name of names) {
      const suffix = name.slice(prefixOf(scheduler).length);
      const group = suffix.slice(0, suffix.lastIndexOf('/') + 1);
      groups.set(group, (groups.get(group) ?? 0) + 1);
    }
    expect(Object.fromEntries(groups)).toEqual({
      '': 4,
      'calls/': 17,
      'events/': 11,
      'offers/': 4,
      'operations/': 10,
      'roles/dev/': 1,
      'roles/ops/': 1,
      'tasks/active/': 6,
      'tasks/terminal/': 8,
    });
    expect(names).toContain(`${prefixOf(scheduler)}calls/acknowledge_operation_status`);
    expect(names).toContain(`${prefixOf(scheduler)}events/rescind_inverse_offer`);
    expect(names).toContain(`${prefixOf(scheduler)}operations/launch_group`);
    expect(names).toContain(`${prefixOf(scheduler)}tasks/active/task_unreachable`);
    expect(names).toContain(`${prefixOf(scheduler)}tasks/terminal/task_gone_by_operator`);
  });

  it('is counted with what it asks for and what it is told', () => {
    const { master, agent, scheduler } = started();
    const [offer] = master.offers(scheduler);
    expect(counts(master, scheduler)).toMatchObject({
      'subscribed': 1,
      'calls': 1,
      'calls/subscribe': 1,
      'events/subscribed': 1,
      'events/offers': 1,
      'offers/sent': 1,
    });
    const reserve = reserveOf(offer!, 1);
    const launch = { type: 'LAUNCH', launch: { task_infos: ['a', 'b'].map((id) => task(id, agent.id)) } } as const;
    master.accept(scheduler, [offer!.id.value], [reserve, launch]);
    master.update(agent, scheduler, 'a', 'TASK_RUNNING');
    master.update(agent, scheduler, 'b', 'TASK_FAILED');
    master.call(scheduler, { type: 'SUPPRESS', suppress: { roles: ['ops'] } });
    expect(counts(master, scheduler)).toMatchObject({
      'calls': 3,
      'calls/accept': 1,
      'calls/suppress': 1,
      'offers/accepted': 1,
      'operations': 3,
      'operations/launch': 2,
      'operations/reserve': 1,
      'tasks/active/task_running': 1,
      'tasks/terminal/task_failed': 1,
      'events/update': 2,
      'roles/ops/suppressed': 1,
    });
    expect(counts(master, scheduler)['tasks/active/task_staging']).toBeUndefined();
    const [second] = master.offers(scheduler);
    master.call(scheduler, { type: 'DECLINE', decline: { offer_ids: [second!.id] } });
    expect(counts(master, scheduler)).toMatchObject({ 'offers/declined': 1, 'calls/decline': 1 });
  });

  it('is counted in the same way when it is that of a driver', () => {
    const { master } = started();
    const driver = new CoreDriver(master);
    driver.subscribe(frameworkInfo({ name: 'my jobs' }));
    const [offer] = driver.offers();
    driver.send('launch-tasks', {
      framework_id: { value: driver.id },
      offer_ids: [offer!.id],
      tasks: [task('a', offer!.agent_id.value)],
      filters: {},
    });
    driver.call({ type: 'KILL', kill: { task_id: { value: 'unknown' } } });
    expect(counts(master, { id: driver.id, connection: -1, streamId: '' })).toMatchObject({
      'subscribed': 1,
      'calls': 3,
      'calls/subscribe': 1,
      'calls/accept': 1,
      'calls/kill': 1,
      'events': 3,
      'events/subscribed': 1,
      'events/offers': 1,
      'events/update': 1,
      'operations/launch': 1,
    });
  });

  it('counts offers that were taken back', () => {
    const { master, agent, scheduler } = started();
    master.offers(scheduler);
    master.step({ kind: 'link-exited', pid: agent.pid });
    expect(counts(master, scheduler)).toMatchObject({ 'offers/rescinded': 1, 'events/rescind': 1 });
  });

  it('shows whether it is subscribed, and keeps its metrics as long as it is remembered', () => {
    const { master, scheduler } = started({ maxCompletedFrameworks: 1 });
    master.step({ kind: 'stream-closed', connection: scheduler.connection });
    expect(counts(master, scheduler)['subscribed']).toBeUndefined();
    master.step({ kind: 'teardown-framework', connection: 100, frameworkId: scheduler.id as never });
    expect(counts(master, scheduler)['calls/subscribe']).toBe(1);
    const other = master.subscribe(frameworkInfo({ name: 'my jobs' }));
    master.call(other, { type: 'TEARDOWN' });
    expect(counts(master, scheduler)).toEqual({});
    expect(Object.keys(master.metrics.snapshot()).filter((name) => name.includes(scheduler.id))).toEqual([]);
    expect(counts(master, other)).toMatchObject({ 'calls/teardown': 1 });
  });

  it('has none where they are not wanted', () => {
    const { master, scheduler } = started({ publishPerFrameworkMetrics: false });
    expect(Object.keys(master.metrics.snapshot()).filter((name) => name.includes(scheduler.id))).toEqual([]);
  });

  it('may have any name', () => {
    expect(metricsPrefix('a/b c~ü-(x).y', 'id')).toBe('master/frameworks/a%2Fb%20c%7E%C3%BC-(x).y/id/');
    expect(metricsPrefix('x'.repeat(100_000), 'id').length).toBeLessThan(300);
  });
});

describe('operations', () => {
  it('are counted by type and state', () => {
    const { master, agent, scheduler } = started();
    const names = Object.keys(master.metrics.snapshot()).filter((name) => name.startsWith('master/operations/'));
    // In sum and for each type but LAUNCH and LAUNCH_GROUP: how many, and of each state.
    expect(names).toHaveLength(9 * (1 + 8));
    const [offer] = master.offers(scheduler);
    master.accept(scheduler, [offer!.id.value], [reserveOf(offer!, 1000)]);
    expect(master.metric('master/operations/error')).toBe(1);
    expect(master.metric('master/operations/reserve/error')).toBe(1);
    expect(master.metric('master/operations/reserve/total')).toBe(1);
    expect(master.metric('master/operations/total')).toBe(1);
    expect(master.metric('master/operations/create/total')).toBe(0);
    expect(agent.id).not.toBe('');
  });
});

describe('a family of metrics', () => {
  it('comes and goes as one', () => {
    const metrics = new MetricsRegistry();
    metrics.counter('m/z').add(2);
    metrics.counter('a').add(1);
    metrics.family('m/f/', () => [
      ['one', 1],
      ['two', 2],
    ]);
    expect(Object.entries(metrics.snapshot())).toEqual([
      ['a', 1],
      ['m/f/one', 1],
      ['m/f/two', 2],
      ['m/z', 2],
    ]);
    expect(metrics.prometheus()).toContain('# TYPE mesos_m_f_one gauge\nmesos_m_f_one 1\n');
    metrics.remove('m/f/');
    expect(metrics.snapshot()).toEqual({ 'a': 1, 'm/z': 2 });
  });
});
