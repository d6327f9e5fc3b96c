/**
 * `mesolite fit` against what really launches. In random clusters of real agents, where tasks run already and offers are
 * out, it says how many instances fit, where, and what remains; then a framework launches as many as it can, and both
 * numbers and leftovers are compared with what the master tells. One cluster again: MESOLITE_FIT_SEED=7.
 */
import { fromMillis, type RandomStream, seededRandom } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import { type Demand, matchOffer, placeOf, Spread, usableResources } from '@mesolite/scheduling';
import { MasterClient, scalarOf, task } from '@mesolite/sdk';
import type { Offer, QuotaConfig, TaskInfo } from '@mesolite/wire';
import { afterEach, expect, it } from 'vitest';
import { run } from '../src/command-line.ts';
import type { FitOptions } from '../src/commands/fit.ts';
import { LocalCluster } from '../src/daemons/local-cluster.ts';
import { demandOf } from '../src/fit/fit-demand.ts';
import { LiveFramework, sleeper, until } from './live-framework.ts';
import { recordedTerminal } from './recorded-terminal.ts';

const GIVEN = process.env['MESOLITE_FIT_SEED'];
const SEEDS = GIVEN === undefined ? Array.from({ length: 20 }, (_, i) => i + 1) : [Number(GIVEN)];

/** What `fit --json` says. */
interface Told {
  readonly fits: number;
  readonly hosts: readonly { readonly hostname: string; readonly instances: number; readonly left: Left }[];
  readonly fragments: Readonly<Record<keyof Left, { readonly total: number; readonly largest: number }>>;
  readonly held_in_offers: { readonly hosts: number };
}

interface Left {
  readonly cpus: number;
  readonly mem: number;
  readonly disk: number;
  readonly ports: number;
}

let cluster: LocalCluster | undefined;
const frameworks: LiveFramework[] = [];

afterEach(async () => {
  for (const framework of frameworks.splice(0)) await framework.client.close();
  await cluster?.stop();
  cluster = undefined;
});

async function startCluster(agents: readonly (readonly string[])[]): Promise<string> {
  const started = await LocalCluster.start({ agents: 0, masterFlags: ['--allocation_interval=50ms'] });
  if (!started.ok) throw new Error(started.error);
  cluster = started.value;
  for (const [index, flags] of agents.entries()) {
    const agent = await cluster.addAgent([`--hostname=h${index}`, '--registration_backoff_factor=1ms', ...flags]);
    if (!agent.ok) throw new Error(agent.error);
  }
  return cluster.master;
}

async function subscribe(name: string, roles: readonly string[]): Promise<LiveFramework> {
  const framework = await LiveFramework.subscribe(cluster!.master, name, { roles });
  frameworks.push(framework);
  return framework;
}

const pick = <T>(random: RandomStream, from: readonly T[]): T => from[random.below(from.length)]!;
const chance = (random: RandomStream, share: number): boolean => random.next() < share;

function randomAgent(random: RandomStream): string[] {
  const resources = [
    `cpus:${(5 + random.below(45)) / 10}`,
    `mem:${128 + random.below(2000)}`,
    `disk:${random.below(600)}`,
    `ports:[31000-${31_000 + random.below(8)}]`,
  ];
  if (chance(random, 0.4))
    resources.push(`cpus(web):${(5 + random.below(20)) / 10}`, `mem(web):${64 + random.below(512)}`);
  if (chance(random, 0.2)) resources.push('cpus(other):1', 'mem(other):512');
  const attributes = [`level:${1 + random.below(3)}`];
  if (chance(random, 0.85)) attributes.push(`rack:r${random.below(3)}`);
  return [`--resources=${resources.join(';')}`, `--attributes=${attributes.join(';')}`];
}

const CONSTRAINTS = [
  'hostname:UNIQUE',
  'rack:UNIQUE',
  'rack:GROUP_BY:2',
  'rack:GROUP_BY',
  'rack:CLUSTER',
  'rack:CLUSTER:r1',
  'rack:LIKE:r[01]',
  'rack:UNLIKE:r[12]',
  'rack:MAX_PER:2',
  'hostname:MAX_PER:2',
  'level:IS:2',
  'level:UNLIKE:1|3',
];

function randomDemand(random: RandomStream): FitOptions {
  const constraints = [0, 0, 1, 1, 2];
  return {
    master: cluster!.master,
    cpus: (1 + random.below(8)) / 10,
    mem: 16 + random.below(160),
    disk: chance(random, 0.3) ? 1 + random.below(200) : 0,
    gpus: 0,
    ports: chance(random, 0.3) ? 1 + random.below(3) : 0,
    instances: chance(random, 0.3) ? 1 + random.below(6) : 40,
    constraint: Array.from({ length: pick(random, constraints) }, () => pick(random, CONSTRAINTS)),
    role: pick(random, ['*', 'web', 'web/shop', 'idle']),
  };
}

/** Small tasks on some of the agents, and then the rest is held in offers or given back. */
async function occupy(random: RandomStream): Promise<LiveFramework> {
  const resident = await subscribe('resident', [pick(random, ['resident', 'web'])]);
  await allOffered(resident);
  let launched = 0;
  for (const offer of [...resident.offers.values()].sort(byHost)) {
    if (chance(random, 0.4)) continue;
    const most = usableResources(offer.resources ?? [], ['*']);
    const cpus = Math.min(scalarOf(most, 'cpus'), (1 + random.below(15)) / 10);
    const mem = Math.min(scalarOf(most, 'mem'), 32 + random.below(400));
    await resident.launch(offer, [task({ id: `resident-${launched++}`, command: 'exec sleep 1000', cpus, mem })]);
  }
  await resident.untilAll('TASK_RUNNING', launched);
  if (chance(random, 0.5)) await giveBack(resident);
  return resident;
}

async function giveBack(framework: LiveFramework): Promise<void> {
  await framework.suppress();
  await framework.decline();
}

/** Allocations have come by, and the framework holds all that the master has offered it. */
async function allOffered(framework: LiveFramework): Promise<void> {
  const master = new MasterClient(cluster!.master);
  const runs = async (): Promise<number> => {
    const metrics = await master.http.json('/metrics/snapshot');
    return metrics.ok ? (metrics.value as Record<string, number>)['allocator/mesos/allocation_runs']! : 0;
  };
  const before = await runs();
  await until('allocations have come by', async () => (await runs()) >= before + 3);
  await until(`what is offered to ${framework.id} has arrived`, async () => {
    const answer = await master.getFrameworks();
    const known = answer.ok ? answer.value.frameworks : [];
    const offers = known?.find(({ framework_info: info }) => info.id?.value === framework.id)?.offers ?? [];
    return offers.length === framework.offers.size && offers.every(({ id }) => framework.offers.has(id.value));
  });
  await master.close();
}

async function fit(options: FitOptions): Promise<Told> {
  const { code, out } = await printed(options, '--json');
  const told = JSON.parse(out) as Told;
  expect(code).toBe(told.fits >= options.instances! ? 0 : 3);
  return told;
}

async function printed(options: FitOptions, ...more: string[]): Promise<{ code: number; out: string }> {
  const terminal = recordedTerminal();
  const argv = ['fit', `--master=${options.master}`, `--role=${options.role}`, ...more];
  for (const name of ['cpus', 'mem', 'disk', 'ports', 'instances'] as const) argv.push(`--${name}=${options[name]}`);
  for (const constraint of options.constraint ?? []) argv.push(`--constraint=${constraint}`);
  const code = await run(argv, terminal);
  expect(terminal.err()).toBe('');
  return { code, out: terminal.out() };
}

/** Takes what is offered, to each agent in turn, until nothing more can be placed. Answers how many are on each host. */
async function launchAll(options: FitOptions, random: RandomStream): Promise<Map<string, number>> {
  const demand: Demand = demandOf(options);
  const framework = await subscribe('service', [options.role]);
  const spread = new Spread(demand.constraints);
  const counts = new Map<string, number>();
  let placed = 0;
  // What is left over is not wanted again, so that what quota cut off one offer may come with another.
  for (let before = -1; before < placed; ) {
    before = placed;
    await allOffered(framework);
    const open = [...framework.offers.values()].sort(byHost).map((offer) => ({
      offer,
      left: Resources.from(offer.resources),
      tasks: [] as TaskInfo[],
    }));
    for (let turn = -1; turn < placed; ) {
      turn = placed;
      for (const one of open) {
        if (placed === options.instances) break;
        const match = matchOffer(demand, one.offer, spread, { random }, one.left);
        if (!match.matched) continue;
        one.left = one.left.minus(Resources.from(match.resources));
        one.tasks.push(sleeper(`instance-${placed++}`, [...match.resources]));
        spread.add(placeOf(one.offer));
        counts.set(one.offer.hostname, (counts.get(one.offer.hostname) ?? 0) + 1);
      }
    }
    for (const { offer, tasks } of open) if (tasks.length > 0) await framework.launch(offer, tasks, 1000);
    await framework.decline(1000);
    await framework.untilAll('TASK_RUNNING', placed);
  }
  expect([...framework.states.values()].filter((state) => state !== 'TASK_RUNNING')).toEqual([]);
  return counts;
}

/** By host, what no task holds of what the role could have. */
async function leftovers({ roles }: Demand): Promise<Map<string, Left>> {
  const master = new MasterClient(cluster!.master);
  const answer = await master.getAgents();
  await master.close();
  if (!answer.ok) throw answer.error;
  return new Map(
    (answer.value.agents ?? []).map((agent) => {
      const used = Resources.from(agent.allocated_resources).unallocate();
      const free = Resources.from(agent.total_resources).minus(used).toProto();
      const left = Resources.from(usableResources(free, roles));
      const ports = left.ranges('ports').reduce((sum, { begin, end }) => sum + end - begin + 1, 0);
      const amount = (name: string): number => fromMillis(left.scalarMillis(name));
      return [agent.agent_info.hostname, { cpus: amount('cpus'), mem: amount('mem'), disk: amount('disk'), ports }];
    }),
  );
}

/** With quota, what each host has depends on which was offered first. */
async function expectAgreement(told: Told, options: FitOptions, random: RandomStream, perHost = true): Promise<void> {
  const counts = await launchAll(options, random);
  const context = JSON.stringify({ ...options, told });
  const launched = [...counts.values()].reduce((sum, count) => sum + count, 0);
  expect(launched, context).toBe(told.fits);
  const left = await leftovers(demandOf(options));
  const there = told.hosts.map(({ hostname }) => left.get(hostname)!);
  if (perHost)
    for (const { hostname, instances, left: foretold } of told.hosts) {
      expect([hostname, counts.get(hostname) ?? 0], context).toEqual([hostname, instances]);
      expect(foretold, `${hostname} of ${context}`).toMatchObject(left.get(hostname)!);
    }
  for (const name of ['cpus', 'mem', 'disk', 'ports'] as const) {
    const pieces = there.map((one) => one[name]);
    const total = fromMillis(pieces.reduce((sum, piece) => sum + Math.round(piece * 1000), 0));
    expect(told.fragments[name].total, `${name} of ${context}`).toBe(total);
    if (perHost) expect(told.fragments[name].largest, `${name} of ${context}`).toBe(Math.max(0, ...pieces));
  }
}

function byHost(a: Offer, b: Offer): number {
  return a.hostname < b.hostname ? -1 : 1;
}

/** In all clusters so far. */
let instances = 0;

it.each(SEEDS)('fit says what launches in the random cluster of seed %i', async (seed) => {
  const random = seededRandom(seed);
  await startCluster(Array.from({ length: 1 + random.below(6) }, () => randomAgent(random)));
  const resident = await occupy(random);
  const options = randomDemand(random);
  const told = await fit(options);
  // What was held in offers was counted as free; now it is given back.
  await giveBack(resident);
  await expectAgreement(told, options, random);
  instances += told.fits;
});

it('those clusters had room for something', () => {
  expect(instances).toBeGreaterThan(GIVEN === undefined ? 60 : -1);
});

const AGENT = ['--resources=cpus:2;mem:1024;disk:100;ports:[31000-31009]', '--attributes=rack:r1'];
const SMALL: Omit<FitOptions, 'master'> = {
  cpus: 0.5,
  mem: 64,
  disk: 0,
  gpus: 0,
  ports: 0,
  instances: 40,
  constraint: [],
  role: 'web',
};

it.each<[string, string, QuotaConfig, number, string]>([
  [
    'the limit of its role',
    'web',
    { role: 'web', limits: { cpus: { value: 2.75 } } },
    5,
    'the quota of the role allows no more cpus',
  ],
  [
    'the limit of the role above it',
    'web/shop',
    { role: 'web', limits: { mem: { value: 200 } } },
    3,
    'the quota of the role allows no more mem',
  ],
  [
    'what another role is guaranteed',
    'web',
    { role: 'prod', guarantees: { cpus: { value: 3 } } },
    6,
    'cpus must stay free for the quota guarantees of other roles',
  ],
])('fit heeds %s, as the master does', async (_, role, quota, fits, why) => {
  const master = await startCluster([AGENT, AGENT, AGENT]);
  const operator = new MasterClient(master);
  const answer = await operator.updateQuota([quota]);
  await operator.close();
  if (!answer.ok) throw answer.error;
  const options: FitOptions = { ...SMALL, master, role };
  const told = await fit(options);
  expect(told.fits).toBe(fits);
  const { code, out } = await printed(options);
  expect(code).toBe(3);
  expect(out).toMatch(new RegExp(`^${fits} of 40 fit, on 3 hosts\n\nHOST +INSTANCES +CPUS LEFT`));
  expect(out).toContain(`\nwhy no more fit:\n  3 hosts: ${why}\n`);
  await expectAgreement(told, options, seededRandom(1), false);
});

it('fit leaves out an agent in maintenance and one that is gone, and says so', async () => {
  const master = await startCluster([AGENT, AGENT, AGENT]);
  const options: FitOptions = { ...SMALL, master };
  expect((await fit(options)).fits).toBe(12);
  const operator = new MasterClient(master);
  const unavailability = { start: { nanoseconds: 1_000_000_000n } };
  const windows = [{ machine_ids: [{ hostname: 'h1', ip: '127.0.0.1' }], unavailability }];
  const answer = await operator.call({
    type: 'UPDATE_MAINTENANCE_SCHEDULE',
    update_maintenance_schedule: { schedule: { windows } },
  });
  await operator.close();
  if (!answer.ok) throw answer.error;
  await cluster!.stopAgent(cluster!.agents[2]!);
  await until('the master knows', async () => (await fit(options)).fits === 4);
  const { out } = await printed(options);
  expect(out).toMatch(/^4 of 40 fit, on 1 host\n/);
  expect(out).toMatch(/\nleft out:\n {2}h1 \(\S+-S1\): in maintenance\n {2}h2 \(\S+-S2\): disconnected\n$/);
});
