/** "Why is my task not running?" in prepared situations, against a whole core: the answer is the reason, and says of whom. */
import type { FrameworkId } from '@mesolite/base';
import type { SchedulerOfferConstraints } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { parseOffersQuery } from '../src/core/capabilities/explain/explain-query.ts';
import { offersBody } from '../src/core/capabilities/explain/offers-view.ts';
import { MAX_DECLINES_PER_AGENT } from '../src/core/options.ts';
import { AGENT_CAPABILITIES, CoreHarness, frameworkInfo, type Scheduler, scalar } from './core-harness.ts';
import { agents, ask, decline, explain, fill, framework, OPERATOR, quota, SMALL } from './explained.ts';

const seconds = (master: CoreHarness): number => master.now().wallMs / 1000;

describe('why is my task not running', () => {
  it('1: it is larger than any agent', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1', 'h2');
    framework(master, 'web');
    for (const query of ['cpus=100&mem=10', 'framework=web&cpus=100&mem=10']) {
      const answer = explain(master, query);
      expect(answer.verdict).toMatchObject({
        reason: 'too-small',
        text: 'Not running because 2 of 2 agents are too small for it (h1: has cpus 4, mem 1024; missing cpus 96).',
      });
      expect(answer.agents.map(({ reason, missing }) => [reason, missing])).toEqual([
        ['too-small', { cpus: 96 }],
        ['too-small', { cpus: 96 }],
      ]);
    }
  });

  it('2: tasks of others use the agents', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1', 'h2');
    const batch = framework(master, 'batch');
    fill(master, batch, 3, 1024);
    decline(master, batch, 1000);
    framework(master, 'web');
    const answer = explain(master, 'framework=web&cpus=2&mem=10');
    expect(answer.verdict.reason).toBe('used-by-tasks');
    expect(answer.verdict.text).toContain(
      'Not running because 2 of 2 agents are in use by tasks (h1: used by batch (1 task: cpus 3, mem 1024); ' +
        'missing cpus 1, mem 10)',
    );
    expect(answer.agents[0]).toMatchObject({
      missing: { cpus: 1, mem: 10 },
      used_by: [{ framework: 'batch', tasks: 1 }],
    });
  });

  it('3: offers to another framework hold the agents', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1');
    const hoarder = framework(master, 'hoarder');
    const [offer] = master.offers(hoarder);
    const since = seconds(master);
    framework(master, 'web');
    master.advanceAlive(40_000);
    for (const query of ['framework=web', 'framework=web&cpus=1', 'cpus=1']) {
      const answer = explain(master, query);
      expect(answer.verdict.reason).toBe('held-by-offers');
      expect(answer.verdict.text).toContain(
        `held by offer ${offer!.id.value} to framework hoarder (${hoarder.id}) since `,
      );
      expect(answer.agents[0]?.held_by).toMatchObject([{ offer_id: offer!.id.value, framework: 'hoarder' }]);
      const [held] = answer.agents[0]!.held_by!;
      expect(held!.age_seconds).toBeGreaterThanOrEqual(40);
      expect(held!.since).toBeLessThanOrEqual(since);
    }
  });

  it('4: it declined the agents itself', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1');
    const web = framework(master, 'web');
    const [offerId] = decline(master, web, 600);
    const at = seconds(master);
    master.advanceAlive(30_000);
    const answer = explain(master, 'framework=web&cpus=1');
    expect(answer.verdict.reason).toBe('refused');
    expect(answer.verdict.text).toMatch(
      /filtered until 2026-01-01T00:10:0\S+ by its decline of offer \S+ at 2026-01-01T00:00:0\S+ \(refuse_seconds 600\)\)/,
    );
    expect(answer.agents[0]).toMatchObject({
      declined: { offer_id: offerId, at, refuse_seconds: 600, by: 'DECLINE' },
      refused_until: at + 600,
    });
    // What an ACCEPT leaves counts as declined, too.
    master.call(web, { type: 'REVIVE' });
    const [offer] = master.offers(web);
    master.accept(web, [offer!.id.value], [], 300);
    expect(explain(master, 'framework=web').agents[0]?.declined).toMatchObject({
      offer_id: offer!.id.value,
      refuse_seconds: 300,
      by: 'ACCEPT',
    });
    // Once it is over, there is nothing to say of it.
    master.advanceAlive(301_000);
    expect(explain(master, 'framework=web').verdict.reason).toBe('offered');
  });

  it('4b: of many frameworks only the last declines of an agent are remembered, all count', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1');
    const all = Array.from({ length: MAX_DECLINES_PER_AGENT + 1 }, (_, i) => {
      const scheduler = framework(master, `f${i}`);
      decline(master, scheduler, 10_000);
      return scheduler;
    });
    const answers = all.map(({ id }) => explain(master, `framework=${id}`).agents[0]!);
    expect(answers.map(({ reason }) => reason)).toEqual(all.map(() => 'refused'));
    expect(answers.filter(({ declined }) => declined === undefined)).toHaveLength(1);
    expect(answers[0]?.text).toMatch(/^filtered until \S+ by an earlier decline$/);
  });

  it('5: it suppressed offers for the role', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1');
    const web = framework(master, 'web', ['web', 'extra']);
    decline(master, web, 0);
    master.call(web, { type: 'SUPPRESS', suppress: { roles: ['web'] } });
    const answer = explain(master, 'framework=web&role=web');
    expect(answer.verdict).toMatchObject({
      reason: 'role-suppressed',
      text: 'Not running because it has suppressed offers for role web.',
    });
    expect(answer.verdict.hint).toContain('REVIVE');
    // In its other role it is offered the agent.
    expect(explain(master, 'framework=web').verdict.reason).not.toBe('role-suppressed');
    master.call(web, { type: 'SUPPRESS' });
    expect(explain(master, 'framework=web').verdict.text).toBe(
      'Not running because it has suppressed offers for role web, extra.',
    );
  });

  it('6: the quota limit of its role is reached', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1', 'h2');
    quota(master, { role: 'web', limits: { cpus: { value: 4 }, mem: { value: 1024 } } });
    const web = framework(master, 'web', ['web']);
    fill(master, web);
    const answer = explain(master, 'framework=web&cpus=1&mem=10');
    expect(answer.verdict.reason).toBe('quota-limit');
    expect(answer.verdict.text).toContain('role web may still get cpus 0, mem 0 within its limit');
    expect(answer.roles[0]?.quota).toMatchObject({ role: 'web', left: { cpus: 0, mem: 0 } });
    // A limit of cpus alone leaves offers without cpus: they are no answer.
    quota(master, { role: 'web', limits: { cpus: { value: 4 } } });
    decline(master, web, 1000);
    for (const query of ['framework=web', 'framework=web&cpus=1', 'cpus=1&role=web', 'framework=web&cpus=0.5&mem=100'])
      expect(explain(master, query).verdict.reason, query).toBe('quota-limit');
    expect(explain(master, 'framework=web&mem=100').verdict.reason).toBe('refused');
    // Half of what is wanted is too little.
    quota(master, { role: 'web', limits: { cpus: { value: 5 } } });
    expect(explain(master, 'framework=web&cpus=2').agents[0]).toMatchObject({
      reason: 'quota-limit',
      missing: { cpus: 1 },
    });
  });

  it("7: what is free is held back for another role's guarantee", () => {
    const master = new CoreHarness().start();
    agents(master, 'h1', 'h2');
    quota(master, { role: 'prod', guarantees: { cpus: { value: 8 }, mem: { value: 2048 } } });
    framework(master, 'web', ['web']);
    master.advanceAlive(2_000);
    for (const query of ['framework=web', 'framework=web&cpus=1', 'cpus=1&role=web']) {
      const answer = explain(master, query);
      expect(answer.verdict.reason).toBe('held-back');
      expect(answer.verdict.text).toContain('held back for role prod, which lacks cpus 8, mem 2048)');
    }
    expect(explain(master, 'cpus=1&role=prod').verdict.reason).toBe('waits-its-turn');
  });

  it('8: its offer constraints exclude the agents', () => {
    const master = new CoreHarness().start();
    agents(master, 'db-1');
    const web = framework(master, 'web', ['web']);
    decline(master, web, 0);
    const constraints: SchedulerOfferConstraints = {
      role_constraints: {
        web: {
          groups: [
            {
              attribute_constraints: [
                { selector: { pseudoattribute_type: 'HOSTNAME' }, predicate: { text_matches: { regex: 'web-.*' } } },
              ],
            },
          ],
        },
      },
    };
    master.call(web, {
      type: 'UPDATE_FRAMEWORK',
      update_framework: {
        framework_info: frameworkInfo({ name: 'web', roles: ['web'], id: { value: web.id } }),
        offer_constraints: constraints,
      },
    });
    const answer = explain(master, 'framework=web&cpus=1');
    expect(answer.verdict.reason).toBe('excluded-by-constraint');
    expect(answer.verdict.hint).toContain('attributes, hostname, region or zone');
  });

  it('9: the agents are reserved for another role', () => {
    const master = new CoreHarness().start();
    const reservations = [{ type: 'STATIC' as const, role: 'db' }];
    master.addAgent({ hostname: 'h1', resources: SMALL.map((resource) => ({ ...resource, reservations })) });
    framework(master, 'web', ['web']);
    for (const query of ['framework=web', 'framework=web&cpus=1', 'cpus=1&role=web']) {
      const answer = explain(master, query);
      expect(answer.verdict.reason).toBe('reserved-for-others');
      expect(answer.verdict.text).toContain('reserved for db');
    }
    expect(explain(master, 'cpus=1&role=db').verdict.reason).toBe('waits-its-turn');
    expect(explain(master, 'cpus=1&role=db/sub').verdict.reason).toBe('waits-its-turn');
  });

  it.each([
    ['of less than a task takes', 1, 'framework=both&role=dev&cpus=2', 'ops, db'],
    ['of next to nothing', 0.001, 'framework=both&role=dev', 'ops, db'],
    ['above that', 1, 'framework=both&role=dev/sub&cpus=2', 'ops, db'],
    ['of another role of it', 1, 'framework=both&role=ops&cpus=4', 'dev, db'],
  ])('9: the agents are reserved for others, and the asker has a reservation %s', (_, own, query, others) => {
    const master = new CoreHarness().start();
    const reserved = (role: string, value: number) => ({
      ...scalar('cpus', value),
      reservations: [{ type: 'STATIC' as const, role }],
    });
    master.addAgent({ hostname: 'h1', resources: [reserved('dev', own), reserved('ops', 2), reserved('db', 1)] });
    framework(master, 'both', ['dev', 'ops', 'dev/sub']);
    const [row] = explain(master, query).agents;
    expect(row?.reason).toBe('reserved-for-others');
    expect(row?.text.split(';')[0]).toBe(`reserved for ${others}`);
  });

  it('10: the agent is disconnected', () => {
    const master = new CoreHarness().start();
    const [first] = agents(master, 'h1', 'h2');
    const web = framework(master, 'web');
    fill(master, web, 1, 10);
    master.step({ kind: 'link-exited', pid: first!.pid });
    decline(master, web, 1000);
    const answer = explain(master, 'framework=web&cpus=1');
    expect(answer.agents.map(({ hostname, reason }) => [hostname, reason])).toEqual([
      ['h2', 'refused'],
      ['h1', 'agent-disconnected'],
    ]);
    expect(answer.verdict.text).toMatch(/^Not running because 1 of 2 agents is refused .*; 1 is disconnected\.$/);
    // One that does not come back is not counted any more.
    master.advanceAlive(1000);
    expect(explain(master, 'cpus=1').summary.map(({ reason }) => reason)).toEqual([
      'waits-its-turn',
      'agent-disconnected',
    ]);
  });

  it('11: the agents are out of service, whether they are there or not', () => {
    const master = new CoreHarness().start();
    const [h1, h2] = agents(master, 'h1', 'h2');
    fill(master, framework(master, 'web'), 1, 1);
    const [h3] = agents(master, 'h3');
    const common = { connection: OPERATOR };
    master.step({ kind: 'deactivate-agent', ...common, agentId: h1!.id });
    for (const { id } of [h2!, h3!]) master.step({ kind: 'drain-agent', ...common, agentId: id, config: {} });
    const reasons = () =>
      explain(master, 'framework=web&cpus=1')
        .agents.map(({ hostname, reason }) => `${hostname} ${reason}`)
        .sort();
    expect(reasons()).toEqual(['h1 agent-deactivated', 'h2 agent-draining', 'h3 agent-drained']);
    master.step({ kind: 'link-exited', pid: h1!.pid });
    expect(reasons()).toContain('h1 agent-deactivated');
  });
});

describe('further answers', () => {
  it('the agent is not on the whitelist', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1');
    expect(master.offers(framework(master, 'web'))).toHaveLength(1);
    master.step({ kind: 'whitelist-read', hostnames: ['h2'] });
    // What was offered before stays so.
    expect(explain(master, 'framework=web').verdict.reason).toBe('offered');
    agents(master, 'h3');
    framework(master, 'late');
    expect(explain(master, 'framework=late').agents.map(({ hostname, reason }) => [hostname, reason])).toEqual([
      ['h1', 'not-whitelisted'],
      ['h3', 'not-whitelisted'],
    ]);
  });

  it('GPUs are withheld', () => {
    const master = new CoreHarness().start();
    master.addAgent({ hostname: 'h1', resources: [...SMALL, scalar('gpus', 1)] });
    framework(master, 'web');
    expect(explain(master, 'framework=web').verdict.reason).toBe('gpus-withheld');
    framework(master, 'ml', ['*'], { capabilities: [{ type: 'MULTI_ROLE' }, { type: 'GPU_RESOURCES' }] });
    expect(explain(master, 'framework=ml&gpus=1').verdict.reason).toBe('waits-its-turn');
  });

  it('the scheduler is disconnected', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1');
    const web = framework(master, 'web');
    master.step({ kind: 'stream-closed', connection: web.connection });
    const answer = explain(master, 'framework=web');
    expect(answer.verdict.reason).toBe('framework-disconnected');
    expect(answer.verdict.text).toBe(
      'Not running because its scheduler is disconnected; it is removed at 2026-01-01T00:01:00.000Z unless it comes back.',
    );
    expect(answer.framework).toMatchObject({ name: 'web', state: 'disconnected' });
  });

  it('agents are awaited after a failover with quota', () => {
    const master = new CoreHarness().start({
      admitted: ['a', 'b'].map((id) => ({ id: { value: id }, hostname: `host-${id}`, resources: SMALL })),
      unreachable: [],
      gone: [],
      quotas: [{ role: 'prod', guarantees: { cpus: { value: 1 } } }],
    });
    framework(master, 'web');
    master.advanceAlive(2_000);
    const answer = explain(master, 'framework=web');
    expect(answer.verdict.reason).toBe('awaiting-agents');
    expect(answer.verdict.text).toMatch(
      /^Not running because the master offers nothing until \d agents? .*quota must hold/,
    );
    expect(answer.agents.map(({ hostname, reason }) => [hostname, reason])).toEqual([
      ['host-a', 'agent-awaited'],
      ['host-b', 'agent-awaited'],
    ]);
  });

  it('too little is free to be worth an offer', () => {
    const master = new CoreHarness().start();
    master.addAgent({ hostname: 'h1', resources: [scalar('cpus', 0.001), scalar('mem', 16)] });
    framework(master, 'web');
    expect(explain(master, 'framework=web').verdict.reason).toBe('below-minimum');
    expect(explain(master, 'framework=web&mem=8').verdict.reason).toBe('below-minimum');
  });

  it('its machine is down for maintenance', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1');
    framework(master, 'web');
    const machine = { hostname: 'h1', ip: '127.0.0.1' };
    const windows = [{ machine_ids: [machine], unavailability: { start: { nanoseconds: 5_000_000_000n } } }];
    master.step({ kind: 'update-maintenance-schedule', connection: OPERATOR, schedule: { windows } });
    // Scheduled only: still offered, and said so.
    expect(explain(master, 'framework=web').agents[0]).toMatchObject({ unavailability: { start: 5 } });
    master.step({ kind: 'start-maintenance', connection: OPERATOR, machines: [machine] });
    expect(explain(master, 'framework=web').verdict).toMatchObject({ reason: 'machine-down' });
  });

  it('there is no agent, or the framework does not have the role', () => {
    const master = new CoreHarness().start();
    framework(master, 'web');
    expect(explain(master, 'framework=web').verdict.text).toBe('Not running because no agent is registered.');
    expect(explain(master, 'cpus=1').verdict.reason).toBe('no-agents');
    expect(explain(master, 'framework=web&role=other').verdict.text).toBe(
      'Not running because it does not have the role other; its roles are *.',
    );
  });

  it('agents are too old for a role with a slash', () => {
    const master = new CoreHarness().start();
    const capabilities = AGENT_CAPABILITIES.filter(({ type }) => type !== 'HIERARCHICAL_ROLE');
    master.addAgent({ hostname: 'h1', resources: SMALL, capabilities });
    framework(master, 'web', ['a/b']);
    expect(explain(master, 'framework=web').verdict.reason).toBe('no-hierarchical-role');
  });

  it('an offer is out to it, or would be', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1');
    const web = framework(master, 'web');
    const [offer] = master.offers(web);
    const answer = explain(master, 'framework=web&cpus=1');
    expect(answer.verdict).toMatchObject({ reason: 'offered' });
    expect(answer.verdict.text).toContain(`offer ${offer!.id.value} is out to it since 2026-01-01T00:00:00`);
    framework(master, 'other', ['a']);
    decline(master, web, 0);
    const room = explain(master, 'framework=web&cpus=1');
    expect(room.verdict.reason).toBe('waits-its-turn');
    expect(room.verdict.text).toMatch(
      /^Nothing stands in the way: 1 of 1 agent would be offered to it in the next allocation; 1 before it, first other \(\S+\) in role a\.$/,
    );
    expect(explain(master, 'cpus=1&ports=0').verdict.text).toBe('It would fit: 1 of 1 agent has room for it now.');
    expect(explain(master, 'cpus=1&ports=1').verdict.reason).toBe('too-small');
  });

  it('agents lack the attributes asked for, or the framework has no role', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1');
    const attributed = explain(master, 'cpus=1&attributes=rack:r1;zone:a');
    expect(attributed.verdict.reason).toBe('lacks-attributes');
    expect(attributed.verdict.text).toContain('(h1: lacks rack:r1, zone:a)');
    framework(master, 'none', []);
    expect(explain(master, 'framework=none').verdict.text).toBe(
      'Not running because it does not have the role *; its roles are none.',
    );
  });

  it('the role that comes nearest speaks for an agent', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1');
    quota(master, { role: 'poor', limits: { cpus: { value: 0 }, mem: { value: 0 } } });
    const web = framework(master, 'web', ['poor', 'rich']);
    decline(master, web, 100);
    expect(explain(master, 'framework=web').agents[0]).toMatchObject({ role: 'rich', reason: 'refused' });
    expect(explain(master, 'framework=web&role=poor').agents[0]).toMatchObject({ reason: 'quota-limit' });
    const many = Array.from({ length: 20 }, (_, i) => `role${i}`);
    framework(master, 'many', many);
    expect(explain(master, 'framework=many')).toMatchObject({ roles_left_out: 4 });
  });

  it('come in pages, nearest first, counted over all', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1', 'h2', 'h3');
    master.addAgent({ hostname: 'big', resources: [scalar('cpus', 40), scalar('mem', 1024)] });
    const answer = explain(master, 'cpus=10&limit=2');
    expect(answer.agents.map(({ hostname }) => hostname)).toEqual(['big', 'h1']);
    expect(answer.total).toBe(4);
    expect(answer.summary.map(({ reason, agents: count }) => [reason, count])).toEqual([
      ['waits-its-turn', 1],
      ['too-small', 3],
    ]);
    expect(explain(master, 'cpus=10&limit=2&offset=2').agents.map(({ hostname }) => hostname)).toEqual(['h2', 'h3']);
    expect(explain(master, 'cpus=10&offset=9').agents).toEqual([]);
  });
});

describe('a bad question', () => {
  it.each([
    ['', 400, "Missing 'framework' query parameter, or a size"],
    ['cpus=0', 400, "Missing 'framework' query parameter, or a size"],
    ['framework=', 400, "Invalid 'framework' query parameter: expecting an id or a name"],
    ['cpus=many', 400, "Invalid 'cpus' query parameter 'many': expecting a number from 0 to 9007199254740"],
    ['mem=-1', 400, "Invalid 'mem' query parameter '-1'"],
    ['mem=1e3', 400, "Invalid 'mem' query parameter '1e3'"],
    ['disk=99999999999999', 400, "Invalid 'disk' query parameter '99999999999999'"],
    ['ports=1.5', 400, "Invalid 'ports' query parameter '1.5': expecting how many ports, a whole number"],
    ['cpus=1&cpus=2', 400, "Query parameter 'cpus' is given more than once"],
    ['cpu=1', 400, "Unknown query parameter 'cpu': expecting 'framework', 'role', 'cpus'"],
    ['cpus=1&role=a/../b', 400, "Invalid 'role' query parameter 'a/../b'"],
    ['cpus=1&attributes=rack', 400, "Invalid 'attributes' query parameter 'rack'"],
    ['cpus=1&limit=1001', 400, "Invalid 'limit' query parameter '1001': expecting a whole number from 0 to 1000"],
    ['cpus=1&offset=-1', 400, "Invalid 'offset' query parameter '-1'"],
    ['framework=nobody', 404, "No framework is known by the id or name 'nobody'"],
    ['framework=gone', 404, "Framework 'gone' has ended"],
    ['framework=twin', 400, "Invalid 'framework' query parameter 'twin': 2 frameworks are called so"],
  ])('%s: %i', (query, status, text) => {
    const master = new CoreHarness().start();
    for (const name of ['twin', 'twin']) framework(master, name);
    master.call(framework(master, 'gone'), { type: 'TEARDOWN' });
    const answer = ask(master, query);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(text);
  });
});

describe('who holds offers', () => {
  it('is told with what, since when, and who holds most', () => {
    const master = new CoreHarness().start();
    agents(master, 'h1');
    const small = framework(master, 'small', ['a']);
    const [first] = master.offers(small);
    const since = seconds(master);
    master.advanceAlive(30_000);
    const big = framework(master, 'big', ['b']);
    agents(master, 'h2', 'h3');
    decline(master, small, 0);
    master.advanceAlive(5_000);
    const view = (query: string) => {
      const parsed = parseOffersQuery(new URLSearchParams(query));
      if (!parsed.ok) throw new Error(parsed.error);
      const body = offersBody(master.core.state, master.now(), parsed.value);
      if (!body.ok) throw new Error(body.error.text);
      return JSON.parse(JSON.stringify(body.value)) as {
        total: number;
        offers: { offer_id: string; framework: string; since: number; age_seconds: number; hostname: string }[];
        frameworks: { framework: string; offers: number; share: number; oldest_age_seconds: number }[];
      };
    };
    const all = view('');
    expect(all.total).toBe(3);
    expect(all.offers).toHaveLength(3);
    const shares = all.frameworks.map(({ share }) => share);
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
    expect(all.offers.map(({ age_seconds: age }) => age)).toEqual(
      all.offers.map(({ age_seconds: age }) => age).sort((a, b) => b - a),
    );
    expect(view('limit=1&offset=1').offers).toEqual([all.offers[1]]);
    expect(view('framework=big').total).toBe(master.core.state.frameworks.registered.get(big.id as never)?.offers.size);
    expect(first === undefined || since > 0).toBe(true);
    expect(parseOffersQuery(new URLSearchParams('role=a'))).toMatchObject({ ok: false });
  });
});

describe('many agents', () => {
  /** In next to no time. */
  function declineAll(master: CoreHarness, scheduler: Scheduler): void {
    master.advance(10);
    const ids = master.core.state.frameworks.registered.get(scheduler.id as FrameworkId)?.offers ?? [];
    const offer_ids = [...ids].map((value) => ({ value }));
    expect(offer_ids).not.toEqual([]);
    master.call(scheduler, { type: 'DECLINE', decline: { offer_ids, filters: { refuse_seconds: 1000 } } });
  }

  it('are explained in bounded output, in steps between which anything may happen', () => {
    const master = new CoreHarness().start();
    const many = agents(master, ...Array.from({ length: 300 }, (_, i) => `h${i}`));
    const web = framework(master, 'web');
    const answer = explain(master, 'framework=web&cpus=1');
    expect([answer.total, answer.agents.length]).toEqual([300, 100]);
    expect(answer.summary.reduce((sum, { agents: count }) => sum + count, 0)).toBe(300);
    let steps = 0;
    const shaken = ask(master, 'framework=web&cpus=1&limit=1000', () => {
      steps++;
      for (const { pid } of many.slice(250, 260)) master.step({ kind: 'link-exited', pid });
      if (steps === 1) declineAll(master, web);
      agents(master, 'late');
    });
    expect(steps).toBeGreaterThan(1);
    expect(shaken.status).toBe(200);
    expect(shaken.body.agents.length).toBe(shaken.body.total);
    const reasons = new Set(shaken.body.summary.map(({ reason }) => reason));
    expect(reasons).toEqual(new Set(['waits-its-turn', 'refused', 'agent-disconnected']));
  });

  it('are not explained to a framework that ends meanwhile, whoever takes its place', () => {
    const master = new CoreHarness().start();
    agents(master, ...Array.from({ length: 110 }, (_, i) => `h${i}`));
    const web = framework(master, 'web');
    let other: Scheduler | undefined;
    const answer = ask(master, `framework=${web.id}`, () => {
      if (other !== undefined) return;
      master.call(web, { type: 'TEARDOWN' });
      other = framework(master, 'web');
      declineAll(master, other);
    });
    expect(answer).toMatchObject({ status: 404, text: `Framework '${web.id}' has ended` });
  });
});
