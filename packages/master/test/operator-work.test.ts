/** What an operator asks for is about many offers or agents: it is done in parts, and nothing goes wrong in between. */
import type { AgentId } from '@mesolite/base';
import { type QuotaConfig, ShutdownMessage } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import type { MasterEffect } from '../src/core/index.ts';
import {
  CoreHarness,
  errorsIn,
  eventsIn,
  frameworkInfo,
  launchedTasks,
  type RegisteredAgent,
  repliesIn,
  type Scheduler,
  sent,
  task,
} from './core-harness.ts';

const AGENTS = 300;
const OPERATOR = 1_000_000;
const CPUS_EACH = 8;

interface Cluster {
  readonly master: CoreHarness;
  readonly agents: readonly RegisteredAgent[];
  readonly scheduler: Scheduler;
}

/** All agents, each on a machine of its own, are offered to the scheduler, which wants no others. */
function offered(): Cluster {
  const master = new CoreHarness({ offerTimeoutMs: 60_000 }).start();
  const agents = Array.from({ length: AGENTS }, (_, i) =>
    master.addAgent({ hostname: `h${i}`, pid: `slave(1)@10.0.${i >> 8}.${i & 255}:5051` }),
  );
  const scheduler = master.subscribe(frameworkInfo({ roles: ['dev'] }));
  master.advance(1000);
  expect(master.core.state.offers.size).toBe(AGENTS);
  master.call(scheduler, { type: 'SUPPRESS' });
  return { master, agents, scheduler };
}

function machine(i: number) {
  return { hostname: `h${i}`, ip: `10.0.${i >> 8}.${i & 255}` };
}

const ALL = Array.from({ length: AGENTS }, (_, i) => machine(i));

function schedule({ master }: Cluster, machines = ALL): MasterEffect[] {
  const windows =
    machines.length === 0 ? [] : [{ machine_ids: machines, unavailability: { start: { nanoseconds: 5n } } }];
  return master.step({ kind: 'update-maintenance-schedule', connection: OPERATOR, schedule: { windows } });
}

function guarantee(role: string, cpus: number): QuotaConfig {
  return { role, guarantees: { cpus: { value: cpus } } };
}

function rescinded(effects: readonly MasterEffect[], { scheduler }: Cluster): string[] {
  return eventsIn(effects, scheduler.connection).flatMap(({ rescind }) => rescind?.offer_id.value ?? []);
}

/** One after the other, until nothing is left to do now. */
function laterTurns({ master }: Cluster): MasterEffect[][] {
  const turns: MasterEffect[][] = [];
  while ((master.core.state.deadlines.nextMs ?? Number.POSITIVE_INFINITY) <= master.nowMs)
    turns.push(master.step({ kind: 'timer-fired' }));
  return turns;
}

describe('quota of many roles', () => {
  function update({ master }: Cluster, configs: readonly QuotaConfig[]): MasterEffect[] {
    return master.step({ kind: 'update-quota', connection: OPERATOR, configs, force: true });
  }

  it('takes back what guarantees may need in turns, and is answered after the last one', () => {
    const all = offered();
    const first = update(all, [guarantee('ops', 280 * CPUS_EACH)]);
    expect(rescinded(first, all)).toHaveLength(250);
    expect(repliesIn(first)).toEqual([]);
    const [second, ...none] = laterTurns(all);
    expect(none).toEqual([]);
    expect(rescinded(second ?? [], all)).toHaveLength(30);
    expect(second?.findLast(({ kind }) => kind === 'reply')).toEqual({
      kind: 'reply',
      connection: OPERATOR,
      status: 200,
    });
    expect(all.master.core.state.offers.size).toBe(AGENTS - 280);
  });

  it('takes back what is beyond limits, and no offer twice', () => {
    const all = offered();
    const limits = { cpus: { value: 10 * CPUS_EACH } };
    const many = Array.from({ length: 50 }, (_, i) => guarantee(`r${i}`, 1_000_000));
    const effects = [...update(all, [{ role: 'dev', limits }, ...many]), ...laterTurns(all).flat()];
    expect(new Set(rescinded(effects, all)).size).toBe(AGENTS);
    expect(rescinded(effects, all)).toHaveLength(AGENTS);
    expect(repliesIn(effects)).toEqual([{ status: 200, text: undefined }]);
  });

  it('leaves what was accepted or declined in between, and new demands wait their turn', () => {
    const all = offered();
    const { master, scheduler } = all;
    const ids = [...master.core.state.offers.values()].map(({ id, agentId }) => ({ id, agentId }));
    update(all, [guarantee('ops', 1_000_000)]);
    const [accepted, declined] = ids.slice(-2);
    const launched = master.accept(
      scheduler,
      [accepted?.id ?? ''],
      [{ type: 'LAUNCH', launch: { task_infos: [task('t', accepted?.agentId as AgentId)] } }],
    );
    expect(launchedTasks(launched, all.agents.find(({ id }) => id === accepted?.agentId)?.pid ?? '')).toHaveLength(1);
    master.call(scheduler, { type: 'DECLINE', decline: { offer_ids: [{ value: declined?.id ?? '' }] } });
    const removal = master.step({ kind: 'remove-quota', connection: OPERATOR + 1, role: 'ops' });
    expect(repliesIn(removal)).toEqual([]);
    const later = laterTurns(all).flat();
    expect(rescinded(later, all)).toEqual(ids.slice(250, -2).map(({ id }) => id));
    expect(later.flatMap((effect) => (effect.kind === 'reply' ? effect.connection : []))).toEqual([
      OPERATOR,
      OPERATOR + 1,
    ]);
    expect(master.core.state.offers.size).toBe(0);
  });
});

describe('a schedule of many machines', () => {
  it('is told agent by agent in turns, then the operator is answered', () => {
    const all = offered();
    const turns = [schedule(all), ...laterTurns(all)];
    expect(turns.map((turn) => rescinded(turn, all).length)).toEqual([125, 125, 50]);
    expect(turns.map((turn) => repliesIn(turn).map(({ status }) => status))).toEqual([[], [], [200]]);
    for (const agent of all.master.core.state.agents.registered.values())
      expect(agent.unavailability).toEqual({ start: { nanoseconds: 5n } });
  });

  it('holds for agents that come and go in between', () => {
    const all = offered();
    const { master } = all;
    const gone = all.agents.at(-1)!;
    schedule(all);
    master.step({ kind: 'unregister-agent', from: gone.pid, message: { agent_id: { value: gone.id } } });
    const back = master.addAgent({ hostname: `h${AGENTS - 1}`, pid: gone.pid });
    expect(master.core.state.agents.registered.get(back.id)?.unavailability).toBeDefined();
    expect(repliesIn(laterTurns(all).flat())).toEqual([{ status: 200, text: undefined }]);
    expect(master.core.state.agents.registered.has(gone.id)).toBe(false);
  });

  it('gives way to the next one, which all agents hear of last', () => {
    const all = offered();
    schedule(all);
    schedule(all, []);
    expect(repliesIn(laterTurns(all).flat()).map(({ status }) => status)).toEqual([200, 200]);
    for (const agent of all.master.core.state.agents.registered.values()) expect(agent.unavailability).toBeUndefined();
  });

  it('comes before the machines go down, which does not take one turn either', () => {
    const all = offered();
    const { master } = all;
    master.registryWaits = false;
    schedule(all);
    const turns = [
      master.step({ kind: 'start-maintenance', connection: OPERATOR + 1, machines: ALL }),
      ...laterTurns(all),
    ];
    const ended = turns.map(
      (turn) => all.agents.filter(({ pid }) => sent(turn, pid, ShutdownMessage).length > 0).length,
    );
    expect(ended.reduce((sum, count) => sum + count, 0)).toBe(AGENTS);
    expect(Math.max(...ended)).toBeLessThanOrEqual(250);
    expect(master.core.state.agents.registered.size).toBe(0);
    expect(repliesIn(turns.flat()).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('asks to leave so many agents a turn, and stops asking likewise', () => {
    const all = offered();
    const { master } = all;
    for (const { id, agentId } of [...master.core.state.offers.values()])
      master.accept(all.scheduler, [id], [{ type: 'LAUNCH', launch: { task_infos: [task(`t-${agentId}`, agentId)] } }]);
    // While nobody is there to be asked.
    master.step({ kind: 'stream-closed', connection: all.scheduler.connection });
    schedule(all);
    laterTurns(all);
    master.turnsWait = true;
    const scheduler = master.subscribe(frameworkInfo({ id: { value: all.scheduler.id }, roles: ['dev'] }));
    const asked = (effects: readonly MasterEffect[]) =>
      eventsIn(effects, scheduler.connection).flatMap(({ inverse_offers }) => inverse_offers?.inverse_offers ?? []);
    const turns = [master.advance(2500)];
    while (master.turnAsked) turns.push(master.nextTurn());
    expect(turns.map((turn) => asked(turn).length).filter((count) => count > 0)).toEqual([250, 50]);
    expect(new Set(turns.flatMap(asked).map(({ agent_id }) => agent_id?.value)).size).toBe(AGENTS);
    master.turnsWait = false;
    const before = master.effects.length;
    master.nowMs += 60_000;
    const ends = [master.step({ kind: 'timer-fired' }), ...laterTurns(all)].map(
      (turn) => eventsIn(turn, scheduler.connection).filter(({ type }) => type === 'RESCIND_INVERSE_OFFER').length,
    );
    expect(ends.filter((count) => count > 0)).toEqual([250, 50]);
    expect(errorsIn(master.effects.slice(before), scheduler.connection)).toEqual([]);
  });
});
