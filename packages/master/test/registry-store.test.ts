/** The registry over a store: every kind of entry there and back, batches, and what ends a master. */
import { MemoryShelf, MemoryStore, type Store } from '@mesolite/coordination';
import { MetricsRegistry } from '@mesolite/daemon';
import { describe, expect, it } from 'vitest';
import type { RecoveredRegistry, RegistryOperation } from '../src/core/index.ts';
import { RegistryStore } from '../src/host/registry-store.ts';
import { agentInfo } from './registry-samples.ts';

const OPERATIONS: readonly RegistryOperation[] = [
  { kind: 'admit-agent', info: agentInfo('a1') },
  { kind: 'admit-agent', info: agentInfo('a2') },
  { kind: 'admit-agent', info: agentInfo('a3') },
  { kind: 'update-agent', info: { ...agentInfo('a1'), hostname: 'renamed' } },
  { kind: 'mark-agent-unreachable', agentId: agentInfo('a2').id.value, wallMs: 1_700_000_000_123 },
  { kind: 'mark-agent-unreachable', agentId: agentInfo('a3').id.value, wallMs: 1_700_000_000_456 },
  { kind: 'mark-agent-reachable', info: agentInfo('a3') },
  {
    kind: 'update-weights',
    weights: [
      { role: 'dev', weight: 2.5 },
      { role: 'eng/web', weight: 0.5 },
    ],
  },
  {
    kind: 'update-quota',
    configs: [
      { role: 'dev', limits: { cpus: { value: 2 } } },
      { role: 'gone', limits: { cpus: { value: 1 } } },
    ],
  },
  { kind: 'update-quota', configs: [{ role: 'gone' }] },
  {
    kind: 'update-maintenance-schedule',
    schedule: { windows: [{ machine_ids: [{ hostname: 'h1' }], unavailability: { start: { nanoseconds: 5n } } }] },
  },
  { kind: 'start-maintenance', machines: [{ hostname: 'h1' }] },
] as readonly RegistryOperation[];

function registryOn(store: Store): RegistryStore {
  return new RegistryStore({ store, metrics: new MetricsRegistry() });
}

async function recovered(store: Store): Promise<RecoveredRegistry> {
  const registry = await registryOn(store).recover();
  if (!registry.ok) throw new Error(registry.error);
  return registry.value;
}

function apply(registry: RegistryStore, operation: RegistryOperation): Promise<string | undefined> {
  return new Promise((resolve) => registry.apply(operation, resolve));
}

describe('the registry', () => {
  it('is read back as it was left, after each operation', async () => {
    const shelf = new MemoryShelf();
    const registry = registryOn(new MemoryStore(shelf));
    await registry.recover();
    for (const operation of OPERATIONS) {
      expect(await apply(registry, operation)).toBeUndefined();
      const copy = new MemoryShelf();
      for (const [key, value] of shelf.contents) copy.contents.set(key, value);
      const reader = registryOn(new MemoryStore(copy));
      await reader.recover();
      expect(reader.toProto()).toEqual(registry.toProto());
    }
    const left = await recovered(new MemoryStore(shelf));
    expect(left.admitted.map(({ id, hostname }) => [id?.value, hostname]).sort()).toEqual([
      ['a1', 'renamed'],
      ['a3', 'host'],
    ]);
    expect(left.unreachable).toEqual([{ agentId: 'a2', wallMs: 1_700_000_000_123 }]);
    expect(left.quotas?.map(({ role }) => role)).toEqual(['dev']);
    expect(left.machines).toMatchObject([{ id: { hostname: 'h1' }, mode: 'DOWN' }]);
    expect([...shelf.contents.keys()].sort()).toEqual([
      'agents/admitted/a1',
      'agents/admitted/a3',
      'agents/unreachable/a2',
      'maintenance',
      'minimum-capabilities/QUOTA_V2',
      'quota/dev',
      'weights/dev',
      'weights/eng/web',
    ]);
  });

  it('writes together what comes while a write is under way, and answers in order', async () => {
    const store = new SlowStore();
    const registry = registryOn(store);
    await registry.recover();
    const answers: number[] = [];
    const all = Array.from({ length: 50 }, (_, i) =>
      apply(registry, { kind: 'admit-agent', info: agentInfo(`a${i}`) }).then(() => answers.push(i)),
    );
    await store.finish();
    await store.finish();
    await Promise.all(all);
    expect(store.sizes).toEqual([50]);
    expect(answers).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it('cuts what is too much for one write', async () => {
    const store = new SlowStore();
    const registry = registryOn(store);
    await registry.recover();
    const large = { ...agentInfo('a'), hostname: 'h'.repeat(100_000) };
    const all = Array.from({ length: 12 }, (_, i) =>
      apply(registry, { kind: 'admit-agent', info: { ...large, id: { value: `a${i}` } } }),
    );
    for (let i = 0; i < 4; i++) await store.finish();
    await Promise.all(all);
    expect(store.sizes).toEqual([5, 5, 2]);
  });

  it('writes nothing after a write that failed, and says so to all', async () => {
    const shelf = new MemoryShelf();
    const registry = registryOn(new MemoryStore(shelf));
    await registry.recover();
    await new MemoryStore(shelf).open();
    const first = await apply(registry, { kind: 'admit-agent', info: agentInfo('a1') });
    expect(first).toContain('another master leads');
    expect(await apply(registry, { kind: 'admit-agent', info: agentInfo('a2') })).toBe(first);
    expect(shelf.contents.size).toBe(0);
  });

  it.each([
    ['agents/admitted/a1', Buffer.from([0xff, 0xff]), "'agents/admitted/a1' is damaged"],
    ['somebody/else', Buffer.from('x'), "'somebody/else' is no entry of a registry"],
    ['minimum-capabilities/TIME_TRAVEL', Buffer.from('x'), 'capabilities TIME_TRAVEL, which this version lacks'],
  ])('is refused with %s in it, and left alone', async (key, value, why) => {
    const shelf = new MemoryShelf();
    shelf.contents.set(key, value);
    const refused = await registryOn(new MemoryStore(shelf)).recover();
    expect(!refused.ok && refused.error).toContain(why);
    expect([...shelf.contents]).toEqual([[key, value]]);
  });
});

/** Writes one at a time, when told to. */
class SlowStore extends MemoryStore {
  readonly sizes: number[] = [];
  #waiting: (() => void)[] = [];

  override async write(changes: Parameters<MemoryStore['write']>[0]): ReturnType<MemoryStore['write']> {
    this.sizes.push(changes.size);
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return super.write(changes);
  }

  /** Lets the write that waits, if any, come to its end. */
  async finish(): Promise<void> {
    for (let turns = 0; turns < 20; turns++) await Promise.resolve();
    this.#waiting.shift()?.();
    for (let turns = 0; turns < 20; turns++) await Promise.resolve();
  }
}
