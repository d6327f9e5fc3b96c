/**
 * Random histories of operators who plan, start and end maintenance of a few machines under a live cluster, with slow
 * registries, broken connections and frameworks that answer anything: the tables agree after every input, nobody has two
 * inverse offers of one agent, nobody stays on a machine that is DOWN, and a registry replayed from its operations says
 * what the master says.
 */
import { type OfferId, type RandomStream, seededRandom } from '@mesolite/base';
import type { MachineID, MaintenanceWindow } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { maintenanceSchedule, maintenanceStatus } from '../src/core/capabilities/reads/maintenance-reads.ts';
import { type MasterEffect, RegistryContents } from '../src/core/index.ts';
import {
  AGENT_CAPABILITIES,
  AGENT_RESOURCES,
  CoreHarness,
  frameworkInfo,
  type RegisteredAgent,
  type Scheduler,
  task,
} from './core-harness.ts';

const OPERATOR = 1_000_000;
const HOSTS = ['a', 'b', 'c', 'd'] as const;

class History {
  readonly master: CoreHarness;
  readonly registry = new RegistryContents();
  readonly #random: RandomStream;
  readonly #agents: (RegisteredAgent & { readonly hostname: string })[] = [];
  readonly #schedulers: Scheduler[] = [];
  /** What each framework was told, by agent: the inverse offer that is out for all it knows. */
  readonly #told = new Map<number, Map<string, string>>();
  #tasks = 0;
  inverseOffers = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.master = new CoreHarness({
      offerTimeoutMs: this.#random.below(2) === 0 ? undefined : 5_000,
      allocationSliceUnits: this.#random.below(3) === 0 ? undefined : 1 + this.#random.below(500),
      random: seededRandom(seed + 1),
    }).start();
  }

  step(): void {
    const from = this.master.effects.length;
    const actions: readonly (() => void)[] = [
      () => this.#agent(),
      () => this.#framework(),
      () => this.#launch(),
      () => this.#launch(),
      () => this.#schedule(),
      () => this.#schedule(),
      () => void (this.#random.below(3) === 0 && this.#change('start-maintenance')),
      () => this.#change('stop-maintenance'),
      () => this.#answer(),
      () => this.#answer(),
      () => this.#answer(),
      () => this.#break(),
      () => this.#return(),
      () => this.#registry(),
      () => void this.master.advanceAlive(this.#random.below(4_000)),
      () => void this.master.advanceAlive(this.#random.below(4_000)),
    ];
    actions[this.#random.below(actions.length)]?.();
    for (const effect of this.master.effects.slice(from)) this.#observe(effect);
    this.#check();
  }

  finish(): void {
    this.master.registryWaits = false;
    const from = this.master.effects.length;
    this.master.answerRegistry();
    for (const effect of this.master.effects.slice(from)) this.#observe(effect);
    this.#check();
    const { state } = this.master.core;
    const { machines, schedules } = this.registry.read();
    expect(schedules?.[0] ?? {}).toEqual(maintenanceSchedule(state));
    const status = maintenanceStatus(state, this.master.core.inverseOfferStatuses());
    const inMode = (mode: string) => (machines ?? []).filter((one) => one.mode === mode).map(({ id }) => id);
    expect(inMode('DOWN')).toEqual(status.down_machines);
    expect(inMode('DRAINING')).toEqual(status.draining_machines?.map(({ id }) => id));
    for (const agent of state.agents.registered.values())
      expect(state.maintenance.machine(agent.machine)?.mode, agent.id).not.toBe('DOWN');
  }

  /** As the registry and the frameworks take it. */
  #observe(effect: MasterEffect): void {
    if (effect.kind === 'write-registry') this.registry.apply(effect.operation);
    if (effect.kind === 'open-stream') this.#told.set(effect.connection, new Map());
    if (effect.kind !== 'stream-event') return;
    const told = this.#told.get(effect.connection);
    const { inverse_offers: fresh, rescind_inverse_offer: rescinded } = effect.event;
    for (const { id, agent_id: agentId } of fresh?.inverse_offers ?? []) {
      this.inverseOffers++;
      expect(told?.get(agentId?.value ?? ''), 'a second inverse offer of one agent').toBeUndefined();
      told?.set(agentId?.value ?? '', id.value);
    }
    if (rescinded !== undefined) this.#forget(effect.connection, rescinded.inverse_offer_id.value);
  }

  #forget(connection: number, inverseOfferId: string): void {
    const told = this.#told.get(connection);
    for (const [agentId, id] of told ?? []) if (id === inverseOfferId) told?.delete(agentId);
  }

  /** What frameworks that are there have been told is what is out. */
  #check(): void {
    const { frameworks, inverseOffers } = this.master.core.state;
    let known = 0;
    for (const framework of frameworks.registered.values()) {
      const told = this.#told.get(framework.scheduler?.kind === 'stream' ? framework.scheduler.connection : -1);
      for (const [agentId, id] of told ?? []) {
        known++;
        expect(inverseOffers.get(id as OfferId)).toMatchObject({ agentId, frameworkId: framework.id });
      }
    }
    expect(known).toBe(inverseOffers.size);
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[this.#random.below(Math.max(1, items.length))];
  }

  #agent(): void {
    const hostname = this.#pick(HOSTS)!;
    const agent = this.master.addAgent({ hostname });
    if (agent.id !== '') this.#agents.push({ ...agent, hostname });
  }

  #framework(): void {
    const known = this.#random.below(2) === 0 ? undefined : this.#pick(this.#schedulers);
    if (known === undefined && this.#schedulers.length >= 4) return;
    const id = known === undefined ? undefined : { value: known.id };
    const scheduler = this.master.subscribe(frameworkInfo({ id, failover_timeout: this.#random.below(20) }));
    if (scheduler.id !== '') this.#schedulers.push(scheduler);
  }

  #launch(): void {
    const offer = this.#pick([...this.master.core.state.offers.values()]);
    const scheduler = this.#schedulers.findLast(({ id }) => id === offer?.frameworkId);
    if (offer === undefined || scheduler === undefined) return;
    const tasks = [task(`t${this.#tasks++}`, offer.agentId)];
    this.master.accept(scheduler, [offer.id], [{ type: 'LAUNCH', launch: { task_infos: tasks } }]);
  }

  #machine(): MachineID {
    const hostname = this.#pick(HOSTS)!;
    return { hostname: this.#random.below(2) === 0 ? hostname : hostname.toUpperCase(), ip: '127.0.0.1' };
  }

  /** Mostly what may be: every host in one window, or in none unless it is DOWN. */
  #schedule(): void {
    const windows: MaintenanceWindow[] = [];
    const down = new Set(this.#inMode('DOWN').map(({ hostname }) => hostname?.toLowerCase()));
    for (const hostname of HOSTS) {
      if (!down.has(hostname) && this.#random.below(2) === 0) continue;
      const machine = this.#random.below(20) === 0 ? this.#machine() : { hostname, ip: '127.0.0.1' };
      const unavailability = { start: { nanoseconds: BigInt(this.#random.below(100)) } };
      const last = windows.at(-1);
      if (last === undefined || this.#random.below(2) === 0) windows.push({ machine_ids: [machine], unavailability });
      else last.machine_ids?.push(machine);
    }
    if (this.#random.below(20) === 0) windows.pop();
    this.master.step({ kind: 'update-maintenance-schedule', connection: OPERATOR, schedule: { windows } });
  }

  #change(kind: 'start-maintenance' | 'stop-maintenance'): void {
    const meant = this.#inMode(kind === 'start-maintenance' ? 'DRAINING' : 'DOWN');
    const machines = [this.#pick(meant) ?? this.#machine()];
    if (this.#random.below(3) === 0) machines.push(this.#machine());
    this.master.step({ kind, connection: OPERATOR, machines });
  }

  #inMode(mode: 'DRAINING' | 'DOWN'): MachineID[] {
    const machines = [...this.master.core.state.maintenance.asked.machines.values()];
    return machines.filter((one) => one.mode === mode).map(({ id }) => id);
  }

  #answer(): void {
    const offers = [...this.master.core.state.inverseOffers.values()];
    const offer = this.#pick(offers);
    const scheduler = this.#random.below(8) === 0 ? this.#pick(this.#schedulers) : this.#owner(offer?.frameworkId);
    if (offer === undefined || scheduler === undefined) return;
    const inverse = {
      inverse_offer_ids: [{ value: offer.id }, { value: 'nothing' }],
      filters: { refuse_seconds: this.#random.below(5) },
    };
    this.master.call(
      scheduler,
      this.#random.below(2) === 0
        ? { type: 'ACCEPT_INVERSE_OFFERS', accept_inverse_offers: inverse }
        : { type: 'DECLINE_INVERSE_OFFERS', decline_inverse_offers: inverse },
    );
    if (this.master.core.state.inverseOffers.get(offer.id) === undefined) this.#forget(scheduler.connection, offer.id);
  }

  #owner(frameworkId: string | undefined): Scheduler | undefined {
    return this.#schedulers.findLast(({ id }) => id === frameworkId);
  }

  #break(): void {
    const agent = this.#pick(this.#agents);
    if (agent !== undefined && this.#random.below(2) === 0) this.master.step({ kind: 'link-exited', pid: agent.pid });
    const scheduler = this.#pick(this.#schedulers);
    if (scheduler !== undefined && this.#random.below(2) === 0)
      this.master.step({ kind: 'stream-closed', connection: scheduler.connection });
  }

  #return(): void {
    const agent = this.#pick(this.#agents);
    if (agent === undefined) return;
    this.master.step({
      kind: 'reregister-agent',
      from: agent.pid,
      message: {
        agent: {
          id: { value: agent.id },
          hostname: agent.hostname,
          resources: AGENT_RESOURCES,
          checkpoint: true,
          port: 5051,
        },
        version: '1.12.0',
        agent_capabilities: [...AGENT_CAPABILITIES],
      },
    });
  }

  #registry(): void {
    if (this.master.registryWaits) this.master.answerRegistry();
    this.master.registryWaits = this.#random.below(3) === 0;
  }
}

describe('random maintenance', () => {
  it('keeps its books', { timeout: 60_000 }, () => {
    let inverseOffers = 0;
    for (let seed = 0; seed < 40; seed++) {
      const history = new History(seed);
      for (let i = 0; i < 120; i++) history.step();
      history.finish();
      inverseOffers += history.inverseOffers;
    }
    expect(inverseOffers).toBeGreaterThan(500);
  });
});
