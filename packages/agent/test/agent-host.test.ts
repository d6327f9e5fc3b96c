/** The host keeps order: what follows a write waits for it, what precedes it does not. */
import { systemClock, systemTimers } from '@mesolite/daemon';
import type { Disk, Links } from '@mesolite/ports';
import { silentLog } from '@mesolite/ports';
import {
  AgentRegisteredMessage,
  PongAgentMessage,
  RegisterAgentMessage,
  StatusUpdateMessage,
  type TaskStatus,
  UpdateAgentMessage,
  UpdateOperationStatusMessage,
  wireName,
} from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import type { AgentOptions } from '../src/core/index.ts';
import { AgentHost } from '../src/host/agent-host.ts';
import { CoreHarness, MASTER, taskInfo } from './core-harness.ts';
import { apply, CAPABILITIES, create, FLAGS, volume } from './operation-messages.ts';
import { customExecutor, framework } from './tasks.ts';
import { until } from './until.ts';

interface Write {
  readonly path: string;
  readonly done: () => void;
  readonly failed: (error: Error) => void;
}

/** A disk whose writes end when the test says so. */
class SlowDisk implements Disk {
  readonly writes: Write[] = [];

  writeAtomic(path: string): Promise<void> {
    return new Promise((done, failed) => {
      this.writes.push({ path, done, failed });
    });
  }
  append(path: string): Promise<void> {
    return this.writeAtomic(path);
  }
  symlink(_target: string, path: string): Promise<void> {
    return this.writeAtomic(path);
  }
  read(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
  list(): Promise<string[]> {
    return Promise.resolve([]);
  }
  remove(): Promise<void> {
    return Promise.resolve();
  }
  makeDirectory(): Promise<void> {
    return Promise.resolve();
  }
}

function hosted(options: Partial<AgentOptions> = {}) {
  const hosting = around(new CoreHarness({ registrationBackoffMs: 1, ...options }));
  hosting.host.submit({ kind: 'started' });
  hosting.host.submit({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'm' } });
  return hosting;
}

/** A host for a core that may have gone some way. */
function around({ core }: CoreHarness) {
  const sent: string[] = [];
  const exits: string[] = [];
  const disk = new SlowDisk();
  const links: Links = {
    address: '127.0.0.1:5051',
    send: (_from, _to, name) => sent.push(name),
    link: () => {},
    spawn: () => {},
    terminate: () => {},
  };
  const host: AgentHost = new AgentHost({
    core,
    clock: systemClock,
    timers: systemTimers,
    links,
    disk,
    files: { attach: () => {}, detach: () => {} },
    log: silentLog,
    detectLeader: () => {},
    exit: (code, text) => exits.push(`${code} ${text}`),
  });
  return { host, disk, sent, exits };
}

const REGISTER = wireName(RegisterAgentMessage);
const UPDATE = wireName(UpdateAgentMessage);
const STATUS = wireName(StatusUpdateMessage);

const OUTCOME = wireName(UpdateOperationStatusMessage);
const PONG = wireName(PongAgentMessage);

describe('effects', () => {
  it('that promise nothing overtake a slow disk', async () => {
    const { host, disk, sent } = hosted();
    await until('it registers', () => sent.includes(REGISTER));
    host.submit({ kind: 'agent-registered', from: MASTER, message: { agent_id: { value: 'M-S0' } } });
    await until('it writes', () => disk.writes.length > 0);
    host.submit({ kind: 'ping-received', from: MASTER, message: { connected: true } });
    await until('it answers', () => sent.includes(PONG));
    expect(sent).not.toContain(UPDATE);
  });

  it('after a write wait until it is on disk', async () => {
    const { host, disk, sent } = hosted();
    await until('it registers', () => sent.includes(REGISTER));
    const message = AgentRegisteredMessage.decode(AgentRegisteredMessage.encode({ agent_id: { value: 'M-S0' } }));
    host.submit({ kind: 'agent-registered', from: MASTER, message });
    await until('it writes', () => disk.writes.length === 2);
    expect(disk.writes.map(({ path }) => path.split('/').at(-1))).toEqual(['slave.info', 'latest']);
    disk.writes[0]?.done();
    await Promise.resolve();
    expect(sent).not.toContain(UPDATE);
    disk.writes[1]?.done();
    await until('it goes on', () => sent.includes(UPDATE));
    host.close();
  });

  it('that are records are begun while messages before them wait, and nothing else is', async () => {
    const harness = new CoreHarness().register();
    const kept = framework({ checkpoint: true });
    for (const id of ['t', 'u', 'v']) harness.run({ id, executor: customExecutor('E', 'x') }, kept);
    harness.step({ kind: 'container-launched', containerId: harness.launched(), pid: 1 });
    harness.subscribe('E');
    const { host, disk, sent } = around(harness);
    const tell = (id: string, n: number): void => {
      const status: TaskStatus = {
        task_id: { value: id },
        state: 'TASK_RUNNING',
        source: 'SOURCE_EXECUTOR',
        uuid: new Uint8Array(16).fill(n),
      };
      const ids = { framework_id: { value: 'F' }, executor_id: { value: 'E' } };
      host.submit({ kind: 'executor-called', connection: n, call: { ...ids, type: 'UPDATE', update: { status } } });
    };
    const written = (): string[] => disk.writes.map(({ path }) => path.split('/').slice(-2).join('/'));
    tell('t', 101);
    tell('u', 102);
    const another = taskInfo({ id: 'w', executor: customExecutor('F', 'x') });
    host.submit({ kind: 'run-task', from: MASTER, message: { framework: kept, task: another } });
    tell('v', 103);
    await until('both are begun', () => disk.writes.length > 1);
    disk.writes[1]?.done();
    await Promise.resolve();
    expect(written()).toEqual(['t/task.updates', 'u/task.updates']);
    expect(sent).toEqual([]);
    disk.writes[0]?.done();
    await until('both are told', () => sent.filter((name) => name === STATUS).length === 2);
    await until('the launch is begun', () => written().includes('w/task.info'));
    expect(written().at(-1)).toBe('w/task.info');
    while (!written().includes('v/task.updates')) {
      for (const { done } of disk.writes) done();
      await Promise.resolve();
    }
    expect(sent.filter((name) => name === STATUS)).toHaveLength(2);
    disk.writes.at(-1)?.done();
    await until('the last is told', () => sent.filter((name) => name === STATUS).length === 3);
    host.close();
  });

  it('are never done once a write failed', async () => {
    const { host, disk, sent, exits } = hosted();
    await until('it registers', () => sent.includes(REGISTER));
    host.submit({ kind: 'agent-registered', from: MASTER, message: { agent_id: { value: 'M-S0' } } });
    await until('it writes', () => disk.writes.length === 2);
    disk.writes[0]?.failed(new Error('disk full'));
    disk.writes[1]?.done();
    await until('it gives up', () => exits.length > 0);
    expect(exits[0]).toMatch(/^1 Failed to write .*slave\.info: disk full$/);
    expect(sent).not.toContain(UPDATE);
    host.close();
  });

  it('of operations wait for every step, and one change never begins amid another', async () => {
    const { host, disk, sent } = hosted({ resources: FLAGS, capabilities: CAPABILITIES });
    await until('it registers', () => sent.includes(REGISTER));
    host.submit({ kind: 'agent-registered', from: MASTER, message: { agent_id: { value: 'M-S0' } } });
    await until('it writes', () => disk.writes.length === 2);
    for (const number of [1, 2]) {
      const message = apply(number, create(volume(`v${number}`)));
      host.submit({ kind: 'apply-operation', from: MASTER, message });
    }
    const steps: string[] = [];
    for (let done = 0; sent.filter((name) => name === OUTCOME).length < 2; done++) {
      await until('it writes on', () => disk.writes.length > done);
      const { path, done: finish } = disk.writes[done]!;
      steps.push(`${sent.filter((name) => name === OUTCOME).length} ${path.split('/').at(-1)}`);
      finish();
      await until('it goes on', () => disk.writes.length > done + 1 || sent.filter((n) => n === OUTCOME).length === 2);
    }
    const change = [
      'resources.target',
      'resources_and_operations.target',
      'resources.info',
      'resources_and_operations.state',
      'operation.updates',
    ];
    const before = steps.slice(2);
    expect([...before].sort()).toEqual(
      [...change.map((name) => `0 ${name}`), ...change.map((name) => `1 ${name}`)].sort(),
    );
    host.close();
  });

  it('that failed do not keep the agent from stopping', async () => {
    const { host, disk, exits } = hosted();
    host.submit({ kind: 'agent-registered', from: MASTER, message: { agent_id: { value: 'M-S0' } } });
    await until('it writes', () => disk.writes.length === 2);
    const stopped = host.stop();
    disk.writes[0]?.failed(new Error('disk full'));
    await until('it gives up', () => exits.length > 0);
    host.close();
    await stopped;
  });
});

describe('a bug in the core', () => {
  it('ends the agent, and whatever comes later is ignored', async () => {
    const { host, sent, exits } = hosted();
    host.submit({ kind: 'nobody knows' } as never);
    expect(exits).toHaveLength(1);
    expect(exits[0]).toMatch(/^1 The core failed: TypeError/);
    host.submit({ kind: 'timer-fired' });
    await host.stop();
    expect(sent).toEqual([]);
  });
});
