/** The checkers of promises by themselves: what is on disk, what is durable, what was started and how it ended. */
import type { AgentEffect } from '@mesolite/agent/core';
import type { AgentId } from '@mesolite/base';
import {
  type AgentInfo,
  AgentReregisteredMessage,
  StatusUpdateMessage,
  StatusUpdateRecord,
  type TaskState,
  type TaskStatus,
  wireName,
} from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { RegistryWatch, TaskLedger, Violation, VirtualDisk } from '../src/index.ts';

const EMPTY = { admitted: [], unreachable: [], gone: [] };
const AGENT: AgentInfo = { id: { value: 'a1' }, hostname: 'h', resources: [] };
const agentId = 'a1' as AgentId;

describe('the watch over the registry', () => {
  function watch(): RegistryWatch {
    const it = new RegistryWatch();
    it.registryOpened(1, EMPTY);
    return it;
  }

  it('finds that a durable admission is lost by the next master', () => {
    const it = watch();
    it.registryApplied(1, { kind: 'admit-agent', info: AGENT });
    it.registryAnswered(1, { kind: 'admit-agent', info: AGENT });
    expect(() => it.registryOpened(2, EMPTY)).toThrow('as nothing, and a master was told that it is admitted');
  });

  it('takes what was written and never answered, either way', () => {
    const it = watch();
    it.registryApplied(1, { kind: 'admit-agent', info: AGENT });
    it.registryOpened(2, { ...EMPTY, admitted: [AGENT] });
    it.registryApplied(2, { kind: 'mark-agent-unreachable', agentId, wallMs: 1 });
    it.registryOpened(3, { ...EMPTY, unreachable: [{ agentId, wallMs: 1 }] });
  });

  it('finds a write of a master that does not hold the registry', () => {
    const it = watch();
    it.registryOpened(2, EMPTY);
    expect(() => it.registryApplied(1, { kind: 'admit-agent', info: AGENT })).toThrow('and 2 holds the registry');
  });

  it('finds that an agent is told it is registered before that is durable, and that a gone one comes back', () => {
    const it = watch();
    const observer = it.observer();
    observer.masterStarted?.(1);
    const body = AgentReregisteredMessage.encode({ agent_id: { value: 'a1' } });
    const tell = (): void =>
      observer.masterEffect?.({
        kind: 'send',
        from: 'master',
        to: 'p',
        name: wireName(AgentReregisteredMessage),
        body,
      });
    it.registryApplied(1, { kind: 'admit-agent', info: AGENT });
    expect(tell).toThrow('which is nothing in the registry');
    it.registryAnswered(1, { kind: 'admit-agent', info: AGENT });
    expect(tell).not.toThrow();
    it.registryApplied(1, { kind: 'mark-agent-gone', agentId, wallMs: 1 });
    expect(() => it.registryApplied(1, { kind: 'mark-agent-reachable', info: AGENT })).toThrow('gone for ever');
  });
});

describe('the ledger of tasks', () => {
  const status = (state: TaskState, uuid: number, source: TaskStatus['source'] = 'SOURCE_EXECUTOR'): TaskStatus => ({
    task_id: { value: 't' },
    state,
    source,
    uuid: Buffer.alloc(16, uuid),
  });
  const update = (uuid: number) => ({
    framework_id: { value: 'f' },
    status: status('TASK_RUNNING', uuid),
    timestamp: 0,
    uuid: Buffer.alloc(16, uuid),
  });
  const told = (uuid: number): AgentEffect => ({
    kind: 'send',
    to: 'master@x',
    name: wireName(StatusUpdateMessage),
    body: StatusUpdateMessage.encode({ update: update(uuid), pid: 'p' }),
  });
  const written = (uuid: number): AgentEffect => {
    const record = StatusUpdateRecord.encode({ type: 'UPDATE', update: update(uuid) });
    const length = Buffer.alloc(4);
    length.writeUInt32LE(record.length);
    return { kind: 'append-file', path: '/x/task.updates', data: Buffer.concat([length, record]) };
  };
  function careful(): TaskLedger {
    const ledger = new TaskLedger();
    const framework = { user: 'u', name: 'f', id: { value: 'f' }, checkpoint: true };
    const task = { name: 't', task_id: { value: 't' }, agent_id: { value: 'a' }, resources: [] };
    ledger.agentInput('a', { kind: 'run-task', from: 'm', message: { framework, task, pid: '' } });
    return ledger;
  }

  it('finds an update that is told before it is written', () => {
    const ledger = careful();
    ledger.agentEffect('a', written(1));
    expect(() => ledger.agentEffect('a', told(1))).not.toThrow();
    expect(() => ledger.agentEffect('a', told(2))).toThrow('before it is on disk');
  });

  it('finds that an executor is thanked before, and that nobody heard in the end', () => {
    const ledger = careful();
    const call = (uuid: number): void =>
      ledger.agentInput('a', {
        kind: 'executor-called',
        connection: 1,
        call: {
          type: 'UPDATE',
          framework_id: { value: 'f' },
          executor_id: { value: 'e' },
          update: { status: status('TASK_FINISHED', uuid) },
        },
      });
    const thank = (uuid: number): void =>
      ledger.agentEffect('a', {
        kind: 'stream-event',
        connection: 1,
        event: { type: 'ACKNOWLEDGED', acknowledged: { task_id: { value: 't' }, uuid: Buffer.alloc(16, uuid) } },
      });
    call(1);
    expect(() => thank(1)).toThrow(Violation);
    ledger.agentEffect('a', written(1));
    thank(1);
    expect(ledger.unheard()).toEqual(['f t on a']);
    ledger.agentStarted('a', true);
    expect(ledger.unheard()).toEqual(['f t on a']);
    ledger.frameworkUpdated('f', status('TASK_FINISHED', 1));
    expect(ledger.unheard()).toEqual([]);
  });

  it('finds a task that is started twice, wherever', () => {
    const ledger = careful();
    ledger.taskStarted('a', 'f', 't');
    ledger.taskStopped('a', 'f', 't');
    expect(() => ledger.taskStarted('b', 'f', 't')).toThrow('has been on a before');
  });

  it('finds a second end, and lets an agent say again that it knows nothing', () => {
    const ledger = careful();
    ledger.frameworkUpdated('f', status('TASK_FINISHED', 1));
    ledger.frameworkUpdated('f', status('TASK_FINISHED', 1));
    ledger.frameworkUpdated('f', status('TASK_LOST', 2, 'SOURCE_AGENT'));
    expect(ledger.endOf('f', 't')).toBe('TASK_FINISHED');
    expect(() => ledger.frameworkUpdated('f', status('TASK_KILLED', 3))).toThrow('has ended as TASK_FINISHED');
  });
});

describe('a simulated disk', () => {
  it('keeps files, links and ages, and takes nothing when it is full', () => {
    let nowMs = 0;
    const disk = new VirtualDisk(() => nowMs);
    disk.append('/disk/a/b', Buffer.from('x'));
    disk.append('/disk/a/b', Buffer.from('y'));
    disk.symlink('/disk/latest', '/disk/a');
    nowMs = 5;
    expect(disk.read('/disk/a/b')?.toString()).toBe('xy');
    expect(disk.list('/disk')).toEqual(['a', 'latest']);
    expect(disk.ageOf('/disk/a')).toBe(5);
    disk.full = true;
    expect(disk.write('/disk/a/c', Buffer.from('z'))).toBe(false);
    disk.remove('/disk/a');
    expect([disk.read('/disk/a/b'), disk.linkAt('/disk/latest')]).toEqual([undefined, '/disk/a']);
  });
});
