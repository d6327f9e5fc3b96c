/** What can happen to a cluster: each event is told to the allocator and to the reference, and says itself in words. */
import type { AgentId, FrameworkId, RandomStream } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type { AgentInfoCapabilityType, FrameworkInfoCapabilityType } from '@mesolite/wire';
import { type FrameworkOptions, OfferConstraints } from '../../src/index.ts';
import type { Holding, Quantities } from '../reference/books.ts';
import type { FrameworkFacts } from '../reference/reference-allocator.ts';
import {
  chance,
  HOSTNAMES,
  pick,
  ROLES,
  randomAgentFacts,
  randomFrameworkFacts,
  randomTotal,
  some,
  TOP_LEVEL,
} from './material.ts';
import { exchangeOf } from './operations.ts';
import { equal, type Pair } from './pair.ts';

/** Nothing is answered when there is nothing it could happen to. */
type Act = (pair: Pair, random: RandomStream) => string | undefined;

export type EventName = keyof typeof EVENTS;

function optionsOf(facts: FrameworkFacts): FrameworkOptions {
  const { roles, suppressedRoles, capabilities, minAllocatable, constraints } = facts;
  const limits = { maxMemoryBytes: 4096, maxProgramSize: 100 };
  const compiled = constraints && OfferConstraints.create(constraints, limits);
  if (compiled?.ok === false) throw new Error(compiled.error);
  return {
    roles,
    suppressedRoles,
    capabilities: capabilities as ReadonlySet<FrameworkInfoCapabilityType>,
    minAllocatable,
    constraints: compiled?.value,
  };
}

function factsInWords({ roles, suppressedRoles, capabilities, minAllocatable, constraints }: FrameworkFacts): string {
  const more = JSON.stringify({ min: minAllocatable && [...minAllocatable], constraints });
  return `[${roles}] suppressed [${suppressedRoles}] ${[...capabilities]} ${more}`;
}

const aFramework =
  (act: (pair: Pair, id: string, random: RandomStream) => string): Act =>
  (pair, random) => {
    const id = pick(random, pair.reference.books.frameworks.keys());
    return id === undefined ? undefined : act(pair, id, random);
  };

const anAgent =
  (act: (pair: Pair, id: string, random: RandomStream) => string | undefined): Act =>
  (pair, random) => {
    const id = pick(random, pair.reference.books.agents.keys());
    return id === undefined ? undefined : act(pair, id, random);
  };

const aHolding =
  (act: (pair: Pair, holding: Holding, random: RandomStream) => string | undefined): Act =>
  (pair, random) => {
    const holding = pick(random, pair.reference.books.holdings);
    return holding === undefined ? undefined : act(pair, holding, random);
  };

function updateFramework(pair: Pair, id: string, facts: FrameworkFacts): string {
  pair.allocator.updateFramework(id as FrameworkId, optionsOf(facts));
  pair.reference.updateFramework(id, facts);
  return `${id} ${factsInWords(facts)}`;
}

function endAllInverseOffers(pair: Pair, frameworkId: string): void {
  for (const [agentId, { maintenance }] of pair.reference.books.agents)
    if (maintenance?.outstanding.has(frameworkId)) {
      pair.allocator.endInverseOffer(frameworkId as FrameworkId, agentId as AgentId, { nowMs: pair.nowMs });
      pair.reference.inverse.end({ frameworkId, agentId }, undefined, pair.nowMs, 0);
    }
}

/** Of a slice: an agent, a few, what is left. */
const UNITS = [1, 1, 1, 30, 300];

export const EVENTS = {
  'add agent': (pair, random) => {
    const id = pair.name('a');
    const facts = randomAgentFacts(random);
    const total = randomTotal(random);
    const active = !chance(random, 6);
    const used = new Map<FrameworkId, Resources>();
    if (chance(random, 5)) {
      const framework = pick(random, [...pair.reference.books.frameworks.keys(), 'ghost'])!;
      const role = pick(random, ROLES)!;
      const part = total.allocatableTo(role).filter(() => chance(random, 2));
      if (!part.isEmpty) used.set(framework as FrameworkId, part.allocate(role));
    }
    pair.allocator.addAgent(id as AgentId, {
      ...facts,
      capabilities: facts.capabilities as ReadonlySet<AgentInfoCapabilityType>,
      total,
      active,
      used,
    });
    pair.reference.addAgent(id, { ...facts, total, active }, used);
    const words = [...facts.capabilities, facts.hostname, facts.region, facts.zone, active ? '' : 'inactive'];
    return `${id} ${total} ${words} ${JSON.stringify(facts.attributes)} used ${[...used].map((one) => one.join(' '))}`;
  },
  'add framework': (pair, random) => {
    const ghost = !pair.reference.books.frameworks.has('ghost') && chance(random, 6);
    const id = ghost ? 'ghost' : pair.name('f');
    const facts = randomFrameworkFacts(random);
    const active = !chance(random, 6);
    pair.allocator.addFramework(id as FrameworkId, optionsOf(facts), active);
    pair.reference.addFramework(id, facts, active);
    return `${id} ${factsInWords(facts)}${active ? '' : ' inactive'}`;
  },
  'update framework': aFramework((pair, id, random) => updateFramework(pair, id, randomFrameworkFacts(random))),
  /** One that has refused something, if there is one: it leaves the role, or suppresses it, and comes back. */
  'leave a role and return': (pair, random) => {
    const refuser = pick(random, pair.reference.filters.refusers());
    if (refuser === undefined) return undefined;
    const { frameworkId: id, role } = refuser;
    const { roles, suppressed, active: _, id: __, ...same } = pair.reference.books.frameworks.get(id)!;
    const facts = { ...same, roles: [...new Set([...roles, role])], suppressedRoles: [...suppressed] };
    const away = chance(random, 2)
      ? { ...facts, roles: roles.filter((one) => one !== role), suppressedRoles: [] }
      : { ...facts, suppressedRoles: [role] };
    return `${updateFramework(pair, id, away)}, then ${updateFramework(pair, id, { ...facts, suppressedRoles: [] })}`;
  },
  'remove framework': aFramework((pair, id) => {
    endAllInverseOffers(pair, id);
    pair.allocator.removeFramework(id as FrameworkId);
    pair.reference.removeFramework(id);
    return id;
  }),
  'flip framework': aFramework((pair, id) => {
    const { active } = pair.reference.books.frameworks.get(id)!;
    if (active) {
      endAllInverseOffers(pair, id);
      pair.allocator.deactivateFramework(id as FrameworkId);
      pair.reference.deactivateFramework(id);
    } else {
      pair.allocator.activateFramework(id as FrameworkId);
      pair.reference.activateFramework(id);
    }
    return `${id} to ${active ? 'inactive' : 'active'}`;
  }),
  suppress: aFramework((pair, id, random) => {
    const roles = some(random, pair.reference.books.frameworks.get(id)!.roles);
    pair.allocator.suppress(id as FrameworkId, roles);
    pair.reference.suppress(id, roles);
    return `${id} [${roles}]`;
  }),
  revive: aFramework((pair, id, random) => {
    const roles = some(random, pair.reference.books.frameworks.get(id)!.roles);
    pair.allocator.revive(id as FrameworkId, roles);
    pair.reference.revive(id, roles);
    return `${id} [${roles}]`;
  }),
  'update total': anAgent((pair, id, random) => {
    const before = pair.reference.books.agents.get(id)!.total;
    const total = chance(random, 3) ? before : randomTotal(random);
    pair.allocator.updateAgentTotal(id as AgentId, total);
    pair.reference.updateAgentTotal(id, total);
    return `${id} ${total}`;
  }),
  'update agent': anAgent((pair, id, random) => {
    const facts = randomAgentFacts(random);
    pair.allocator.updateAgent(id as AgentId, {
      ...facts,
      capabilities: facts.capabilities as ReadonlySet<AgentInfoCapabilityType>,
    });
    pair.reference.updateAgent(id, facts);
    return `${id} ${[...facts.capabilities, facts.hostname, facts.region, facts.zone]} ${JSON.stringify(facts.attributes)}`;
  }),
  'flip agent': anAgent((pair, id) => {
    const active = !pair.reference.books.agents.get(id)!.active;
    pair.allocator.setAgentActive(id as AgentId, active);
    pair.reference.setAgentActive(id, active);
    return `${id} to ${active ? 'active' : 'inactive'}`;
  }),
  'remove agent': anAgent((pair, id) => {
    pair.allocator.removeAgent(id as AgentId);
    pair.reference.removeAgent(id);
    return id;
  }),
  recover: aHolding((pair, { frameworkId, role, agentId, resources }, random) => {
    const part = chance(random, 3) ? resources.filter(() => chance(random, 2)) : resources;
    const returned = chance(random, 4) ? halfOf(part) : part;
    // Who wants no offers has none to refuse: they were taken from him before, without a refusal.
    const mayRefuse = pair.reference.books.wants(frameworkId, role);
    const refuseMs = mayRefuse ? pick(random, [0, 0, 1, 900, 1000, 5000, 60_000])! : 0;
    if (returned.isEmpty) return undefined;
    const allocated = returned.allocate(role);
    pair.allocator.recover(frameworkId as FrameworkId, agentId as AgentId, allocated, { nowMs: pair.nowMs, refuseMs });
    pair.reference.recover(frameworkId, agentId, allocated, pair.nowMs, refuseMs);
    if (refuseMs > 0) pair.count('refusal');
    return `${frameworkId} ${role} ${agentId} ${returned} refused ${refuseMs}`;
  }),
  use: anAgent((pair, id, random) => {
    const frameworkId = pick(random, [...pair.reference.books.frameworks.keys(), 'ghost'])!;
    const role = pick(random, ROLES)!;
    const agent = pair.reference.books.agents.get(id)!;
    // More than there is only of what can be held twice.
    const source = chance(random, 6)
      ? agent.total.filter(({ type, disk }) => type === 'SCALAR' && disk === undefined)
      : pair.reference.books.availableOn(agent);
    const part = source.allocatableTo(role).filter(() => chance(random, 2));
    if (part.isEmpty) return undefined;
    pair.allocator.use(frameworkId as FrameworkId, id as AgentId, part.allocate(role));
    pair.reference.use(frameworkId, id, part.allocate(role));
    return `${frameworkId} ${role} ${id} ${part}`;
  }),
  exchange: aHolding((pair, holding, random) => {
    const { frameworkId, role, agentId } = holding;
    const { total } = pair.reference.books.agents.get(agentId)!;
    const exchange = exchangeOf(random, holding, total, pair.reference.books.holdings);
    if (exchange === undefined) return undefined;
    const { from, to } = exchange;
    const after = total.minus(from).plus(to);
    const [given, got] = [from.allocate(role), to.allocate(role)];
    pair.allocator.exchange(frameworkId as FrameworkId, agentId as AgentId, given, got);
    pair.allocator.updateAgentTotal(agentId as AgentId, after);
    pair.reference.exchange(frameworkId, agentId, given, got);
    pair.reference.updateAgentTotal(agentId, after);
    return `${frameworkId} ${role} ${agentId} ${from} into ${to}`;
  }),
  quota: (pair, random) => {
    const role = pick(random, TOP_LEVEL)!;
    const units = (): Quantities => {
      const names = ['cpus', 'mem', 'disk'].filter(() => chance(random, 2));
      return Object.fromEntries(names.map((name) => [name, random.below(name === 'cpus' ? 9 : 300)]));
    };
    const guarantees = chance(random, 3) ? {} : units();
    const limits = Object.fromEntries(
      Object.entries(chance(random, 3) ? {} : units()).map(([name, amount]) => [
        name,
        amount + (guarantees[name] ?? 0),
      ]),
    );
    const quota = chance(random, 4) ? undefined : { guarantees, limits };
    pair.allocator.updateQuota(role, quota);
    pair.reference.updateQuota(role, quota);
    return `${role} ${JSON.stringify(quota)}`;
  },
  weight: (pair, random) => {
    const role = pick(random, [...ROLES, 'c'])!;
    const weight = pick(random, [0.5, 1, 2, 3])!;
    pair.allocator.updateWeights(new Map([[role, weight]]));
    pair.reference.updateWeight(role, weight);
    return `${role} ${weight}`;
  },
  whitelist: (pair, random) => {
    const hostnames = chance(random, 3) ? new Set(some(random, HOSTNAMES)) : undefined;
    pair.allocator.updateWhitelist(hostnames);
    pair.reference.updateWhitelist(hostnames);
    return hostnames === undefined ? 'all' : [...hostnames].join();
  },
  unavailability: aHolding((pair, { agentId: id }, random) => {
    const unavailability = chance(random, 6) ? undefined : { start: { nanoseconds: 5n } };
    pair.allocator.updateUnavailability(id as AgentId, unavailability);
    pair.reference.updateUnavailability(id, unavailability);
    return `${id} ${unavailability !== undefined}`;
  }),
  'inverse offers': (pair, random) => {
    const said = (offers: readonly { frameworkId: string; agentId: string }[]): string =>
      offers
        .map(({ frameworkId, agentId }) => `${frameworkId} ${agentId}`)
        .sort()
        .join(', ');
    if (!pair.allocator.cycling) pair.decide((allocator) => allocator.allocate(pair.nowMs, 'dirty'));
    const theirs = pair.reference.inverseOffers(pair.nowMs);
    const mine = said(pair.allocator.inverseOffers(pair.nowMs));
    equal(mine, said(theirs), 'inverse offers');
    if (mine !== '') pair.count('inverse offer');
    for (const { frameworkId, agentId } of theirs.filter(() => chance(random, 2))) {
      const end = { nowMs: pair.nowMs, refuseMs: 9000 };
      pair.allocator.endInverseOffer(frameworkId as FrameworkId, agentId as AgentId, end);
      pair.reference.inverse.end({ frameworkId, agentId }, undefined, pair.nowMs, end.refuseMs);
    }
    return mine;
  },
  'answer inverse offer': (pair, random) => {
    const out = [...pair.reference.books.agents.values()].flatMap(({ id, maintenance }) =>
      [...(maintenance?.outstanding ?? [])].map((frameworkId) => ({ frameworkId, agentId: id })),
    );
    const one = pick(random, out);
    if (one === undefined) return undefined;
    const { frameworkId, agentId } = one;
    const answer = pick(random, ['ACCEPT', 'DECLINE', undefined] as const);
    const status = answer && {
      status: answer,
      framework_id: { value: frameworkId },
      timestamp: { nanoseconds: BigInt(pair.nowMs) },
    };
    const refuseMs = pick(random, [0, 1500, 9000])!;
    pair.allocator.endInverseOffer(frameworkId as FrameworkId, agentId as AgentId, {
      status,
      nowMs: pair.nowMs,
      refuseMs,
    });
    pair.reference.inverse.end(one, status, pair.nowMs, refuseMs);
    const statuses = [...pair.reference.books.agents.values()].flatMap(({ id, maintenance }) =>
      maintenance === undefined
        ? []
        : [...maintenance.statuses].map(([key, { status: said }]) => `${id} ${key} ${said}`),
    );
    const mine = [...pair.allocator.inverseOfferStatuses()].flatMap(([id, all]) =>
      [...all].map(([key, { status: said }]) => `${id} ${key} ${said}`),
    );
    equal(mine.sort().join(), statuses.sort().join(), 'answers to inverse offers');
    return `${frameworkId} ${agentId} ${answer} refused ${refuseMs}`;
  },
  batch: (pair) => pair.decideAtOnce('all'),
  run: (pair) => pair.decideAtOnce('dirty'),
  begin: (pair, random) => {
    if (pair.allocator.cycling) return undefined;
    return pair.decide((allocator) => {
      allocator.beginCycle(chance(random, 3) ? 'dirty' : 'all');
      return allocator.continueCycle(pair.nowMs, pick(random, UNITS)!);
    });
  },
  /** Other things happen between one agent and the next. */
  'batch among others': (pair, random) => {
    if (pair.allocator.cycling) return undefined;
    pair.decide((allocator) => {
      allocator.beginCycle('all');
      return allocator.continueCycle(pair.nowMs, 1);
    });
    while (pair.allocator.cycling) {
      const name = pick(random, AMONG)!;
      const told = EVENTS[name](pair, random);
      if (told !== undefined) pair.log.push(`${pair.nowMs} meanwhile ${name} ${told}`);
      pair.decide((allocator) => allocator.continueCycle(pair.nowMs, 1));
    }
    return '';
  },
  slice: (pair, random) => {
    if (!pair.allocator.cycling) return undefined;
    return pair.decide((allocator) => allocator.continueCycle(pair.nowMs, pick(random, UNITS)!));
  },
} satisfies Record<string, Act>;

const AMONG = ['recover', 'recover', 'recover', 'recover', 'suppress', 'revive', 'quota', 'use', 'flip agent'] as const;

/** How often each event comes, in proportion. */
export const EVENT_WEIGHTS: Readonly<Record<EventName, number>> = {
  'add agent': 5,
  'add framework': 4,
  'update framework': 2,
  'leave a role and return': 2,
  'remove framework': 1,
  'flip framework': 2,
  suppress: 2,
  revive: 3,
  'update total': 2,
  'update agent': 1,
  'flip agent': 2,
  'remove agent': 1,
  recover: 16,
  use: 2,
  exchange: 4,
  quota: 5,
  weight: 2,
  whitelist: 1,
  unavailability: 3,
  'inverse offers': 6,
  'answer inverse offer': 5,
  batch: 8,
  run: 4,
  begin: 3,
  'batch among others': 4,
  slice: 14,
};

function halfOf(resources: Resources): Resources {
  return Resources.from(
    resources
      .toProto()
      .filter(({ disk, shared }) => disk === undefined && shared === undefined)
      .map((one) =>
        one.scalar === undefined ? one : { ...one, scalar: { value: Math.ceil(one.scalar.value * 500) / 1000 } },
      ),
  );
}
