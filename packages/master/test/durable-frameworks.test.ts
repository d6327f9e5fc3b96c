/** What masters leave to each other of frameworks that may fail over. */
import type { FrameworkId } from '@mesolite/base';
import type { FrameworkInfo } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import type { FrameworkMemory, MasterEffect, MasterOptions, RecoveredRegistry } from '../src/core/index.ts';
import { RegistryContents } from '../src/core/index.ts';
import { comesBack, runningTask } from './agent-service.ts';
import { CoreHarness, errorsIn, frameworkInfo, type Scheduler, task } from './core-harness.ts';

const REGISTERED: RecoveredRegistry = { admitted: [], unreachable: [], gone: [] };

/** Writes about frameworks: who is back when (in seconds from now), who has ended (`ended`), who is forgotten (`forgotten`). */
function writes(master: CoreHarness, effects: readonly MasterEffect[]): unknown[] {
  return effects.flatMap((effect) => {
    if (effect.kind !== 'write-registry') return [];
    const { operation } = effect;
    if (operation.kind === 'forget-framework') return ['forgotten'];
    if (operation.kind !== 'record-framework') return [];
    const { failoverWallMs, removedWallMs } = operation.memory;
    if (removedWallMs !== undefined) return ['ended'];
    return [failoverWallMs === undefined ? 'here' : Math.round((failoverWallMs - master.now().wallMs) / 1000)];
  });
}

/** The next master after one that did all this, so many milliseconds later. */
function nextMaster(before: CoreHarness, laterMs = 0, options: Partial<MasterOptions> = {}): CoreHarness {
  const registry = new RegistryContents();
  for (const effect of before.effects) if (effect.kind === 'write-registry') registry.apply(effect.operation);
  const master = new CoreHarness({ ...options, info: { ...before.core.options.info, id: 'next' } });
  master.nowMs = before.nowMs + laterMs;
  return master.start(registry.read());
}

function disconnect(master: CoreHarness, { connection }: Scheduler): MasterEffect[] {
  return master.step({ kind: 'stream-closed', connection });
}

function again(id: string, fields: Partial<FrameworkInfo> = {}): FrameworkInfo {
  return frameworkInfo({ id: { value: id }, ...fields });
}

const known = (master: CoreHarness, id: string) => master.core.state.frameworks.registered.get(id as FrameworkId);

describe('a framework that may fail over', () => {
  it('costs one write when it comes, when it goes and when it ends', () => {
    const master = new CoreHarness().start();
    const scheduler = master.subscribe();
    expect(writes(master, master.effects)).toEqual(['here']);
    expect(writes(master, master.advance(600_000))).toEqual([]);
    const gone = disconnect(master, scheduler);
    expect(writes(master, gone)).toEqual([60]);
    expect(writes(master, master.advance(61_000))).toEqual(['ended']);
  });

  it('costs none when another instance takes it over as it is', () => {
    const master = new CoreHarness().start();
    const { id } = master.subscribe();
    const seen = master.effects.length;
    master.subscribe(again(id));
    expect(writes(master, master.effects.slice(seen))).toEqual([]);
    master.subscribe(again(id, { failover_timeout: 90 }));
    expect(writes(master, master.effects.slice(seen))).toEqual(['here']);
  });

  it('that comes and goes faster than the registry writes is written once more', () => {
    const master = new CoreHarness().start();
    let scheduler = master.subscribe();
    master.registryWaits = true;
    const seen = master.effects.length;
    for (let i = 0; i < 20; i++) {
      disconnect(master, scheduler);
      scheduler = master.subscribe(again(scheduler.id));
    }
    expect(writes(master, master.effects.slice(seen))).toEqual([60]);
    expect(writes(master, master.answerRegistry())).toEqual(['here']);
    expect(writes(master, master.answerRegistry())).toEqual([]);
  });

  it('is forgotten when it may not any more, or says too much of itself', () => {
    const master = new CoreHarness().start();
    const scheduler = master.subscribe();
    const seen = master.effects.length;
    const { id } = master.subscribe(again(scheduler.id, { failover_timeout: 0 }));
    expect(writes(master, master.effects.slice(seen))).toEqual(['forgotten']);
    const large = { labels: { labels: [{ key: 'k', value: 'v'.repeat(300_000) }] } };
    const before = master.effects.length;
    master.subscribe(again(id, large));
    expect(writes(master, master.effects.slice(before))).toEqual([]);
  });

  it('is known to the next master before any agent is back, and can be ended there', () => {
    const first = new CoreHarness().start();
    const { id } = first.subscribe(frameworkInfo({ failover_timeout: 7200 }));
    const master = nextMaster(first);
    expect(known(master, id)?.state).toBe('recovered');
    const effects = master.step({ kind: 'teardown-framework', connection: 1_000_000, frameworkId: id as FrameworkId });
    expect(writes(master, effects)).toEqual(['ended']);
    const refused = master.nextConnection;
    master.subscribe(again(id));
    expect(errorsIn(master.effects, refused)).toEqual(['Framework has been removed']);
  });

  it('has its whole time after a change of master if it was there, and what is left of it if it was not', () => {
    const first = new CoreHarness().start();
    const there = first.subscribe(frameworkInfo({ name: 'there', failover_timeout: 7200 }));
    const away = first.subscribe(frameworkInfo({ name: 'away', failover_timeout: 7200 }));
    disconnect(first, away);
    const master = nextMaster(first, 3_600_000);
    master.advance(3_599_000);
    expect(known(master, away.id)).toBeDefined();
    master.advance(2000);
    expect(known(master, away.id)).toBeUndefined();
    expect(known(master, there.id)).toBeDefined();
    master.advance(3_600_000);
    expect(known(master, there.id)).toBeUndefined();
  });

  it('that never comes does not have it anew with every master', () => {
    const first = new CoreHarness().start();
    const { id } = first.subscribe(frameworkInfo({ failover_timeout: 7200 }));
    const second = nextMaster(first);
    // Frameworks that are back soon are not worth a write.
    expect(writes(second, second.advance(599_000))).toEqual([]);
    expect(writes(second, second.advance(1000))).toEqual([6600]);
    second.advance(3_000_000);
    const third = new CoreHarness();
    third.nowMs = second.nowMs;
    const registry = new RegistryContents();
    for (const effect of [...first.effects, ...second.effects])
      if (effect.kind === 'write-registry') registry.apply(effect.operation);
    third.start(registry.read());
    third.advance(3_599_000);
    expect(known(third, id)).toBeDefined();
    third.advance(2000);
    expect(known(third, id)).toBeUndefined();
  });

  it('is waited for a while even when its time ran out while nobody led', () => {
    const first = new CoreHarness().start();
    const long = first.subscribe(frameworkInfo({ failover_timeout: 3600 }));
    const short = first.subscribe(frameworkInfo({ failover_timeout: 5 }));
    disconnect(first, long);
    disconnect(first, short);
    const master = nextMaster(first, 24 * 3_600_000);
    master.advance(4999);
    expect(known(master, short.id)).toBeDefined();
    master.advance(2);
    expect(known(master, short.id)).toBeUndefined();
    master.advance(594_000);
    expect(known(master, long.id)).toBeDefined();
    master.advance(2000);
    expect(known(master, long.id)).toBeUndefined();
  });

  it('does not wait for ever because a clock was wrong', () => {
    const info = again('f', { failover_timeout: 3600 });
    const memory: FrameworkMemory = { info, failoverWallMs: 9_000_000_000_000 };
    const master = new CoreHarness().start({ ...REGISTERED, frameworks: [memory] });
    master.advance(3_600_001);
    expect(known(master, 'f')).toBeUndefined();
  });

  it('keeps user, checkpointing and principal over a change of master', () => {
    const first = new CoreHarness().start();
    const { id } = first.subscribe(frameworkInfo({ principal: 'p' }));
    const master = nextMaster(first);
    const refused = master.nextConnection;
    master.subscribe(again(id, { principal: 'somebody else' }));
    expect(errorsIn(master.effects, refused)).toEqual(["Changing framework's principal is not allowed."]);
    expect(master.subscribe(again(id, { principal: 'p', user: 'other' })).id).toBe(id);
    expect(known(master, id)?.info.user).toBe(frameworkInfo().user);
  });

  it('that an agent tells of is remembered from then on', () => {
    const first = new CoreHarness().start();
    const agent = first.addAgent();
    const scheduler = first.subscribe();
    const [offer] = first.offers(scheduler);
    first.launch(scheduler, offer!, [task('t', agent.id)]);
    const master = new CoreHarness().start();
    const effects = comesBack(master, agent, { tasks: [runningTask(agent.id, scheduler.id)] });
    expect(writes(master, effects)).toEqual([60]);
    master.advanceAlive(61_000);
    expect(known(master, scheduler.id)).toBeUndefined();
    expect(master.metric('master/tasks_killed')).toBe(1);
  });
});

describe('frameworks that have ended', () => {
  it('stay refused as far as they are remembered, over any number of masters', () => {
    const first = new CoreHarness({ maxCompletedFrameworks: 2 }).start();
    const ids = ['a', 'b', 'c'].map((name) => {
      const scheduler = first.subscribe(frameworkInfo({ name }));
      first.call(scheduler, { type: 'TEARDOWN' });
      return scheduler.id;
    });
    expect(writes(first, first.effects)).toEqual(['here', 'ended', 'here', 'ended', 'here', 'forgotten', 'ended']);
    const second = nextMaster(first, 0, { maxCompletedFrameworks: 2 });
    expect([...second.core.state.frameworks.completed.keys()]).toEqual(ids.slice(1));
    expect(writes(second, second.effects)).toEqual([]);
    const third = nextMaster(first, 0, { maxCompletedFrameworks: 1 });
    expect([...third.core.state.frameworks.completed.keys()]).toEqual(ids.slice(2));
    expect(writes(third, third.effects)).toEqual(['forgotten']);
  });

  it('leave nothing behind where none are remembered', () => {
    const master = new CoreHarness({ maxCompletedFrameworks: 0 }).start();
    master.call(master.subscribe(), { type: 'TEARDOWN' });
    expect(writes(master, master.effects)).toEqual(['here', 'forgotten']);
  });
});

describe('without durable frameworks', () => {
  const OFF = { durableFrameworks: false };

  it('nothing is written, and whoever an agent tells of is waited for for ever', () => {
    const master = new CoreHarness(OFF).start();
    disconnect(master, master.subscribe());
    expect(writes(master, master.advance(61_000))).toEqual([]);
    const first = new CoreHarness().start();
    const agent = first.addAgent();
    first.subscribe();
    const scheduler = first.subscribe();
    comesBack(master, agent, { tasks: [runningTask(agent.id, scheduler.id)] });
    master.advanceAlive(3_600_000);
    expect(known(master, scheduler.id)?.state).toBe('recovered');
  });

  it('nothing that was written counts, or is left', () => {
    const first = new CoreHarness().start();
    first.subscribe(frameworkInfo({ name: 'a' }));
    first.call(first.subscribe(frameworkInfo({ name: 'b' })), { type: 'TEARDOWN' });
    const master = nextMaster(first, 0, OFF);
    expect(writes(master, master.effects)).toEqual(['forgotten', 'forgotten']);
    expect(master.core.state.frameworks.registered.size + master.core.state.frameworks.completed.size).toBe(0);
  });
});
