/** The checkers by themselves: what they must find, and what they must let pass. */
import type { AgentEffect } from '@mesolite/agent/core';
import type { AgentId } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import {
  type AgentInfo,
  AgentRegisteredMessage,
  AgentReregisteredMessage,
  KillTaskMessage,
  type MessageType,
  type Offer,
  type Resource,
  RunTaskMessage,
  StatusUpdateMessage,
  type TaskState,
  wireName,
} from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { AgentLoad, MasterDues, OfferLedger, UpdateWatch, Violation } from '../src/index.ts';

const cpus = (value: number, role?: string): Resource => ({
  name: 'cpus',
  type: 'SCALAR',
  scalar: { value },
  ...(role !== undefined && { allocation_info: { role } }),
});
const AGENT: AgentInfo = { id: { value: 'a1' }, hostname: 'h', resources: [cpus(4)] };
const FRAMEWORK = { user: 'u', name: 'f', id: { value: 'f1' } };
const task = (id: string, value: number) => ({
  name: id,
  task_id: { value: id },
  agent_id: { value: 'a1' },
  resources: [cpus(value, 'dev')],
});
const update = (id: string, state: TaskState, uuid: number): StatusUpdateMessage => ({
  update: {
    framework_id: { value: 'f1' },
    status: { task_id: { value: id }, agent_id: { value: 'a1' }, state, uuid: Buffer.alloc(16, uuid) },
    timestamp: 0,
    uuid: Buffer.alloc(16, uuid),
  },
  pid: 'p',
});
const sent = (message: StatusUpdateMessage): AgentEffect => ({
  kind: 'send',
  to: 'master@x',
  name: wireName(StatusUpdateMessage),
  body: StatusUpdateMessage.encode(message),
});

describe('the ledger of offers', () => {
  function ledger(): { offer: (id: string, resources: Resource[]) => void; it: OfferLedger } {
    const it = new OfferLedger();
    it.masterEffect({ kind: 'write-registry', pending: 1, operation: { kind: 'admit-agent', info: AGENT } });
    const offer = (id: string, resources: Resource[]): void => {
      const made: Offer = {
        id: { value: id },
        framework_id: { value: 'f1' },
        agent_id: { value: 'a1' },
        hostname: 'h',
        allocation_info: { role: 'dev' },
        resources,
      };
      it.masterEffect({ kind: 'stream-event', connection: 7, event: { type: 'OFFERS', offers: { offers: [made] } } });
    };
    return { offer, it };
  }

  it('takes what fits', () => {
    const { offer } = ledger();
    offer('o1', [cpus(3, 'dev')]);
    offer('o2', [cpus(1, 'dev')]);
  });

  it('finds offers that together are more than the agent', () => {
    const { offer } = ledger();
    offer('o1', [cpus(3, 'dev')]);
    expect(() => offer('o2', [cpus(2, 'dev')])).toThrow(Violation);
  });

  it('lets go of an offer that is declined, rescinded, or whose stream ends', () => {
    const { offer, it: book } = ledger();
    offer('o1', [cpus(4, 'dev')]);
    const decline = { type: 'DECLINE' as const, decline: { offer_ids: [{ value: 'o1' }] } };
    book.masterInput({ kind: 'call-scheduler', connection: 9, call: decline });
    offer('o2', [cpus(4, 'dev')]);
    const rescind = { type: 'RESCIND' as const, rescind: { offer_id: { value: 'o2' } } };
    book.masterEffect({ kind: 'stream-event', connection: 7, event: rescind });
    offer('o3', [cpus(4, 'dev')]);
    book.masterInput({ kind: 'stream-closed', connection: 7 });
    offer('o4', [cpus(4, 'dev')]);
    expect(() => offer('o4', [])).toThrow('a second time');
  });

  it('counts tasks until their end', () => {
    const { offer, it: book } = ledger();
    const run = (id: string, value: number): void =>
      book.masterEffect({
        kind: 'send',
        from: 'master',
        to: 'agent',
        name: wireName(RunTaskMessage),
        body: RunTaskMessage.encode({ framework: FRAMEWORK, task: task(id, value), pid: '' }),
      });
    run('t1', 3);
    expect(() => offer('o1', [cpus(2, 'dev')])).toThrow('given away');
    const { it: other, offer: offerOther } = ledger();
    other.masterInput({ kind: 'status-updated', from: 'a', message: update('t1', 'TASK_FINISHED', 1) });
    offerOther('o1', [cpus(4, 'dev')]);
  });

  it('finds offers of agents nobody admitted, and of other roles', () => {
    const { offer } = ledger();
    expect(() => offer('o1', [cpus(1, 'ops')])).toThrow('not allocated to role dev');
    expect(() => new OfferLedger().masterStarted()).not.toThrow();
  });
});

describe('the load of agents', () => {
  const run = (load: AgentLoad, id: string, value: number, from = 'm'): void => {
    load.agentInput('a', { kind: 'leader-detected', leader: { pid: 'm', hostname: 'h' } });
    load.agentInput('a', { kind: 'run-task', from, message: { framework: FRAMEWORK, task: task(id, value), pid: '' } });
  };

  it('finds more tasks than the agent has room for, and one launched twice', () => {
    const load = new AgentLoad(new Map([['a', Resources.from([cpus(2)])]]));
    run(load, 't1', 1);
    run(load, 't1', 1, 'a master that led before');
    expect(() => run(load, 't1', 1)).toThrow('twice');
    expect(() => run(load, 't2', 1.5)).toThrow('is made to run');
  });

  it('has room again when a task ended or the agent is a new one', () => {
    const load = new AgentLoad(new Map([['a', Resources.from([cpus(2)])]]));
    run(load, 't1', 2);
    load.agentEffect('a', sent(update('t1', 'TASK_FINISHED', 1)));
    run(load, 't2', 2);
    load.agentStarted('a');
    run(load, 't3', 2);
    expect(load.remaining('a')).toEqual(['f1 t3']);
  });
});

describe('the watch over updates', () => {
  const running = update('t', 'TASK_RUNNING', 1);
  const finished = update('t', 'TASK_FINISHED', 2);

  it('takes repeated updates, and knows what was never heard', () => {
    const watch = new UpdateWatch();
    watch.agentEffect('a', sent(running));
    watch.agentEffect('a', sent(running));
    expect(watch.unheard()).toEqual(['f1 t']);
    watch.frameworkUpdated('f1', running.update.status);
    watch.frameworkUpdated('f1', running.update.status);
    watch.agentEffect('a', sent(finished));
    watch.frameworkUpdated('f1', running.update.status);
    watch.frameworkUpdated('f1', finished.update.status);
    expect(watch.unheard()).toEqual([]);
  });

  it('finds an update that is sent before the last one was heard', () => {
    const watch = new UpdateWatch();
    watch.agentEffect('a', sent(running));
    expect(() => watch.agentEffect('a', sent(finished))).toThrow(Violation);
  });

  it('finds an update from nowhere', () => {
    const watch = new UpdateWatch();
    watch.agentEffect('a', sent(running));
    expect(() => watch.frameworkUpdated('f1', finished.update.status)).toThrow('nobody sent');
  });

  it('expects nothing of an agent that lost its memory', () => {
    const watch = new UpdateWatch();
    watch.agentEffect('a', sent(running));
    watch.agentStarted('a', false);
    expect(watch.unheard()).toEqual([]);
    expect(() => watch.frameworkUpdated('f1', running.update.status)).not.toThrow();
  });
});

describe('the dues of a master', () => {
  const PID = 'agent@x';
  let nowMs = 0;
  const clock = { monotonicMs: () => nowMs };
  const send = <M extends object>(dues: MasterDues, type: MessageType<M>, message: M): void =>
    dues.masterEffect({ kind: 'send', from: 'master', to: PID, name: wireName(type), body: type.encode(message) });

  /** A master with one registered agent, an offer of it on stream 7, and a task on it. */
  function busy(): MasterDues {
    const dues = new MasterDues(clock);
    send(dues, AgentRegisteredMessage, { agent_id: { value: 'a1' } });
    const offer: Offer = {
      id: { value: 'o1' },
      framework_id: { value: 'f1' },
      agent_id: { value: 'a1' },
      hostname: 'h',
    };
    dues.masterEffect({ kind: 'stream-event', connection: 7, event: { type: 'OFFERS', offers: { offers: [offer] } } });
    send(dues, RunTaskMessage, { framework: FRAMEWORK, task: task('t1', 1), pid: '' });
    dues.masterRested();
    return dues;
  }

  it('are the offers of a disconnected agent', () => {
    const dues = busy();
    dues.masterInput({ kind: 'link-exited', pid: 'somebody@y' });
    dues.masterRested();
    dues.masterInput({ kind: 'link-exited', pid: PID });
    expect(() => dues.masterRested()).toThrow('stays out');
    const rescind = { type: 'RESCIND' as const, rescind: { offer_id: { value: 'o1' } } };
    dues.masterEffect({ kind: 'stream-event', connection: 7, event: rescind });
    dues.masterRested();
  });

  it('end with the stream the offers went out on', () => {
    const dues = busy();
    dues.masterInput({ kind: 'stream-closed', connection: 7 });
    dues.masterInput({ kind: 'link-exited', pid: PID });
    dues.masterRested();
  });

  function returning(dues: MasterDues): void {
    const kill = { task_id: { value: 't1' }, agent_id: { value: 'a1' } };
    dues.masterInput({
      kind: 'call-scheduler',
      connection: 9,
      call: { type: 'KILL', framework_id: { value: 'f1' }, kill },
    });
    const reported = { ...task('t1', 1), framework_id: { value: 'f1' }, state: 'TASK_RUNNING' as const };
    dues.masterInput({ kind: 'reregister-agent', from: PID, message: { agent: AGENT, tasks: [reported] } });
    dues.masterRested();
    send(dues, AgentReregisteredMessage, { agent_id: { value: 'a1' } });
  }

  it('are the kills a returning agent has missed', () => {
    const dues = busy();
    returning(dues);
    expect(() => dues.masterRested()).toThrow('not told to kill');
    send(dues, KillTaskMessage, { framework_id: { value: 'f1' }, task_id: { value: 't1' } });
    dues.masterRested();
  });

  it('are not kills of tasks the master has given up', () => {
    const dues = busy();
    const status = { task_id: { value: 't1' }, state: 'TASK_LOST' as const };
    dues.masterEffect({ kind: 'stream-event', connection: 7, event: { type: 'UPDATE', update: { status } } });
    returning(dues);
    dues.masterRested();
  });

  it('are agents that fall silent', () => {
    const dues = busy();
    nowMs += 90_000;
    dues.masterRested();
    nowMs += 20_000;
    expect(() => dues.masterRested()).toThrow('silent');
    const operation = { kind: 'mark-agent-unreachable' as const, agentId: 'a1' as AgentId, wallMs: 0 };
    dues.masterEffect({ kind: 'write-registry', pending: 1, operation });
    dues.masterRested();
  });
});
