import { describe, expect, it } from 'vitest';
import { CoreHarness, frameworkInfo, task } from './core-harness.ts';

describe('metrics of the allocator', () => {
  it('show what the cluster has, what is handed out, and the shares of roles', () => {
    const master = new CoreHarness().start();
    expect(master.metric('allocator/mesos/allocation_runs')).toBe(0);
    const agent = master.addAgent();
    const scheduler = master.subscribe(frameworkInfo({ roles: ['web'] }));
    const [offer] = master.offers(scheduler);
    const total = master.metric('allocator/mesos/resources/cpus/total');
    expect(total).toBeGreaterThan(0);
    expect(master.metric('allocator/mesos/resources/cpus/offered_or_allocated')).toBe(total);
    expect(master.metric('allocator/mesos/roles/web/shares/dominant')).toBe(1);
    expect(master.metric('allocator/mesos/allocation_runs')).toBeGreaterThan(0);
    master.launch(scheduler, offer!, [task('t', agent.id)]);
    expect(master.metric('allocator/mesos/roles/web/shares/dominant')).toBeLessThan(1);
    expect(master.metric('allocator/mesos/offer_filters/roles/web/active')).toBeGreaterThanOrEqual(0);
  });

  it('go with the last framework of a role', () => {
    const master = new CoreHarness().start();
    const scheduler = master.subscribe(frameworkInfo({ roles: ['web'] }));
    expect(master.metric('allocator/mesos/roles/web/shares/dominant')).toBe(0);
    master.call(scheduler, { type: 'TEARDOWN' });
    expect(master.metric('allocator/mesos/roles/web/shares/dominant')).toBeNaN();
  });

  it('name the usual resources before there are any', () => {
    const master = new CoreHarness().start();
    for (const name of ['cpus', 'mem', 'disk'])
      for (const figure of ['total', 'offered_or_allocated'])
        expect(master.metric(`allocator/mesos/resources/${name}/${figure}`)).toBe(0);
  });

  it('count refusals of a role as long as they count', () => {
    const master = new CoreHarness().start();
    master.addAgent();
    const scheduler = master.subscribe(frameworkInfo({ roles: ['web'] }));
    const [offer] = master.offers(scheduler);
    const filters = { refuse_seconds: 3 };
    master.call(scheduler, { type: 'DECLINE', decline: { offer_ids: [offer!.id], filters } });
    expect(master.metric('allocator/mesos/offer_filters/roles/web/active')).toBe(1);
    master.advanceAlive(5000);
    expect(master.metric('allocator/mesos/offer_filters/roles/web/active')).toBe(0);
  });

  it('tell quota and what is made of it, until it is removed', () => {
    const master = new CoreHarness().start();
    const agent = master.addAgent();
    const figures = (): Record<string, number> => {
      const prefix = 'allocator/mesos/quota/roles/';
      const found = Object.entries(master.metrics.snapshot()).filter(([name]) => name.startsWith(prefix));
      return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
    };
    const set = (limits: Record<string, { value: number }>, guarantees: Record<string, { value: number }>): void =>
      void master.step({
        kind: 'update-quota',
        connection: 1000,
        configs: [{ role: 'web', limits, guarantees }],
        force: true,
      });
    expect(figures()).toEqual({});
    set({ cpus: { value: 4 }, mem: { value: 1024 } }, { cpus: { value: 2 } });
    expect(figures()).toEqual({
      'web/resources/cpus/consumed': 0,
      'web/resources/cpus/guarantee': 2,
      'web/resources/cpus/limit': 4,
      'web/resources/cpus/offered_or_allocated': 0,
      'web/resources/mem/consumed': 0,
      'web/resources/mem/limit': 1024,
      'web/resources/mem/offered_or_allocated': 0,
    });
    const scheduler = master.subscribe(frameworkInfo({ roles: ['web/front'] }));
    const [offer] = master.offers(scheduler);
    expect(figures()).toMatchObject({
      'web/resources/cpus/consumed': 4,
      'web/resources/cpus/offered_or_allocated': 4,
      'web/resources/mem/offered_or_allocated': 1024,
    });
    master.launch(scheduler, offer!, [task('t', agent.id)]);
    expect(figures()).toMatchObject({ 'web/resources/cpus/offered_or_allocated': 0.1 });
    set({ cpus: { value: 3 } }, {});
    expect(figures()).toEqual({
      'web/resources/cpus/consumed': 0.1,
      'web/resources/cpus/limit': 3,
      'web/resources/cpus/offered_or_allocated': 0.1,
    });
    set({}, {});
    expect(figures()).toEqual({});
  });
});
