/**
 * The ten situations again, while offers are out: to whoever asks, to others of its role, to others. What is told is what
 * would stand in the way without them, and offers only where they do.
 */
import type { QuotaConfig } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { CoreHarness, frameworkInfo, type Scheduler, scalar } from './core-harness.ts';
import { agents, decline, explain, fill, framework, OPERATOR, quota, SMALL } from './explained.ts';

const NEVER = 100_000;

/** One agent, three of whose cpus and half of whose memory are in use by tasks of a framework that wants no more. */
function partlyUsed(): CoreHarness {
  const master = new CoreHarness().start();
  agents(master, 'h1');
  const batch = framework(master, 'batch', ['batch']);
  fill(master, batch, 3, 512);
  decline(master, batch, NEVER);
  return master;
}

function reasonOf(master: CoreHarness, query: string): string {
  return explain(master, query).verdict.reason;
}

/** Expects the scheduler to hold one offer, of so much. */
function holds(master: CoreHarness, scheduler: Scheduler, cpus: number, mem: number): void {
  const offers = master.offers(scheduler);
  const amounts = offers.map(({ resources }) =>
    ['cpus', 'mem'].map((name) => resources?.find((one) => one.name === name)?.scalar?.value ?? 0),
  );
  expect(amounts).toEqual([[cpus, mem]]);
}

describe('why is my task not running, with offers out', () => {
  it('1: it is larger than any agent, whoever has it', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1');
    holds(master, framework(master, 'web'), 4, 1024);
    framework(master, 'late');
    for (const asker of ['framework=web&', 'framework=late&', ''])
      expect(reasonOf(master, `${asker}cpus=100`)).toBe('too-small');
  });

  it('2: tasks use the agent, and the rest is in an offer', () => {
    const master = partlyUsed();
    holds(master, framework(master, 'web'), 1, 512);
    framework(master, 'late');
    expect(explain(master, 'framework=web&cpus=2&mem=10').agents[0]).toMatchObject({
      reason: 'used-by-tasks',
      missing: { cpus: 1 },
    });
    expect(reasonOf(master, 'framework=late&cpus=2&mem=10')).toBe('used-by-tasks');
    expect(reasonOf(master, 'framework=web&cpus=1&mem=10')).toBe('offered');
    expect(reasonOf(master, 'framework=late&cpus=1&mem=10')).toBe('held-by-offers');
    expect(reasonOf(master, 'framework=late')).toBe('held-by-offers');
  });

  it('3: another framework holds a part of the agent, and it the rest', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1');
    quota(master, { role: 'part', limits: { cpus: { value: 2 }, mem: { value: 512 } } });
    const hoarder = framework(master, 'hoarder', ['part']);
    holds(master, hoarder, 2, 512);
    const web = framework(master, 'web', ['web', 'extra']);
    holds(master, web, 2, 512);
    const answer = explain(master, 'framework=web&cpus=3&mem=10');
    expect(answer.verdict.text).toContain('in offers to other frameworks (h1: held by offer ');
    expect(answer.agents[0]).toMatchObject({ reason: 'held-by-offers', missing: { cpus: 1 } });
    expect(answer.agents[0]?.text).toContain(`to framework hoarder (${hoarder.id}) since`);
    expect(explain(master, 'framework=web&cpus=2&mem=10').verdict.text).toMatch(
      /is out to it .* with cpus 2, mem 512\)/,
    );
    // An offer in one role is of no use for a task in the other.
    const [offer] = master.offers(web);
    const [has, lacks] = offer?.allocation_info?.role === 'web' ? ['web', 'extra'] : ['extra', 'web'];
    expect(reasonOf(master, `framework=web&cpus=2&role=${has}`)).toBe('offered');
    const other = explain(master, `framework=web&cpus=2&role=${lacks}`).agents[0];
    expect(other?.reason).toBe('held-by-offers');
  });

  it('4: it declined the agent, and another framework has it since', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1');
    const web = framework(master, 'web');
    const [offerId] = decline(master, web, 6000);
    holds(master, framework(master, 'hoarder'), 4, 1024);
    for (const query of ['framework=web', 'framework=web&cpus=1']) {
      const answer = explain(master, query);
      expect(answer.verdict.reason).toBe('refused');
      expect(answer.verdict.text).toContain(`by its decline of offer ${offerId} at`);
      expect(answer.agents[0]?.declined).toMatchObject({ offer_id: offerId, refuse_seconds: 6000 });
    }
    master.call(web, { type: 'REVIVE' });
    for (const query of ['framework=web', 'framework=web&cpus=1'])
      expect(reasonOf(master, query)).toBe('held-by-offers');
  });

  it('5: it suppressed offers, and still holds one, or another framework does', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1');
    const web = framework(master, 'web');
    holds(master, web, 4, 1024);
    master.call(web, { type: 'SUPPRESS' });
    expect(explain(master, 'framework=web&cpus=1').verdict).toMatchObject({
      reason: 'role-suppressed',
      text: 'Not running because it has suppressed offers for role *; it still holds 1 offer.',
    });
    decline(master, web, 0);
    holds(master, framework(master, 'hoarder'), 4, 1024);
    expect(explain(master, 'framework=web&cpus=1').verdict.text).toBe(
      'Not running because it has suppressed offers for role *.',
    );
  });

  it('6: the quota limit of its role leaves less than it wants, and its offer is cut to that', () => {
    const master = partlyUsed();
    quota(master, { role: 'b', limits: { cpus: { value: 0.5 } } });
    const web = framework(master, 'web', ['b']);
    holds(master, web, 0.5, 512);
    framework(master, 'late', ['b']);
    for (const name of ['web', 'late']) {
      const answer = explain(master, `framework=${name}&cpus=1&mem=10`);
      expect(answer.verdict.reason, name).toBe('quota-limit');
      expect(answer.verdict.text).toContain(
        '(h1: role b may still get cpus 0.5 within its limit, with what is in offers of this agent)',
      );
      expect(answer.verdict.hint).toContain('(/quota)');
    }
    expect(explain(master, 'framework=web&cpus=1&mem=10').agents[0]?.missing).toEqual({ cpus: 0.5 });
    expect(reasonOf(master, 'cpus=1&mem=10&role=b')).toBe('quota-limit');
    // What the limit allows is in the offer.
    expect(explain(master, 'framework=web').verdict.text).toContain(' with cpus 0.5, mem 512)');
    expect(reasonOf(master, 'framework=web&cpus=0.5&mem=10')).toBe('offered');
    for (const query of ['framework=late&cpus=0.5&mem=10', 'framework=late&cpus=0.5', 'framework=late'])
      expect(reasonOf(master, query), query).toBe('held-by-offers');
  });

  it('6b: the limit is used up by tasks, and what it does not limit goes out in offers', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1');
    quota(master, { role: 'b', limits: { cpus: { value: 3 } } });
    const web = framework(master, 'web', ['b']);
    fill(master, web, 3, 512);
    holds(master, web, 0, 512);
    framework(master, 'late', ['b']);
    for (const query of ['web', 'late', 'web&cpus=1&mem=10', 'late&cpus=1&mem=10', 'late&cpus=1']) {
      const answer = explain(master, `framework=${query}`);
      expect(answer.verdict.reason, query).toBe('quota-limit');
      expect(answer.verdict.text, query).toContain('role b may still get cpus 0 within its limit)');
    }
    expect(reasonOf(master, 'framework=web&mem=10')).toBe('offered');
    expect(reasonOf(master, 'framework=late&mem=10')).toBe('held-by-offers');
    // Somebody without a limit lacks only the offer.
    framework(master, 'free', ['c']);
    expect(reasonOf(master, 'framework=free&cpus=1&mem=10')).toBe('held-by-offers');
    expect(reasonOf(master, 'framework=free&cpus=2&mem=10')).toBe('used-by-tasks');
  });

  it('6c: a limit that is set below what is offered takes the offer back', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1');
    const web = framework(master, 'web', ['b']);
    holds(master, web, 4, 1024);
    quota(master, { role: 'b', limits: { cpus: { value: 1 } } });
    expect(reasonOf(master, 'framework=web&cpus=2')).toBe('quota-limit');
    holds(master, web, 1, 1024);
    expect(reasonOf(master, 'framework=web&cpus=2')).toBe('quota-limit');
    expect(reasonOf(master, 'framework=web&cpus=1')).toBe('offered');
  });

  const GUARANTEE: QuotaConfig = { role: 'prod', guarantees: { cpus: { value: 8 } } };

  it('7: cpus are held back for the guarantee of another role, and what else there is goes out in offers', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1');
    quota(master, GUARANTEE);
    holds(master, framework(master, 'web', ['web']), 0, 1024);
    framework(master, 'late', ['late']);
    for (const query of ['web', 'web&cpus=1&mem=10', 'web&cpus=1', 'late', 'late&cpus=1&mem=10', 'late&cpus=1']) {
      const answer = explain(master, `framework=${query}`);
      expect(answer.verdict.reason, query).toBe('held-back');
      expect(answer.verdict.text, query).toContain('(h1: held back for role prod, which lacks cpus 8)');
    }
    expect(reasonOf(master, 'framework=web&mem=10')).toBe('offered');
    expect(reasonOf(master, 'framework=late&mem=10')).toBe('held-by-offers');
    expect(reasonOf(master, 'cpus=1&role=prod')).toBe('waits-its-turn');
  });

  it('7b: who is guaranteed the agent has it in an offer: without that it would be held back', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1');
    quota(master, { role: 'prod', guarantees: { cpus: { value: 4 }, mem: { value: 1024 } } });
    holds(master, framework(master, 'prod', ['prod']), 4, 1024);
    framework(master, 'late', ['late']);
    for (const query of ['framework=late', 'framework=late&cpus=1&mem=10', 'cpus=1&role=late']) {
      const answer = explain(master, query);
      expect(answer.verdict.reason, query).toBe('held-back');
      expect(answer.verdict.text, query).toContain('held back for role prod, which lacks cpus 4, mem 1024)');
    }
    expect(reasonOf(master, 'framework=prod&cpus=4')).toBe('offered');
    framework(master, 'next', ['prod']);
    expect(reasonOf(master, 'framework=next&cpus=4&mem=10')).toBe('held-by-offers');
  });

  it('8: its offer constraints exclude the agent, which is in an offer to another framework', () => {
    const master = new CoreHarness().start();
    agents(master, 'db-1');
    const web = framework(master, 'web', ['web']);
    decline(master, web, 0);
    holds(master, framework(master, 'hoarder', ['other']), 4, 1024);
    expect(reasonOf(master, 'framework=web&cpus=1')).toBe('held-by-offers');
    const wanted = {
      selector: { pseudoattribute_type: 'HOSTNAME' as const },
      predicate: { text_equals: { value: 'w' } },
    };
    master.call(web, {
      type: 'UPDATE_FRAMEWORK',
      update_framework: {
        framework_info: frameworkInfo({ name: 'web', roles: ['web'], id: { value: web.id } }),
        offer_constraints: { role_constraints: { web: { groups: [{ attribute_constraints: [wanted] }] } } },
      },
    });
    for (const query of ['framework=web', 'framework=web&cpus=1'])
      expect(reasonOf(master, query)).toBe('excluded-by-constraint');
  });

  it('9: the agent is reserved for another role, and in an offer to it', () => {
    const master = new CoreHarness().start();
    const reservations = [{ type: 'STATIC' as const, role: 'db' }];
    master.addAgent({ hostname: 'h1', resources: SMALL.map((resource) => ({ ...resource, reservations })) });
    holds(master, framework(master, 'db', ['db']), 4, 1024);
    framework(master, 'web', ['web']);
    for (const query of ['framework=web', 'framework=web&cpus=1', 'cpus=1&role=web']) {
      const answer = explain(master, query);
      expect(answer.verdict.reason, query).toBe('reserved-for-others');
      expect(answer.verdict.text).toContain('reserved for db');
    }
    expect(reasonOf(master, 'framework=db&cpus=1')).toBe('offered');
  });

  it('9b: a part is reserved for another role, and the rest is in offers', () => {
    const master = new CoreHarness().start();
    const reserved = { ...scalar('cpus', 3), reservations: [{ type: 'STATIC' as const, role: 'db' }] };
    master.addAgent({ hostname: 'h1', resources: [reserved, scalar('cpus', 1), scalar('mem', 1024)] });
    const web = framework(master, 'web', ['web']);
    holds(master, web, 1, 1024);
    framework(master, 'late', ['late']);
    for (const name of ['web', 'late'])
      expect(reasonOf(master, `framework=${name}&cpus=2&mem=10`)).toBe('reserved-for-others');
    expect(reasonOf(master, 'framework=late&cpus=1&mem=10')).toBe('held-by-offers');
  });

  it('10: the agent is disconnected, and offers of another one are out', () => {
    const master = new CoreHarness().start();
    const [first] = agents(master, 'h1', 'h2');
    const hoarder = framework(master, 'hoarder');
    expect(master.offers(hoarder)).toHaveLength(2);
    framework(master, 'web');
    master.step({ kind: 'link-exited', pid: first!.pid });
    const reasons = (query: string) => explain(master, query).agents.map(({ hostname, reason }) => [hostname, reason]);
    for (const query of ['framework=web', 'framework=web&cpus=1'])
      expect(reasons(query)).toEqual([
        ['h2', 'held-by-offers'],
        ['h1', 'agent-disconnected'],
      ]);
    expect(reasons('framework=hoarder&cpus=1')).toEqual([
      ['h2', 'offered'],
      ['h1', 'agent-disconnected'],
    ]);
  });

  it('a window of maintenance, or a machine that is down, is told as before', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1');
    holds(master, framework(master, 'web'), 4, 1024);
    framework(master, 'late');
    const machine = { hostname: 'h1', ip: '127.0.0.1' };
    const windows = [{ machine_ids: [machine], unavailability: { start: { nanoseconds: 5_000_000_000n } } }];
    master.step({ kind: 'update-maintenance-schedule', connection: OPERATOR, schedule: { windows } });
    // The schedule takes offers back.
    expect(reasonOf(master, 'framework=web&cpus=1')).toBe('waits-its-turn');
    master.advanceAlive(2000);
    expect(['offered', 'held-by-offers']).toContain(reasonOf(master, 'framework=web&cpus=1'));
    master.step({ kind: 'start-maintenance', connection: OPERATOR, machines: [machine] });
    for (const name of ['web', 'late']) expect(reasonOf(master, `framework=${name}&cpus=1`)).toBe('machine-down');
  });
});
