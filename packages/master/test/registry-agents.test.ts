/** The registry: agents out of service, gone or forgotten, and frameworks that may fail over, there and back. */
import type { AgentId, FrameworkId } from '@mesolite/base';
import { MemoryShelf, MemoryStore } from '@mesolite/coordination';
import { MetricsRegistry } from '@mesolite/daemon';
import type { FrameworkInfo } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { type RecoveredRegistry, RegistryContents, type RegistryOperation } from '../src/core/index.ts';
import { RegistryStore } from '../src/host/registry-store.ts';
import { agentInfo } from './registry-samples.ts';

const ID = (id: string): AgentId => id as AgentId;
const GRACE = { max_grace_period: { nanoseconds: 10_000_000_000n }, mark_gone: false };
const FRAMEWORK: FrameworkInfo = { id: { value: 'f' }, user: 'u', name: 'f', failover_timeout: 60 };

/** Applied to a registry on a store; what another one reads from that store afterwards. */
async function stored(operations: readonly RegistryOperation[]) {
  const shelf = new MemoryShelf();
  const registry = new RegistryStore({ store: new MemoryStore(shelf), metrics: new MetricsRegistry() });
  await registry.recover();
  const memory = new RegistryContents();
  for (const operation of operations) {
    memory.apply(operation);
    await new Promise((resolve) => registry.apply(operation, resolve));
  }
  const reader = new RegistryStore({ store: new MemoryStore(shelf), metrics: new MetricsRegistry() });
  const read = await reader.recover();
  if (!read.ok) throw new Error(read.error);
  expect(reader.toProto()).toEqual(registry.toProto());
  return { read: read.value, memory: memory.read(), proto: reader.toProto(), keys: [...shelf.contents.keys()].sort() };
}

/** What matters here, in an order that does not depend on the store's. */
function outline(registry: RecoveredRegistry) {
  const sorted = <T extends { readonly agentId: AgentId }>(list: readonly T[] = []): T[] =>
    [...list].sort((a, b) => (a.agentId < b.agentId ? -1 : 1));
  return {
    admitted: registry.admitted.map(({ id }) => id?.value).sort(),
    unreachable: sorted(registry.unreachable),
    gone: sorted(registry.gone),
    deactivated: sorted(registry.deactivated),
    frameworks: registry.frameworks,
  };
}

const ADMIT: readonly RegistryOperation[] = ['a1', 'a2'].map((id) => ({ kind: 'admit-agent', info: agentInfo(id) }));

describe('agents out of service', () => {
  it('are remembered with what they are to do, and asked of every later master', async () => {
    const { read, memory, proto, keys } = await stored([
      ...ADMIT,
      { kind: 'deactivate-agent', agentId: ID('a1') },
      { kind: 'drain-agent', agentId: ID('a2'), config: GRACE },
    ]);
    expect(outline(read)).toEqual(outline(memory));
    expect(outline(read).deactivated).toEqual([
      { agentId: 'a1', drain: undefined },
      { agentId: 'a2', drain: { state: 'DRAINING', config: GRACE } },
    ]);
    expect(keys).toContain('minimum-capabilities/AGENT_DRAINING');
    expect(proto.minimum_capabilities).toEqual([{ capability: 'AGENT_DRAINING' }]);
    expect(proto.agents?.agents?.map(({ deactivated, drain_info }) => [deactivated, drain_info?.state])).toEqual([
      [true, undefined],
      [true, 'DRAINING'],
    ]);
  });

  it('stay so when they are lost and when they return', async () => {
    const lost: RegistryOperation[] = [
      ...ADMIT,
      { kind: 'drain-agent', agentId: ID('a1'), config: GRACE },
      { kind: 'mark-agent-drained', agentId: ID('a1') },
      { kind: 'mark-agent-unreachable', agentId: ID('a1'), wallMs: 5000 },
    ];
    const away = await stored(lost);
    expect(away.proto.unreachable?.agents).toMatchObject([{ deactivated: true, drain_info: { state: 'DRAINED' } }]);
    expect(outline(away.read)).toEqual(outline(away.memory));
    const back = await stored([...lost, { kind: 'mark-agent-reachable', info: agentInfo('a1') }]);
    expect(back.read.deactivated).toEqual([{ agentId: 'a1', drain: { state: 'DRAINED', config: GRACE } }]);
    expect(back.read.unreachable).toEqual([]);
  });

  it('can be drained, and taken back, while they are unreachable', async () => {
    const lost: RegistryOperation[] = [
      ...ADMIT,
      { kind: 'mark-agent-unreachable', agentId: ID('a1'), wallMs: 5000 },
      { kind: 'drain-agent', agentId: ID('a1'), config: GRACE },
    ];
    expect((await stored(lost)).read.deactivated).toEqual([
      { agentId: 'a1', drain: { state: 'DRAINING', config: GRACE } },
    ]);
    const back = await stored([...lost, { kind: 'reactivate-agent', agentId: ID('a1') }]);
    expect(back.read.deactivated).toEqual([]);
    expect(back.proto.minimum_capabilities).toEqual([]);
  });

  it('keep their drain when they are deactivated besides', async () => {
    const { read } = await stored([
      ...ADMIT,
      { kind: 'drain-agent', agentId: ID('a1'), config: GRACE },
      { kind: 'deactivate-agent', agentId: ID('a1') },
    ]);
    expect(read.deactivated).toEqual([{ agentId: 'a1', drain: { state: 'DRAINING', config: GRACE } }]);
  });

  it('are nobody the registry does not know', async () => {
    const { read, keys } = await stored([
      { kind: 'deactivate-agent', agentId: ID('a1') },
      { kind: 'drain-agent', agentId: ID('a1'), config: GRACE },
      { kind: 'mark-agent-drained', agentId: ID('a1') },
      { kind: 'reactivate-agent', agentId: ID('a1') },
    ]);
    expect(read.deactivated).toEqual([]);
    expect(keys).toEqual([]);
  });

  it('leave nothing behind when they are removed', async () => {
    const { read } = await stored([
      ...ADMIT,
      { kind: 'drain-agent', agentId: ID('a1'), config: GRACE },
      { kind: 'remove-agent', agentId: ID('a1') },
      { kind: 'admit-agent', info: agentInfo('a1') },
    ]);
    expect(read.deactivated).toEqual([]);
  });
});

describe('agents that are gone', () => {
  it.each([
    ['admitted', []],
    ['unreachable', [{ kind: 'mark-agent-unreachable', agentId: ID('a1'), wallMs: 5000 }]],
    ['being drained', [{ kind: 'drain-agent', agentId: ID('a1'), config: GRACE }]],
  ] as readonly (readonly [
    string,
    RegistryOperation[],
  ])[])('were %s before, and are nothing else now', async (_was, before) => {
    const { read, memory, proto } = await stored([
      ...ADMIT,
      ...before,
      { kind: 'mark-agent-gone', agentId: ID('a1'), wallMs: 7000 },
    ]);
    expect(outline(read)).toEqual(outline(memory));
    expect(outline(read)).toEqual({
      admitted: ['a2'],
      unreachable: [],
      gone: [{ agentId: 'a1', wallMs: 7000 }],
      deactivated: [],
      frameworks: [],
    });
    expect(proto.gone?.agents).toEqual([{ id: { value: 'a1' }, timestamp: { nanoseconds: 7_000_000_000n } }]);
  });

  it('are forgotten by name, those that are in another state by then stay', async () => {
    const { read } = await stored([
      ...ADMIT,
      { kind: 'admit-agent', info: agentInfo('a3') },
      { kind: 'mark-agent-gone', agentId: ID('a1'), wallMs: 1 },
      { kind: 'mark-agent-unreachable', agentId: ID('a2'), wallMs: 2 },
      { kind: 'mark-agent-unreachable', agentId: ID('a3'), wallMs: 3 },
      { kind: 'deactivate-agent', agentId: ID('a2') },
      { kind: 'mark-agent-reachable', info: agentInfo('a3') },
      { kind: 'prune-agents', unreachable: [ID('a2'), ID('a3'), ID('nobody')], gone: [ID('a1')] },
    ]);
    expect(outline(read)).toMatchObject({ admitted: ['a3'], unreachable: [], gone: [], deactivated: [] });
  });
});

describe('frameworks that may fail over', () => {
  it('are remembered until they are forgotten', async () => {
    const record = (memory: object): RegistryOperation => ({
      kind: 'record-framework',
      frameworkId: 'f' as FrameworkId,
      memory: { info: FRAMEWORK, ...memory },
    });
    const steps = [
      record({}),
      record({ failoverWallMs: 1_700_000_060_000 }),
      record({ removedWallMs: 1_700_000_070_000 }),
    ];
    for (let count = 1; count <= steps.length; count++) {
      const { read, memory, keys } = await stored(steps.slice(0, count));
      expect(read.frameworks).toEqual(memory.frameworks);
      expect(keys).toEqual(['frameworks/f']);
    }
    const forget: RegistryOperation = { kind: 'forget-framework', frameworkId: 'f' as FrameworkId };
    const { read, keys } = await stored([...steps, forget, forget]);
    expect(read.frameworks).toEqual([]);
    expect(keys).toEqual([]);
  });
});
