/** Scripts of replays, from recordings made up for the purpose. */
import { describe, expect, it } from 'vitest';
import { scriptFor } from '../script.mjs';

const MASTER = 'master@127.0.0.1:5050';
const AGENT = 'slave(1)@127.0.0.1:5051';
const OBSERVER = 'slave-observer(1)@127.0.0.1:5050';
const EXECUTOR = 'executor(1)@127.0.0.1:7001';
const TO_MASTER = { id: 'master', port: 5050 };
const TO_AGENT = { id: 'slave(1)', port: 5051 };
const TO_EXECUTOR = { id: 'executor(1)', port: 7001 };

let clock = 0;

function message(from: string, to: { id: string; port: number }, name: string, value: object = {}): object {
  clock += 1;
  return { t: clock, flow: '000', kind: 'message', from, to, name: `mesos.internal.${name}`, value };
}

function update(from: string, to: { id: string; port: number }, state: string): object {
  return message(from, to, 'StatusUpdateMessage', { update: { status: { task_id: { value: 't' }, state } } });
}

/** `send X` and `expect X`, other kinds by themselves. */
function inWords(steps: readonly { kind: string; name?: string }[]): string[] {
  return steps.map(({ kind, name }) => (name === undefined ? kind : `${kind} ${name.replace('mesos.internal.', '')}`));
}

describe('a script', () => {
  const registration = [
    message(AGENT, TO_MASTER, 'RegisterSlaveMessage'),
    message(AGENT, TO_MASTER, 'RegisterSlaveMessage'),
    message(OBSERVER, TO_AGENT, 'PingSlaveMessage', { connected: true }),
    message(MASTER, TO_AGENT, 'SlaveRegisteredMessage'),
    message(AGENT, { id: 'slave-observer(1)', port: 5050 }, 'PongSlaveMessage'),
    message(MASTER, TO_AGENT, 'SlaveRegisteredMessage'),
  ];

  it('lets a stand-in agent try again once its first try was answered', () => {
    expect(inWords(scriptFor('master', registration))).toEqual([
      'send RegisterSlaveMessage',
      'expect PingSlaveMessage',
      'expect SlaveRegisteredMessage',
      'send RegisterSlaveMessage',
      'expect SlaveRegisteredMessage',
    ]);
  });

  it('expects of our agent one try, and sends it both answers', () => {
    expect(inWords(scriptFor('agent', registration))).toEqual([
      'expect RegisterSlaveMessage',
      'send PingSlaveMessage',
      'send SlaveRegisteredMessage',
      'expect PongSlaveMessage',
      'send SlaveRegisteredMessage',
    ]);
  });

  it('waits for two pings of a kind in a row, and for more after a return', () => {
    const ping = (connected: boolean): object => message(OBSERVER, TO_AGENT, 'PingSlaveMessage', { connected });
    const pings = [ping(true), ping(true), ping(true), ping(false), ping(true)];
    clock += 1;
    const deaths = [{ t: clock, who: 'master', kind: 'return' as const }];
    const steps: { kind: string; value: { connected: boolean } }[] = scriptFor(
      'master',
      [...pings, ping(true), ping(true), ping(true)],
      { deaths },
    );
    const said = steps.map(({ kind, value }) => (kind === 'expect' ? String(value.connected) : kind));
    expect(said).toEqual(['true', 'true', 'false', 'true', 'return', 'true', 'true']);
  });

  const executors = [
    message(EXECUTOR, TO_AGENT, 'RegisterExecutorMessage'),
    message(AGENT, TO_EXECUTOR, 'ExecutorRegisteredMessage'),
    update(EXECUTOR, TO_AGENT, 'TASK_RUNNING'),
    update(AGENT, TO_MASTER, 'TASK_RUNNING'),
    update(EXECUTOR, TO_AGENT, 'TASK_FINISHED'),
    update(AGENT, TO_MASTER, 'TASK_FINISHED'),
  ];

  it('plays executors that are custom ones', () => {
    expect(inWords(scriptFor('agent', executors))).toEqual([
      'send RegisterExecutorMessage',
      'expect ExecutorRegisteredMessage',
      'send StatusUpdateMessage',
      'expect StatusUpdateMessage',
      'send StatusUpdateMessage',
      'expect StatusUpdateMessage',
    ]);
  });

  it('ends the command where a built-in executor told its end', () => {
    expect(inWords(scriptFor('agent', executors, { builtInExecutors: true }))).toEqual([
      'expect StatusUpdateMessage',
      'end-command',
      'expect StatusUpdateMessage',
    ]);
    expect(inWords(scriptFor('master', executors))).toEqual(['send StatusUpdateMessage', 'send StatusUpdateMessage']);
  });

  it('leaves out what a scene says, calls without an answer, and the other daemon’s API', () => {
    const call = { t: clock + 100, flow: '002', kind: 'request', api: 'scheduler', request: {} };
    const moments = [
      message('scheduler-1@127.0.0.1:7002', TO_MASTER, 'RegisterFrameworkMessage'),
      message('scheduler-2@127.0.0.1:7003', TO_MASTER, 'RegisterFrameworkMessage'),
      { ...call, response: undefined },
      { ...call, response: {} },
    ];
    const leftOut = { port: 7003, names: ['mesos.internal.RegisterFrameworkMessage'] };
    expect(inWords(scriptFor('master', moments, { leftOut }))).toEqual(['send RegisterFrameworkMessage', 'request']);
    expect(inWords(scriptFor('agent', moments))).toEqual([]);
  });

  it('lets drivers and executors leave where they closed their end, and cuts off where it is told to', () => {
    const end = (port: number, by: string, t: number): object => ({ t, flow: `003_1-to-${port}`, kind: 'end', by });
    const moments = [end(7002, 'server', 1), end(7002, 'client', 2), end(5051, 'server', 3), end(7003, 'server', 9)];
    expect(scriptFor('master', moments, { until: 5 })).toEqual([{ t: 1, kind: 'leave', port: 7002 }]);
  });
});
