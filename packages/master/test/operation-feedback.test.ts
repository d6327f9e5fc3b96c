import type { FrameworkId } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import {
  AcknowledgeOperationStatusMessage,
  type AgentInfoCapability,
  CheckpointResourcesMessage,
  type OperationStatus,
  PingAgentMessage,
  ReconcileOperationsMessage,
  type Resource,
  ShutdownMessage,
} from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { AGENT_CAPABILITIES, CoreHarness, frameworkInfo, scalar, sent } from './core-harness.ts';

import {
  AGENT_TOTAL,
  accept,
  acknowledge,
  CAPABILITIES,
  type Cluster,
  cluster,
  named,
  OUTCOME,
  operations,
  reconcile,
  report,
  reserve,
  reserved,
  statuses,
  totalOf,
  VERSION,
  volume,
} from './operation-cluster.ts';

describe('feedback', () => {
  it('comes to the framework, which acknowledges it to the agent', () => {
    const all = cluster();
    accept(all, [named('x', reserve(reserved('cpus', 1)))]);
    expect(operations(all)).toMatchObject([{ latest_status: { state: 'OPERATION_PENDING' } }]);
    const [told] = statuses(report(all), all.scheduler);
    expect(told).toMatchObject({
      operation_id: { value: 'x' },
      state: 'OPERATION_FINISHED',
      agent_id: { value: all.agent.id },
    });
    const uuid = operations(all)[0]?.uuid.value;
    const [message] = sent(acknowledge(all, 'x'), all.agent.pid, AcknowledgeOperationStatusMessage);
    expect(Buffer.from(message?.operation_uuid.value ?? [])).toEqual(Buffer.from(uuid ?? []));
    expect(Buffer.from(message?.status_uuid.value ?? [])).toEqual(OUTCOME);
    expect(operations(all)).toEqual([]);
  });

  it.each([
    ['of an operation that is not known', 'y', OUTCOME],
    ['of a status that was not told', 'x', Buffer.alloc(16, 1)],
  ])('acknowledged %s is ignored', (_, id, uuid) => {
    const all = cluster();
    accept(all, [named('x', reserve(reserved('cpus', 1)))]);
    report(all);
    expect(sent(acknowledge(all, id, uuid), all.agent.pid, AcknowledgeOperationStatusMessage)).toEqual([]);
    expect(operations(all)).toHaveLength(1);
    expect(all.harness.metric('master/invalid_operation_status_update_acknowledgements')).toBe(1);
  });

  it('that nobody asked for is acknowledged by the master', () => {
    const all = cluster();
    accept(all, [reserve(reserved('cpus', 1))]);
    const effects = report(all);
    expect(statuses(effects, all.scheduler)).toEqual([]);
    expect(sent(effects, all.agent.pid, AcknowledgeOperationStatusMessage)).toHaveLength(1);
    expect(operations(all)).toEqual([]);
  });

  it('for a framework that has ended is acknowledged by the master', () => {
    const all = cluster();
    accept(all, [named('x', reserve(reserved('cpus', 1)))]);
    all.harness.call(all.scheduler, { type: 'TEARDOWN' });
    expect(sent(report(all), all.agent.pid, AcknowledgeOperationStatusMessage)).toHaveLength(1);
    expect(operations(all)).toEqual([]);
  });

  it('without a uuid ends the operation at once', () => {
    const all = cluster();
    accept(all, [named('x', reserve(reserved('cpus', 1)))]);
    expect(statuses(report(all, 'OPERATION_DROPPED', 'none'), all.scheduler)).toMatchObject([
      { operation_id: { value: 'x' }, state: 'OPERATION_DROPPED' },
    ]);
    expect(operations(all)).toEqual([]);
  });

  it('can be asked for again, without a uuid', () => {
    const all = cluster();
    accept(all, [named('x', reserve(reserved('cpus', 1)))]);
    report(all);
    const [status] = reconcile(all, []);
    expect(status).toMatchObject({ state: 'OPERATION_FINISHED', operation_id: { value: 'x' } });
    expect(status?.uuid).toBeUndefined();
    const agent_id = { value: all.agent.id };
    expect(
      reconcile(all, [
        { operation_id: { value: 'x' }, agent_id },
        { operation_id: { value: 'y' }, agent_id },
      ]).map(({ state }) => state),
    ).toEqual(['OPERATION_FINISHED', 'OPERATION_UNKNOWN']);
  });

  it('for a framework that ended so long ago that it is forgotten is acknowledged by the master', () => {
    const all = cluster({ options: { maxCompletedFrameworks: 1 } });
    accept(all, [named('x', reserve(reserved('cpus', 1)))]);
    all.harness.call(all.scheduler, { type: 'TEARDOWN' });
    all.harness.call(all.harness.subscribe(), { type: 'TEARDOWN' });
    expect(all.harness.core.state.frameworks.completed.has(all.scheduler.id as FrameworkId)).toBe(false);
    expect(sent(report(all), all.agent.pid, AcknowledgeOperationStatusMessage)).toHaveLength(1);
    expect(operations(all)).toEqual([]);
  });

  it('goes with the agent, and is told of when that may come back', () => {
    const all = cluster();
    accept(all, [named('x', reserve(reserved('cpus', 1))), reserve(reserved('cpus', 1))]);
    const effects = all.harness.advance(200_000);
    expect(all.harness.core.state.agents.unreachable.has(all.agent.id)).toBe(true);
    expect(statuses(effects, all.scheduler)).toEqual([
      {
        operation_id: { value: 'x' },
        state: 'OPERATION_UNREACHABLE',
        message: 'Agent was marked unreachable',
        agent_id: { value: all.agent.id },
      },
    ]);
    expect(operations(all)).toEqual([]);
    expect(all.harness.metric('master/operations/unreachable')).toBe(2);
    expect(all.harness.metric('master/operations/gone_by_operator')).toBe(0);
  });

  it('goes with an agent that unregisters, and counts as nothing', () => {
    const all = cluster();
    accept(all, [named('x', reserve(reserved('cpus', 1)))]);
    const message = { agent_id: { value: all.agent.id } };
    const effects = all.harness.step({ kind: 'unregister-agent', from: all.agent.pid, message });
    expect(operations(all)).toEqual([]);
    expect(statuses(effects, all.scheduler)).toEqual([]);
    for (const state of ['pending', 'unreachable', 'gone_by_operator'])
      expect(all.harness.metric(`master/operations/${state}`), state).toBe(0);
  });
});

describe('an agent that returns', () => {
  function returns(
    all: Cluster,
    checkpointed: Resource[],
    capabilities: readonly AgentInfoCapability[] = CAPABILITIES,
  ) {
    return all.harness.step({
      kind: 'reregister-agent',
      from: all.agent.pid,
      message: {
        agent: {
          id: { value: all.agent.id },
          hostname: 'localhost',
          port: 5051,
          resources: AGENT_TOTAL,
          checkpoint: true,
        },
        checkpointed_resources: checkpointed,
        version: '1.12.0',
        agent_capabilities: [...capabilities],
        resource_version_uuid: { value: VERSION },
      },
    });
  }

  it('knows better what it has, and is asked about operations it does not tell of', () => {
    const all = cluster();
    accept(all, [named('x', reserve(reserved('cpus', 1)))]);
    all.harness.step({ kind: 'link-exited', pid: all.agent.pid });
    returns(all, []);
    expect(totalOf(all).reserved().isEmpty).toBe(true);
    const effects = all.harness.step({
      kind: 'update-agent',
      from: all.agent.pid,
      message: { agent_id: { value: all.agent.id }, operations: {}, resource_version_uuid: { value: VERSION } },
    });
    expect(sent(effects, all.agent.pid, ReconcileOperationsMessage)[0]?.operations).toHaveLength(1);
    const told = statuses(report(all, 'OPERATION_DROPPED', 'none'), all.scheduler);
    expect(told).toMatchObject([{ operation_id: { value: 'x' }, state: 'OPERATION_DROPPED' }]);
    expect(operations(all)).toEqual([]);
    expect(totalOf(all).equals(Resources.from(AGENT_TOTAL))).toBe(true);
    all.harness.advanceAlive(5_000);
    const offered = Resources.sum(all.harness.offers(all.scheduler).map(({ resources }) => Resources.from(resources)));
    expect(offered.unallocate().equals(Resources.from(AGENT_TOTAL))).toBe(true);
  });

  it.each([
    ['that came to it before it returned, and of which it tells, is counted already', true],
    ['that came to it late, over an old connection, is asked to return once more', false],
  ])('and applied an operation %s', (_, tells) => {
    const all = cluster();
    const { harness, agent } = all;
    accept(all, [named('x', reserve(reserved('cpus', 1)))]);
    const [operation] = operations(all);
    harness.step({ kind: 'link-exited', pid: agent.pid });
    returns(all, tells ? [reserved('cpus', 1)] : []);
    const known = tells && operation !== undefined ? [operation] : [];
    const message = { agent_id: { value: agent.id }, operations: { operations: known } };
    harness.step({ kind: 'update-agent', from: agent.pid, message });
    harness.offers(all.scheduler);
    const effects = report(all);
    expect(statuses(effects, all.scheduler)).toMatchObject([{ state: 'OPERATION_FINISHED' }]);
    expect(sent(effects, agent.pid, PingAgentMessage)).toEqual(tells ? [] : [{ connected: false }]);
    expect(harness.core.state.offers.size).toBe(tells ? 1 : 0);
    acknowledge(all, 'x');
    returns(all, [reserved('cpus', 1)]);
    expect(totalOf(all).reserved('dev').scalar('cpus')).toBe(1);
    const offered = Resources.sum(harness.offers(all.scheduler).map(({ resources }) => Resources.from(resources)));
    expect(offered.unallocate().equals(totalOf(all))).toBe(true);
    // Once is enough.
    harness.step({ kind: 'update-agent', from: agent.pid, message });
    expect(sent(report(all), agent.pid, PingAgentMessage)).toEqual([]);
  });

  it('without the ability to be told of acknowledgements leaves no ended operation behind', () => {
    const all = cluster();
    accept(all, [named('x', reserve(reserved('cpus', 1)))]);
    accept(all, [named('y', reserve(reserved('mem', 64)))]);
    report(all);
    expect(operations(all).map(({ latest_status }) => latest_status?.state)).toEqual([
      'OPERATION_FINISHED',
      'OPERATION_PENDING',
    ]);
    all.harness.step({ kind: 'link-exited', pid: all.agent.pid });
    returns(all, [], [...AGENT_CAPABILITIES, { type: 'RESOURCE_PROVIDER' }]);
    expect(operations(all).map(({ info }) => info.id?.value)).toEqual(['y']);
  });

  it('of old is told what it has to remember', () => {
    const all = cluster({ capabilities: AGENT_CAPABILITIES });
    accept(all, [reserve(reserved('cpus', 1))]);
    all.harness.step({ kind: 'link-exited', pid: all.agent.pid });
    const effects = returns(all, [], AGENT_CAPABILITIES);
    expect(totalOf(all).reserved('dev').scalar('cpus')).toBe(1);
    expect(sent(effects, all.agent.pid, CheckpointResourcesMessage)).toEqual([{ resources: [reserved('cpus', 1)] }]);
  });

  it('of old without what it has to remember is refused', () => {
    const all = cluster({ capabilities: AGENT_CAPABILITIES });
    accept(all, [reserve(reserved('disk', 100))]);
    all.harness.step({ kind: 'link-exited', pid: all.agent.pid });
    const effects = all.harness.step({
      kind: 'reregister-agent',
      from: all.agent.pid,
      message: {
        agent: {
          id: { value: all.agent.id },
          hostname: 'localhost',
          port: 5051,
          resources: [scalar('cpus', 8)],
          checkpoint: true,
        },
        version: '1.12.0',
        agent_capabilities: [...AGENT_CAPABILITIES],
      },
    });
    expect(sent(effects, all.agent.pid, ShutdownMessage)[0]?.message).toContain('Incompatible agent resources');
  });

  const uuid = { value: Buffer.alloc(16, 3) };

  function tellsOfItsOperation(all: Cluster): void {
    const latest: OperationStatus = {
      state: 'OPERATION_FINISHED',
      operation_id: { value: 'x' },
      uuid: { value: OUTCOME },
    };
    all.harness.step({
      kind: 'update-agent',
      from: all.agent.pid,
      message: {
        agent_id: { value: all.agent.id },
        operations: {
          operations: [
            {
              framework_id: { value: all.scheduler.id },
              info: named('x', reserve(reserved('disk', 50))),
              latest_status: latest,
              statuses: [latest],
              uuid,
            },
          ],
        },
      },
    });
  }

  it('to a new master brings reservations, volumes and operations with it', () => {
    const all = cluster();
    const other = { ...all, harness: new CoreHarness().start() };
    other.harness.subscribe(frameworkInfo({ roles: ['dev'], id: { value: all.scheduler.id } }));
    returns(other, [reserved('disk', 50), volume('v', 50)]);
    expect(totalOf(other).persistentVolumes().scalar('disk')).toBe(50);
    tellsOfItsOperation(other);
    expect(operations(other)).toMatchObject([{ uuid, latest_status: { state: 'OPERATION_FINISHED' } }]);
  });

  it.each([
    ['that is never heard of again are adopted', false],
    ['that comes back in time are its own', true],
  ])('to a new master: after ten minutes the operations of a framework %s', (_, comesBack) => {
    const all = cluster();
    const harness = new CoreHarness().start();
    const other = { ...all, harness };
    returns(other, [reserved('disk', 50)]);
    tellsOfItsOperation(other);
    harness.advanceAlive(599_000);
    expect(sent(report(other), all.agent.pid, AcknowledgeOperationStatusMessage)).toEqual([]);
    expect(operations(other)).toHaveLength(1);
    const info = frameworkInfo({ roles: ['dev'], id: { value: all.scheduler.id } });
    const scheduler = comesBack ? harness.subscribe(info) : all.scheduler;
    harness.advanceAlive(1_000);
    const effects = report(other);
    expect(sent(effects, all.agent.pid, AcknowledgeOperationStatusMessage)).toHaveLength(comesBack ? 0 : 1);
    expect(statuses(effects, scheduler)).toHaveLength(comesBack ? 1 : 0);
    expect(operations(other)).toHaveLength(comesBack ? 1 : 0);
  });
});
