/** A cycle of the allocator goes out in slices, a turn each; what happens between two of them is minded. */
import type { Offer } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import type { MasterEffect } from '../src/core/index.ts';
import {
  AGENT_RESOURCES,
  CoreHarness,
  eventsIn,
  frameworkInfo,
  type RegisteredAgent,
  type Scheduler,
} from './core-harness.ts';

/** So few units that a slice is one agent. */
const ONE_AGENT = 1;
const AGENTS = 6;

/** A cluster at rest, whose next batch is just ahead: all agents are free, each scheduler wants them. */
function atRest(schedulers: readonly string[] = ['a'], options: ConstructorParameters<typeof CoreHarness>[0] = {}) {
  const master = new CoreHarness({ allocationSliceUnits: ONE_AGENT, ...options }).start();
  const known = schedulers.map((role) => {
    const scheduler = master.subscribe(frameworkInfo({ name: role, roles: [role] }), { suppressedRoles: [role] });
    return scheduler;
  });
  const agents = Array.from({ length: AGENTS }, () => master.addAgent());
  master.advance(1500);
  master.turnsWait = true;
  return { master, agents, schedulers: known, scheduler: known[0]! };
}

function offersIn(effects: readonly MasterEffect[], scheduler: Scheduler): Offer[] {
  return eventsIn(effects, scheduler.connection).flatMap(({ offers }) => offers?.offers ?? []);
}

/** All turns that are asked for come, one after another; what each of them brought. */
function allTurns(master: CoreHarness): MasterEffect[][] {
  const turns: MasterEffect[][] = [];
  while (master.turnAsked) turns.push(master.nextTurn());
  return turns;
}

function revive(master: CoreHarness, scheduler: Scheduler): MasterEffect[] {
  return master.call(scheduler, { type: 'REVIVE', revive: {} });
}

function agentsOf(offers: readonly Offer[]): string[] {
  return offers.map(({ agent_id }) => agent_id.value);
}

describe('a cycle', () => {
  it('hands out a slice a turn and asks for the next turn until it is done', () => {
    const { master, scheduler } = atRest();
    const first = revive(master, scheduler);
    expect(offersIn(first, scheduler)).toHaveLength(1);
    expect(first.filter(({ kind }) => kind === 'continue-soon')).toHaveLength(1);
    const turns = allTurns(master);
    expect(turns).toHaveLength(AGENTS - 1);
    for (const turn of turns) expect(offersIn(turn, scheduler)).toHaveLength(1);
    expect(master.core.state.offers.size).toBe(AGENTS);
  });

  it('waits for the turn it asked for, whatever else comes before', () => {
    const { master, scheduler } = atRest();
    revive(master, scheduler);
    const meanwhile = [
      ...master.call(scheduler, { type: 'RECONCILE', reconcile: {} }),
      ...master.call(scheduler, { type: 'SUPPRESS', suppress: { roles: ['nobody'] } }),
    ];
    expect(offersIn(meanwhile, scheduler)).toHaveLength(0);
    expect(meanwhile.filter(({ kind }) => kind === 'reply')).toHaveLength(2);
    expect(meanwhile.some(({ kind }) => kind === 'continue-soon')).toBe(false);
  });

  it('puts the offers of a framework in a slice into one event', () => {
    // Agent and offer cost a little over 200 units: two and a half agents are three.
    const { master, scheduler } = atRest(['a'], { allocationSliceUnits: 550 });
    const first = eventsIn(revive(master, scheduler), scheduler.connection);
    expect(first.filter(({ type }) => type === 'OFFERS')).toHaveLength(1);
    expect(first.flatMap(({ offers }) => offers?.offers ?? [])).toHaveLength(3);
    const turns = allTurns(master);
    expect(turns.map((turn) => offersIn(turn, scheduler).length)).toEqual([3]);
  });

  it('goes out at once where it is small', () => {
    const { master, scheduler } = atRest(['a'], { allocationSliceUnits: undefined });
    expect(offersIn(revive(master, scheduler), scheduler)).toHaveLength(AGENTS);
    expect(master.turnAsked).toBe(false);
  });
});

describe('between two slices', () => {
  /** A cycle whose first slice is out; the agent it gave away, and the others. */
  function begun(schedulers?: readonly string[]) {
    const cluster = atRest(schedulers);
    const [offer] = offersIn(revive(cluster.master, cluster.scheduler), cluster.scheduler);
    const rest = cluster.agents.filter(({ id }) => id !== offer!.agent_id.value);
    return { ...cluster, offer: offer!, rest };
  }

  it('an agent that unregisters is not offered any more', () => {
    const { master, rest, scheduler } = begun();
    const gone = rest[0]!;
    master.step({ kind: 'unregister-agent', from: gone.pid, message: { agent_id: { value: gone.id } } });
    const offered = agentsOf(allTurns(master).flatMap((turn) => offersIn(turn, scheduler)));
    expect(offered.sort()).toEqual(
      rest
        .slice(1)
        .map(({ id }) => id as string)
        .sort(),
    );
  });

  it('an agent whose connection breaks is not offered until it is back', () => {
    const { master, rest, scheduler } = begun();
    const away = rest[0]!;
    master.step({ kind: 'link-exited', pid: away.pid });
    const offered = agentsOf(allTurns(master).flatMap((turn) => offersIn(turn, scheduler)));
    expect(offered).not.toContain(away.id);
    expect(offered).toHaveLength(AGENTS - 2);
    master.turnsWait = false;
    const later = [...reregister(master, away), ...master.advance(1000)];
    expect(agentsOf(offersIn(later, scheduler))).toEqual([away.id]);
  });

  it('a framework that is torn down gets nothing, and all comes back', () => {
    const { master, schedulers } = begun(['a', 'b']);
    const [gone, other] = schedulers as [Scheduler, Scheduler];
    const end = master.call(gone, { type: 'TEARDOWN' });
    revive(master, other);
    const turns = [end, ...allTurns(master)].flat();
    expect(offersIn(turns, gone)).toHaveLength(0);
    master.turnsWait = false;
    const all = [...turns, ...master.advance(2000)];
    expect(agentsOf(offersIn(all, other))).toHaveLength(AGENTS);
  });

  it('a framework whose scheduler went away gets nothing', () => {
    const { master, scheduler } = begun();
    master.step({ kind: 'stream-closed', connection: scheduler.connection });
    expect(allTurns(master).flatMap((turn) => offersIn(turn, scheduler))).toHaveLength(0);
    expect(master.core.state.offers.size).toBe(0);
  });

  it('a framework that suppresses gets nothing more', () => {
    const { master, scheduler } = begun();
    master.call(scheduler, { type: 'SUPPRESS', suppress: {} });
    expect(allTurns(master).flatMap((turn) => offersIn(turn, scheduler))).toHaveLength(0);
    expect(master.core.state.offers.size).toBe(1);
  });

  it('a new agent waits for the next cycle, which begins by itself', () => {
    const { master, agents, scheduler } = begun();
    const fresh = master.addAgent();
    const offered = agentsOf(allTurns(master).flatMap((turn) => offersIn(turn, scheduler)));
    expect(offered).not.toContain(fresh.id);
    expect(offered).toHaveLength(agents.length - 1);
    // Events cause cycles a little apart.
    expect(agentsOf(offersIn(master.advance(20), scheduler))).toEqual([fresh.id]);
  });

  it('what a declined offer gives back is refused to its framework for the time it said', () => {
    const { master, scheduler, offer } = begun();
    const filters = { refuse_seconds: 60 };
    master.call(scheduler, { type: 'DECLINE', decline: { offer_ids: [offer.id], filters } });
    const later = [...allTurns(master).flat(), ...master.advance(50_000)];
    expect(agentsOf(offersIn(later, scheduler))).not.toContain(offer.agent_id.value);
  });
});

describe('a batch that falls due while a cycle is under way', () => {
  it('begins right after it, once', () => {
    const { master, scheduler } = atRest();
    revive(master, scheduler);
    const runs = master.metric('allocator/mesos/allocation_runs');
    // Two batches fall due, and none of them is a second cycle beside the first.
    const due = master.advance(2500);
    expect(offersIn(due, scheduler)).toHaveLength(0);
    const turns = allTurns(master);
    expect(turns.slice(0, AGENTS - 1).map((turn) => offersIn(turn, scheduler).length)).toEqual([1, 1, 1, 1, 1]);
    // The batch comes by all agents again, one a turn.
    expect(turns).toHaveLength(AGENTS - 1 + AGENTS);
    expect(master.metric('allocator/mesos/allocation_runs')).toBe(runs + 2);
    expect(master.turnAsked).toBe(false);
  });

  it('is counted as late as it was', () => {
    const { master, scheduler } = atRest();
    revive(master, scheduler);
    master.advance(700);
    const waitedMs = 1700 - 1000;
    allTurns(master);
    expect(master.metric('allocator/mesos/allocation_run_latency_ms/max')).toBeLessThanOrEqual(waitedMs);
    expect(master.metric('allocator/mesos/allocation_run_latency_ms/max')).toBeGreaterThan(0);
  });
});

function reregister(master: CoreHarness, { id, pid }: RegisteredAgent): MasterEffect[] {
  return master.step({
    kind: 'reregister-agent',
    from: pid,
    message: {
      agent: { id: { value: id }, hostname: 'localhost', resources: AGENT_RESOURCES, checkpoint: true },
      version: '1.12.0',
      agent_capabilities: [{ type: 'MULTI_ROLE' }, { type: 'HIERARCHICAL_ROLE' }, { type: 'RESERVATION_REFINEMENT' }],
    },
  });
}
