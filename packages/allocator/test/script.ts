/**
 * Runs a golden script: lines of commands, each followed by what it answers, two spaces in. Lines that begin with `#`
 * and empty lines stand as they are. Run with UPDATE_GOLDEN=1, a script is rewritten with what was answered.
 *
 *     allocator [roles=random] [frameworks=random] [seed=N] [gpus=everybody]    starts anew, with other settings
 *     agent ID RESOURCES [caps=A,B] [region=R] [zone=Z] [rack=R] [inactive] [used=FRAMEWORK]   all is used, for role *
 *     framework ID roles=A,B [suppressed=A] [caps=…] [min=ROLE:NAME:AMOUNT] [inactive]
 *         [constrain=ROLE:SELECTOR:PREDICATE:VALUE]   SELECTOR is HOSTNAME, REGION, ZONE or an attribute's name
 *     batch | run                 a cycle over all, or over what changed; answers what was handed out
 *     begin | slice N             a batch in slices; answers what was handed out, and `done`
 *     quota ROLE [guarantee=NAME:AMOUNT,…] [limit=…]      consumed ROLE
 *     weight ROLE WEIGHT          whitelist HOST… | whitelist all
 *     await AGENTS [ROLE]         after a failover, with a quota of 1 cpu for the role
 *     unavailable AGENT [true|false]    inverse    answer FRAMEWORK AGENT [ACCEPT|DECLINE] [MS]    statuses
 *     asked                       whether an event asks for a cycle
 *     at MS                       moves the clock
 *     decline FRAMEWORK AGENT [MS]    returns all that was handed out of the agent, with a refusal
 *     recover FRAMEWORK AGENT ROLE RESOURCES [MS]
 *     use | total | update | active | remove-agent | remove-framework | suppress | revive | activate | deactivate
 *     tally N                     so many batches, all declined at once: how often each framework came first
 *     shares                      of all roles
 *     filters ROLE
 */
import { type AgentId, assert, type FrameworkId, must, seededRandom } from '@mesolite/base';
import { parseResources, Resources } from '@mesolite/resources';
import type {
  AgentInfoCapabilityType,
  Attribute,
  FrameworkInfoCapabilityType,
  SchedulerAttributeConstraint,
  SchedulerOfferConstraintsRoleConstraintsGroup,
} from '@mesolite/wire';
import { type Allocation, type Allocator, createAllocator, OfferConstraints } from '../src/index.ts';

export const MODERN: readonly AgentInfoCapabilityType[] = ['MULTI_ROLE', 'HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT'];

/**
 * `cpus:4;mem:1024`, `cpus(web):1`, and for what the text form lacks: `shared:NAME`, `revocable:N`, `refined:A/B:N`,
 * `mount:ROOT:N`.
 */
export function resourcesOf(text: string): Resources {
  let all = Resources.empty;
  for (const part of text.split(';')) {
    const [name, value, amount] = part.split(':');
    if (name === 'shared') {
      const persistence = { id: value ?? '', principal: 'p' };
      const disk = { persistence, volume: { container_path: 'v', mode: 'RW' as const } };
      const volume = { name: 'disk', type: 'SCALAR' as const, scalar: { value: 10 }, role: 'web', disk, shared: {} };
      all = all.plus(Resources.from([volume]));
    } else if (name === 'revocable') {
      all = all.plus(
        Resources.from([{ name: 'cpus', type: 'SCALAR', scalar: { value: Number(value) }, revocable: {} }]),
      );
    } else if (name === 'mount') {
      const disk = { source: { type: 'MOUNT' as const, mount: { root: value } } };
      all = all.plus(Resources.from([{ name: 'disk', type: 'SCALAR', scalar: { value: Number(amount) }, disk }]));
    } else if (name === 'refined') {
      const reservations = [
        { type: 'STATIC' as const, role: 'web' },
        { type: 'DYNAMIC' as const, role: value },
      ];
      all = all.plus(
        Resources.from([{ name: 'cpus', type: 'SCALAR', scalar: { value: Number(amount) }, reservations }]),
      );
    } else {
      const parsed = parseResources(part, '*');
      assert(parsed.ok, `cannot parse ${part}`);
      all = all.plus(Resources.from(parsed.value));
    }
  }
  return all;
}

interface Words {
  readonly plain: readonly string[];
  readonly named: ReadonlyMap<string, readonly string[]>;
}

function newAllocator({ roles, frameworks, seed, gpus }: Readonly<Record<string, string | undefined>>): Allocator {
  return createAllocator({
    random: seededRandom(Number(seed ?? 7)),
    allocationIntervalMs: 1000,
    minAllocatable: [{ cpus: 0.01 }, { mem: 32 }],
    excludedResourceNames: ['gpus'],
    filterGpuResources: gpus !== 'everybody',
    region: 'here',
    roleSorter: roles === 'random' ? 'random' : 'drf',
    frameworkSorter: frameworks === 'random' ? 'random' : 'drf',
  });
}

class Session {
  allocator = newAllocator({});
  held: Allocation[] = [];
  nowMs = 0;

  cycle(scope: 'all' | 'dirty'): string[] {
    return this.handedOut(this.allocator.allocate(this.nowMs, scope));
  }

  handedOut(allocations: readonly Allocation[]): string[] {
    this.held.push(...allocations);
    return allocations.map(
      ({ frameworkId, role, agentId, resources }) => `${frameworkId} ${role} ${agentId} ${resources.unallocate()}`,
    );
  }

  decline(frameworkId: string, agentId: string, refuseMs: number): void {
    const gone = this.held.filter((held) => held.frameworkId === frameworkId && held.agentId === agentId);
    assert(gone.length > 0, `${frameworkId} holds nothing of ${agentId}`);
    for (const held of gone) {
      this.held.splice(this.held.indexOf(held), 1);
      this.allocator.recover(held.frameworkId, held.agentId, held.resources, { nowMs: this.nowMs, refuseMs });
    }
  }
}

type Command = (session: Session, words: Words) => readonly string[] | undefined;

const first = (words: Words, index = 0): string => must(words.plain[index], `word ${index}`);
const flag = (words: Words, name: string): boolean => words.plain.includes(name);

const onAgent =
  (act: (allocator: Allocator, id: AgentId, words: Words) => void): Command =>
  ({ allocator }, words) =>
    void act(allocator, first(words) as AgentId, words);

const onFramework =
  (act: (allocator: Allocator, id: FrameworkId, words: Words) => void): Command =>
  ({ allocator }, words) =>
    void act(allocator, first(words) as FrameworkId, words);

function frameworkOptions({ named }: Words): Parameters<Allocator['addFramework']>[1] {
  const capabilities = new Set((named.get('caps') ?? ['MULTI_ROLE']) as FrameworkInfoCapabilityType[]);
  const min = named.get('min')?.map((text) => text.split(':'));
  return {
    roles: named.get('roles') ?? ['*'],
    suppressedRoles: named.get('suppressed') ?? [],
    capabilities,
    constraints: named.get('constrain') && constraintsOf(named.get('constrain') ?? []),
    minAllocatable: min && new Map(min.map(([role, name, amount]) => [role ?? '', [{ [name ?? '']: Number(amount) }]])),
  };
}

/** Groups of one constraint each: one of them must hold. */
function constraintsOf(texts: readonly string[]): OfferConstraints {
  const groups = new Map<string, SchedulerOfferConstraintsRoleConstraintsGroup[]>();
  for (const text of texts) {
    const [role = '', selector = '', name = '', value = ''] = text.split(':');
    const pseudo = selector === 'HOSTNAME' || selector === 'REGION' || selector === 'ZONE';
    const predicate = name.endsWith('matches') ? { [name]: { regex: value } } : { [name]: { value } };
    const constraint = {
      selector: pseudo ? { pseudoattribute_type: selector } : { attribute_name: selector },
      predicate,
    } as SchedulerAttributeConstraint;
    groups.set(role, [...(groups.get(role) ?? []), { attribute_constraints: [constraint] }]);
  }
  const constraints = {
    role_constraints: Object.fromEntries([...groups].map(([role, all]) => [role, { groups: all }])),
  };
  const created = OfferConstraints.create(constraints, { maxMemoryBytes: 4096, maxProgramSize: 100 });
  assert(created.ok, `constraints ${texts}`);
  return created.value;
}

function unitsOf(texts: readonly string[] | undefined): Record<string, number> {
  return Object.fromEntries((texts ?? []).map((text) => [text.split(':')[0] ?? '', Number(text.split(':')[1])]));
}

function attributesOf({ named }: Words): Attribute[] {
  return (named.get('rack') ?? []).map((value) => ({ name: 'rack', type: 'TEXT', text: { value } }));
}

function agentCapabilities({ named }: Words): ReadonlySet<AgentInfoCapabilityType> {
  return new Set((named.get('caps') ?? MODERN) as AgentInfoCapabilityType[]);
}

const COMMANDS: Readonly<Record<string, Command>> = {
  agent: onAgent((allocator, id, words) => {
    const total = resourcesOf(first(words, 1));
    const used = words.named.get('used')?.map((framework) => [framework as FrameworkId, total.allocate('*')] as const);
    allocator.addAgent(id, {
      hostname: id,
      total,
      used: new Map(used),
      capabilities: agentCapabilities(words),
      attributes: attributesOf(words),
      region: words.named.get('region')?.[0],
      zone: words.named.get('zone')?.[0],
      active: !flag(words, 'inactive'),
    });
  }),
  update: onAgent((allocator, id, words) => {
    allocator.updateAgent(id, {
      hostname: id,
      attributes: attributesOf(words),
      capabilities: agentCapabilities(words),
    });
  }),
  total: onAgent((allocator, id, words) => allocator.updateAgentTotal(id, resourcesOf(first(words, 1)))),
  active: onAgent((allocator, id, words) => allocator.setAgentActive(id, first(words, 1) === 'true')),
  'remove-agent': onAgent((allocator, id) => allocator.removeAgent(id)),
  framework: onFramework((allocator, id, words) =>
    allocator.addFramework(id, frameworkOptions(words), !flag(words, 'inactive')),
  ),
  'update-framework': onFramework((allocator, id, words) => allocator.updateFramework(id, frameworkOptions(words))),
  'remove-framework': onFramework((allocator, id) => allocator.removeFramework(id)),
  activate: onFramework((allocator, id) => allocator.activateFramework(id)),
  deactivate: onFramework((allocator, id) => allocator.deactivateFramework(id)),
  suppress: onFramework((allocator, id, words) => allocator.suppress(id, words.plain.slice(1))),
  revive: onFramework((allocator, id, words) => allocator.revive(id, words.plain.slice(1))),
  use: onFramework((allocator, id, words) =>
    allocator.use(id, first(words, 1) as AgentId, resourcesOf(first(words, 3)).allocate(first(words, 2))),
  ),
  recover: (session, words) => {
    const resources = resourcesOf(first(words, 3)).allocate(first(words, 2));
    const [framework, agent, refuseMs] = [first(words) as FrameworkId, first(words, 1) as AgentId, words.plain[4]];
    session.allocator.recover(framework, agent, resources, { nowMs: session.nowMs, refuseMs: Number(refuseMs ?? 0) });
    return undefined;
  },
  decline: (session, words) => void session.decline(first(words), first(words, 1), Number(words.plain[2] ?? 0)),
  at: (session, words) => {
    session.nowMs = Number(first(words));
    return undefined;
  },
  allocator: (session, { named }) => {
    session.allocator = newAllocator(Object.fromEntries([...named].map(([name, [value]]) => [name, value])));
    session.held = [];
    return undefined;
  },
  begin: ({ allocator }) => void allocator.beginCycle('all'),
  slice: (session, words) => {
    const out = session.handedOut(session.allocator.continueCycle(session.nowMs, Number(first(words))));
    return session.allocator.cycling ? out : [...out, 'done'];
  },
  quota: ({ allocator }, words) => {
    const quota = { guarantees: unitsOf(words.named.get('guarantee')), limits: unitsOf(words.named.get('limit')) };
    allocator.updateQuota(first(words), words.named.size === 0 ? undefined : quota);
    return undefined;
  },
  consumed: ({ allocator }, words) =>
    [...allocator.consumedQuota(first(words))].map(([name, units]) => `${name}:${units}`),
  weight: ({ allocator }, words) => void allocator.updateWeights(new Map([[first(words), Number(first(words, 1))]])),
  whitelist: ({ allocator }, words) =>
    void allocator.updateWhitelist(flag(words, 'all') ? undefined : new Set(words.plain)),
  await: ({ allocator, nowMs }, words) => {
    const quotas = new Map(words.plain.slice(1).map((role) => [role, { guarantees: { cpus: 1 }, limits: {} }]));
    allocator.awaitAgents({ quotas, knownAgents: Number(first(words)), nowMs });
    return undefined;
  },
  unavailable: onAgent((allocator, id, words) =>
    allocator.updateUnavailability(id, flag(words, 'false') ? undefined : { start: { nanoseconds: 5n } }),
  ),
  inverse: ({ allocator, nowMs }) =>
    allocator.inverseOffers(nowMs).map(({ frameworkId, agentId }) => `${frameworkId} ${agentId}`),
  answer: ({ allocator, nowMs }, words) => {
    const [framework = '', agent = '', answer, ms] = words.plain;
    const status = answer === 'ACCEPT' || answer === 'DECLINE' ? answer : undefined;
    allocator.endInverseOffer(framework as FrameworkId, agent as AgentId, {
      status: status && { status, framework_id: { value: framework }, timestamp: { nanoseconds: 0n } },
      nowMs,
      refuseMs: ms === undefined ? undefined : Number(ms),
    });
    return undefined;
  },
  statuses: ({ allocator }) =>
    [...allocator.inverseOfferStatuses()].flatMap(([agent, statuses]) =>
      [...statuses.values()].map(({ status, framework_id }) => `${framework_id.value} ${agent} ${status}`),
    ),
  tally: ({ allocator, nowMs }, words) => {
    const tally = new Map<string, number>();
    for (let i = 0; i < Number(first(words)); i++) {
      const allocations = allocator.allocate(nowMs, 'all');
      const taker = allocations[0]?.frameworkId ?? 'nobody';
      tally.set(taker, (tally.get(taker) ?? 0) + 1);
      for (const { frameworkId, agentId, resources } of allocations)
        allocator.recover(frameworkId, agentId, resources, { nowMs });
    }
    return [...tally].sort().map(([name, count]) => `${name} ${count}`);
  },
  batch: (session) => session.cycle('all'),
  run: (session) => session.cycle('dirty'),
  asked: ({ allocator }) => [String(allocator.pending)],
  shares: ({ allocator }) => allocator.roles().map((role) => `${role} ${allocator.dominantShare(role).toFixed(3)}`),
  filters: ({ allocator }, words) => [String(allocator.offerFilters(first(words)))],
};

/** The script with the answers it gets now. The books are checked after each command. */
export function runScript(text: string): string {
  const session = new Session();
  const out: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('  ')) continue;
    out.push(line);
    if (line === '' || line.startsWith('#')) continue;
    const [name, ...rest] = line.split(/\s+/);
    const words: Words = {
      plain: rest.filter((word) => !word.includes('=')),
      named: new Map(rest.filter((word) => word.includes('=')).map((word) => [word.split('=')[0]!, valuesOf(word)])),
    };
    const command = must(COMMANDS[name ?? ''], `command '${name}'`);
    const answers = command(session, words) ?? [];
    session.allocator.check();
    for (const answer of answers) out.push(`  ${answer}`);
  }
  return out.join('\n');
}

function valuesOf(word: string): string[] {
  return word
    .slice(word.indexOf('=') + 1)
    .split(',')
    .filter((value) => value !== '');
}
