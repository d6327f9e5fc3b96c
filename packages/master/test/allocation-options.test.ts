/** What operators say about allocation at the start: whom it serves first, what it waits for, whom it leaves out. */
import type { AgentId } from '@mesolite/base';
import type { AgentInfo, FrameworkInfo, Offer, QuotaConfig } from '@mesolite/wire';
import { AgentRegisteredMessage, AgentReregisteredMessage } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import type { MasterEffect, RecoveredRegistry } from '../src/core/index.ts';
import {
  AGENT_CAPABILITIES,
  AGENT_RESOURCES,
  CoreHarness,
  eventsIn,
  frameworkInfo,
  repliesIn,
  type Scheduler,
  scalar,
  sent,
  task,
} from './core-harness.ts';

function offersIn(effects: readonly MasterEffect[], scheduler: Scheduler): Offer[] {
  return eventsIn(effects, scheduler.connection).flatMap(({ offers }) => offers?.offers ?? []);
}

function registryWith(fields: Partial<RecoveredRegistry>): RecoveredRegistry {
  return { admitted: [], unreachable: [], gone: [], ...fields };
}

function knownAgent(index: number): AgentInfo {
  return { id: { value: `known-S${index}` }, hostname: 'localhost', port: 5051 + index, resources: AGENT_RESOURCES };
}

function comeBack(master: CoreHarness, info: AgentInfo): MasterEffect[] {
  return master.step({
    kind: 'reregister-agent',
    from: `slave(1)@127.0.0.1:${info.port}`,
    message: { agent: { ...info, checkpoint: true }, version: '1.12.0', agent_capabilities: [...AGENT_CAPABILITIES] },
  });
}

describe('first weights', () => {
  const weights = new Map([
    ['dev', 2],
    ['ops', 0.5],
  ]);

  it('are recorded where nobody has set any, and count from then on', () => {
    const master = new CoreHarness({ weights });
    master.registryWaits = true;
    master.start();
    expect(master.waiting.map(({ operation }) => operation)).toEqual([
      {
        kind: 'update-weights',
        weights: [
          { role: 'dev', weight: 2 },
          { role: 'ops', weight: 0.5 },
        ],
      },
    ]);
    expect(master.core.state.roleSettings.weights.size).toBe(0);
    master.answerRegistry();
    expect(master.core.state.roleSettings.weights).toEqual(weights);
  });

  it('give way to those of the registry, with a warning', () => {
    const warnings: string[] = [];
    const log = { debug() {}, info() {}, error() {}, warning: (text: string) => void warnings.push(text) };
    const master = new CoreHarness({ weights, log: log as never });
    const effects = master.start(registryWith({ weights: [{ role: 'web', weight: 3 }] })).effects;
    expect(effects.some(({ kind }) => kind === 'write-registry')).toBe(false);
    expect(master.core.state.roleSettings.weights).toEqual(new Map([['web', 3]]));
    expect(warnings).toEqual(["Ignoring --weights flag 'dev=2,ops=0.5' and recovering the weights from registry"]);
  });

  it('move shares', () => {
    const master = new CoreHarness({ weights }).start();
    master.addAgent();
    const scheduler = master.subscribe(frameworkInfo({ roles: ['dev'] }));
    master.offers(scheduler);
    expect(master.metric('allocator/mesos/roles/dev/shares/dominant')).toBe(0.5);
  });
});

describe('the whitelist', () => {
  it('keeps all other hosts from being offered', () => {
    const master = new CoreHarness().start();
    master.step({ kind: 'whitelist-read', hostnames: ['a', 'b'] });
    for (const hostname of ['a', 'b', 'c']) master.addAgent({ hostname });
    const scheduler = master.subscribe();
    expect(hostnamesOf(master.offers(scheduler))).toEqual(['a', 'b']);
    master.step({ kind: 'whitelist-read', hostnames: undefined });
    expect(hostnamesOf(master.offers(scheduler))).toEqual(['a', 'b', 'c']);
  });

  it('may be empty: nobody is offered', () => {
    const master = new CoreHarness().start();
    master.step({ kind: 'whitelist-read', hostnames: [] });
    master.addAgent();
    expect(master.offers(master.subscribe())).toEqual([]);
  });

  it('that loses a host ends new offers of it alone', () => {
    const master = new CoreHarness().start();
    const agent = master.addAgent({ hostname: 'a' });
    const scheduler = master.subscribe();
    const [offer] = master.offers(scheduler);
    const change = master.step({ kind: 'whitelist-read', hostnames: [] });
    expect(eventsIn(change, scheduler.connection)).toEqual([]);
    expect(master.core.state.offers.size).toBe(1);
    // The offer that is out is as good as any.
    master.launch(scheduler, offer!, [task('t', agent.id)]);
    expect(master.core.state.frameworks.registered.get(scheduler.id as never)?.tasks.size).toBe(1);
    expect(offersIn(master.advanceAlive(3000), scheduler)).toEqual([]);
  });

  function hostnamesOf(offers: readonly Offer[]): string[] {
    return offers.map(({ hostname }) => hostname).sort();
  }
});

describe('after a restart with quota', () => {
  const quota: QuotaConfig = { role: 'dev', guarantees: { cpus: { value: 1 } }, limits: {} };
  const known = [0, 1, 2, 3, 4].map(knownAgent);

  function restarted(options: ConstructorParameters<typeof CoreHarness>[0], quotas: readonly QuotaConfig[] = [quota]) {
    const master = new CoreHarness(options).start(registryWith({ admitted: known, quotas }));
    const scheduler = master.subscribe();
    const back = (index: number): Offer[] => {
      const effects = comeBack(master, known[index]!);
      expect(sent(effects, `slave(1)@127.0.0.1:${5051 + index}`, AgentReregisteredMessage)).toHaveLength(1);
      return offersIn(effects, scheduler);
    };
    return { master, scheduler, back };
  }

  it('nothing is offered until the share of known agents is back', () => {
    const { master, scheduler, back } = restarted({ agentRecoveryFactor: 0.6 });
    back(0);
    back(1);
    expect(offersIn(master.advanceAlive(10_000), scheduler)).toEqual([]);
    // At once, all of them.
    const offered = back(2).map(({ agent_id }) => agent_id.value);
    expect(offered.sort()).toEqual(known.slice(0, 3).map(({ id }) => id?.value));
  });

  it('by default four fifths of them', () => {
    const { master, scheduler, back } = restarted({});
    for (const index of [0, 1, 2]) back(index);
    expect(offersIn(master.advanceAlive(5000), scheduler)).toEqual([]);
    expect(back(3)).toHaveLength(4);
  });

  it('or until it has taken too long', () => {
    const { master, scheduler, back } = restarted({ recoveryTimeoutMs: 30_000 });
    back(0);
    expect(offersIn(master.advanceAlive(29_000), scheduler)).toEqual([]);
    expect(offersIn(master.advanceAlive(2500), scheduler)).toHaveLength(1);
  });

  it('or at once when no share is asked for', () => {
    const { master, scheduler, back } = restarted({ agentRecoveryFactor: 0 });
    back(0);
    expect(offersIn(master.advanceAlive(1000), scheduler)).toHaveLength(1);
  });

  it('without quota nobody waits', () => {
    const { master, scheduler, back } = restarted({}, []);
    back(0);
    expect(offersIn(master.advanceAlive(1000), scheduler)).toHaveLength(1);
  });
});

describe('an agent without a fault domain', () => {
  const options = { requireAgentDomain: true, info: { ...infoOf(new CoreHarness()), domain: domainOf('r') } };

  it('is not registered where one is required', () => {
    const master = new CoreHarness(options).start();
    expect(master.addAgent().id).toBe('');
    expect(master.core.state.agents.registered.size).toBe(0);
  });

  it('does not come back, and loses nothing by trying', () => {
    const master = new CoreHarness(options).start(registryWith({ admitted: [knownAgent(0)] }));
    const effects = comeBack(master, knownAgent(0));
    expect(effects.filter(({ kind }) => kind === 'send')).toEqual([]);
    expect(master.core.state.agents.recovered.has('known-S0' as AgentId)).toBe(true);
  });

  it('is with one', () => {
    const master = new CoreHarness(options).start();
    const from = 'slave(1)@127.0.0.1:5051';
    const effects = master.step({
      kind: 'register-agent',
      from,
      message: {
        agent: { hostname: 'h', port: 5051, resources: AGENT_RESOURCES, checkpoint: true, domain: domainOf('r') },
        version: '1.12.0',
        agent_capabilities: [...AGENT_CAPABILITIES],
      },
    });
    expect(sent(effects, from, AgentRegisteredMessage)).toHaveLength(1);
  });

  it('stands in the region of the master, and others are offered to those who know regions', () => {
    const { requireAgentDomain: _, ...withDomain } = options;
    const master = new CoreHarness(withDomain).start();
    const near = master.addAgent({ hostname: 'near' });
    const from = 'slave(1)@127.0.0.1:6000';
    master.step({
      kind: 'register-agent',
      from,
      message: {
        agent: { hostname: 'far', port: 6000, resources: AGENT_RESOURCES, checkpoint: true, domain: domainOf('other') },
        version: '1.12.0',
        agent_capabilities: [...AGENT_CAPABILITIES],
      },
    });
    const plain = master.subscribe();
    expect(master.offers(plain).map(({ agent_id }) => agent_id.value)).toEqual([near.id]);
    const aware = master.subscribe(frameworkInfo({ capabilities: [{ type: 'MULTI_ROLE' }, { type: 'REGION_AWARE' }] }));
    const [offer, ...others] = master.offers(aware);
    expect(others).toEqual([]);
    expect(offer).toMatchObject({ hostname: 'far', domain: domainOf('other') });
  });

  function infoOf(master: CoreHarness) {
    return master.core.options.info;
  }

  function domainOf(region: string) {
    return { fault_domain: { region: { name: region }, zone: { name: 'z' } } };
  }
});

describe('patterns of offer constraints', () => {
  function constrained(regex: string, options: ConstructorParameters<typeof CoreHarness>[0]) {
    const master = new CoreHarness(options).start();
    const info = frameworkInfo({ roles: ['dev'] });
    const scheduler = master.subscribe(info);
    const selector = { pseudoattribute_type: 'HOSTNAME' } as const;
    const groups = [{ attribute_constraints: [{ selector, predicate: { text_matches: { regex } } }] }];
    const effects = master.call(scheduler, {
      type: 'UPDATE_FRAMEWORK',
      update_framework: {
        framework_info: { ...info, id: { value: scheduler.id } },
        offer_constraints: { role_constraints: { dev: { groups } } },
      },
    });
    return repliesIn(effects)[0];
  }

  it('may be as large as the options say', () => {
    const regex = 'a{200}';
    expect(constrained(regex, {})).toMatchObject({
      status: 400,
      text: expect.stringContaining('pattern too large - compile failed'),
    });
    const patternLimits = { maxMemoryBytes: 65_536, maxProgramSize: 100 };
    expect(constrained(regex, { patternLimits })).toMatchObject({
      status: 400,
      text: expect.stringMatching(/program size of \d+ is larger than maximum of 100 allowed/),
    });
    expect(constrained(regex, { patternLimits: { ...patternLimits, maxProgramSize: 300 } })?.status).toBe(200);
  });

  it('may be kept small', () => {
    expect(constrained('web-.*', { patternLimits: { maxMemoryBytes: 4096, maxProgramSize: 3 } })?.status).toBe(400);
  });
});

describe('sorters', () => {
  /** Of two who want offers, the first holds half of the cluster; how often each was the taker of what is left. */
  function takers(options: ConstructorParameters<typeof CoreHarness>[0], roles: readonly [string, string]) {
    const master = new CoreHarness(options).start();
    const agents = [master.addAgent(), master.addAgent()];
    const rich = master.subscribe(frameworkInfo({ name: 'rich', roles: [roles[0]] }));
    const all = [scalar('cpus', 8), scalar('mem', 8192)];
    const offer = master.offers(rich).find(({ agent_id }) => agent_id.value === agents[0]!.id);
    master.launch(rich, offer!, [task('t', agents[0]!.id, { resources: all })]);
    const poor = master.subscribe(frameworkInfo({ name: 'poor', roles: [roles[1]] }));
    const taken = { rich: 0, poor: 0 };
    for (let i = 0; i < 30; i++) {
      for (const [name, scheduler] of Object.entries({ rich, poor })) {
        const offers = master.offers(scheduler).filter(({ agent_id }) => agent_id.value === agents[1]!.id);
        taken[name as 'rich' | 'poor'] += offers.length;
        const decline = { offer_ids: offers.map(({ id }) => id), filters: { refuse_seconds: 0 } };
        if (offers.length > 0) master.call(scheduler, { type: 'DECLINE', decline });
      }
    }
    return taken;
  }

  it('serve who has the smallest share first', () => {
    expect(takers({}, ['dev', 'dev']).rich).toBeLessThanOrEqual(1);
    expect(takers({}, ['dev', 'ops']).rich).toBeLessThanOrEqual(1);
  });

  it('or draw the framework', () => {
    expect(takers({ frameworkSorter: 'random' }, ['dev', 'dev']).rich).toBeGreaterThan(5);
    expect(takers({ frameworkSorter: 'random' }, ['dev', 'ops']).rich).toBeLessThanOrEqual(1);
  });

  it('or draw the role', () => {
    expect(takers({ roleSorter: 'random' }, ['dev', 'ops']).rich).toBeGreaterThan(5);
    expect(takers({ roleSorter: 'random' }, ['dev', 'dev']).rich).toBeLessThanOrEqual(1);
  });
});

describe('what is worth offering', () => {
  const small = [scalar('cpus', 0.5), scalar('mem', 64)];

  function offered(filters: FrameworkInfo['offer_filters'], options: ConstructorParameters<typeof CoreHarness>[0]) {
    const master = new CoreHarness(options).start();
    master.addAgent({ resources: small });
    return master.offers(master.subscribe(frameworkInfo({ roles: ['dev'], offer_filters: filters }))).length;
  }

  it('is said by the options', () => {
    expect(offered(undefined, { minAllocatable: [{ cpus: 1 }] })).toBe(0);
    expect(offered(undefined, { minAllocatable: [{ cpus: 1 }, { mem: 64 }] })).toBe(1);
    expect(offered(undefined, { minAllocatable: [{ cpus: 0.5, mem: 65 }] })).toBe(0);
    expect(offered(undefined, { minAllocatable: [] })).toBe(1);
  });

  it('a framework may say otherwise for its roles', () => {
    const options = { minAllocatable: [{ cpus: 1 }] };
    const of = (quantities: Record<string, number>[]): FrameworkInfo['offer_filters'] => ({
      dev: {
        min_allocatable_resources: {
          quantities: quantities.map((set) => ({
            quantities: Object.fromEntries(Object.entries(set).map(([name, value]) => [name, { value }])),
          })),
        },
      },
    });
    expect(offered(of([{ cpus: 0.5 }]), options)).toBe(1);
    expect(offered(of([{ cpus: 2 }, { mem: 64 }]), options)).toBe(1);
    expect(offered(of([{ cpus: 2 }]), { minAllocatable: [] })).toBe(0);
    // Nothing is asked for.
    expect(offered(of([]), options)).toBe(1);
  });
});
