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
});
