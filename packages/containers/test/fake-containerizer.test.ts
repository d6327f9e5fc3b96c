/** The fake containerizer: the contract, its own words, and that one order of events follows from one order of calls. */
import type { ContainerId } from '@mesolite/base';
import { Heap } from '@mesolite/base';
import type { TimerHandle, Timers } from '@mesolite/ports';
import { afterEach, describe, expect, it } from 'vitest';
import { type ContainerTermination, FakeContainerizer, parseFakeBehaviour } from '../src/index.ts';
import { containerizerContract } from './containerizer-contract.ts';
import { workplace } from './workplace.ts';

/** Time that passes only when told. */
class VirtualTimers implements Timers {
  nowMs = 0;
  #order = 0;
  readonly #heap = new Heap<{ atMs: number; order: number; fire: (() => void) | undefined }>((a, b) =>
    a.atMs === b.atMs ? a.order < b.order : a.atMs < b.atMs,
  );

  after(delayMs: number, fire: () => void): TimerHandle {
    const entry: { atMs: number; order: number; fire: (() => void) | undefined } = {
      atMs: this.nowMs + delayMs,
      order: this.#order++,
      fire,
    };
    this.#heap.push(entry);
    return {
      cancel: () => {
        entry.fire = undefined;
      },
    };
  }

  /** Fires what is due next. */
  step(): boolean {
    const next = this.#heap.pop();
    if (next === undefined) return false;
    this.nowMs = next.atMs;
    next.fire?.();
    return true;
  }
}

const place = workplace();
afterEach(() => place.remove());

containerizerContract('the fake containerizer', () => {
  const timers = new VirtualTimers();
  return {
    containerizer: new FakeContainerizer({ timers }),
    spec: (id, command) => place.spec(id, command),
    settle: async (promise) => {
      let settled = false;
      void promise.finally(() => {
        settled = true;
      });
      for (;;) {
        for (let turn = 0; turn < 10; turn++) await Promise.resolve();
        if (settled || !timers.step()) return promise;
      }
    },
  };
});

describe('the words of fake commands', () => {
  it('say what a container does', () => {
    expect(parseFakeBehaviour('sim: run=500ms exit=3 launch=20ms kill=100ms ignore-kill')).toEqual({
      launchMs: 20,
      launchFailure: undefined,
      runMs: 500,
      outcome: { kind: 'exited', code: 3 },
      ignoreTerm: true,
      killMs: 100,
    });
    expect(parseFakeBehaviour('sleep 2')).toMatchObject({ runMs: 2000 });
    expect(parseFakeBehaviour('run=forever').runMs).toBeUndefined();
    expect(parseFakeBehaviour('false').outcome).toEqual({ kind: 'exited', code: 1 });
    expect(parseFakeBehaviour('signal=SIGSEGV run=1s').outcome).toMatchObject({ signal: 11 });
    expect(parseFakeBehaviour('make -j4')).toMatchObject({ runMs: 0, outcome: { code: 0 } });
  });

  it('take the time they say', async () => {
    const timers = new VirtualTimers();
    const fake = new FakeContainerizer({ timers });
    const seen: string[] = [];
    const note = (id: string) => ({
      launched: () => void seen.push(`${timers.nowMs} ${id} launched`),
      ended: (end: ContainerTermination) => void seen.push(`${timers.nowMs} ${id} ${end.message}`),
    });
    fake.start(place.spec('a', 'launch=20ms run=500ms exit=3'), note('a'));
    fake.start(place.spec('b', 'run=100ms'), note('b'));
    fake.start(place.spec('c', 'fail-launch'), note('c'));
    fake.start(place.spec('d', 'run=forever kill=30ms'), note('d'));
    fake.kill('d' as ContainerId, 'SIGTERM');
    while (timers.step());
    expect(seen).toEqual([
      '0 b launched',
      '0 c launched',
      '0 c Failed to get exit status for Command',
      '0 d launched',
      '20 a launched',
      '30 d Command terminated with signal Terminated',
      '100 b Command exited with status 0',
      '520 a Command exited with status 3',
    ]);
  });

  it('may ignore a polite signal, never SIGKILL', () => {
    const timers = new VirtualTimers();
    const fake = new FakeContainerizer({ timers });
    const ends: string[] = [];
    fake.start(place.spec('x', 'run=forever ignore-kill'), {
      launched: () => {},
      ended: (end) => void ends.push(end.message),
    });
    fake.kill('x' as ContainerId, 'SIGTERM');
    while (timers.step());
    expect(ends).toEqual([]);
    fake.kill('x' as ContainerId, 'SIGKILL');
    while (timers.step());
    expect(ends).toEqual(['Command terminated with signal Killed']);
  });

  it('can be made to crash from outside', () => {
    const timers = new VirtualTimers();
    const fake = new FakeContainerizer({ timers });
    const ends: ContainerTermination[] = [];
    fake.start(place.spec('x', 'run=forever'), { launched: () => {}, ended: (end) => void ends.push(end) });
    fake.crash('x' as ContainerId, { kind: 'signaled', signal: 11, coreDumped: true });
    while (timers.step());
    expect(ends).toMatchObject([{ signal: 'SIGSEGV', killed: false }]);
  });
});
