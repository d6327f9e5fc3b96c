/** Who may register: drivers and agents that prove who they are, while they do, and those that do not. */
import {
  AgentRegisteredMessage,
  AgentReregisteredMessage,
  AuthenticationErrorMessage,
  FrameworkRegisteredMessage,
} from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { MAX_CLIENTS_AUTHENTICATING } from '../src/core/options.ts';
import { CoreDriver } from './core-driver.ts';
import { AGENT_RESOURCES, CoreHarness, frameworkInfo, sent } from './core-harness.ts';

const AUTHENTICATEE = 'crammd5-authenticatee(1)@127.0.0.1:9001';
const AGENT = 'slave(1)@127.0.0.1:5051';

function strict(): { master: CoreHarness; driver: CoreDriver } {
  const master = new CoreHarness({
    authenticates: true,
    authenticateFrameworks: true,
    authenticateAgents: true,
  }).start();
  return { master, driver: new CoreDriver(master) };
}

function ask(master: CoreHarness, pid: string) {
  return master.step({ kind: 'authenticate-client', from: AUTHENTICATEE, message: { pid } });
}

function accept(master: CoreHarness, pid: string, principal = 'fw') {
  return master.step({ kind: 'client-authenticated', pid, principal });
}

function register(master: CoreHarness) {
  return master.step({
    kind: 'register-agent',
    from: AGENT,
    message: {
      agent: { hostname: 'localhost', port: 5051, resources: AGENT_RESOURCES, checkpoint: true },
      version: '1.12.0',
    },
  });
}

describe('a client that asks to be authenticated', () => {
  it('is handed to the authenticator', () => {
    const { master, driver } = strict();
    expect(ask(master, driver.pid)).toEqual([{ kind: 'authenticate-client', client: driver.pid, peer: AUTHENTICATEE }]);
    expect(master.metric('master/messages_authenticate')).toBe(1);
  });

  it('is told so when there is none, and may register where that is not demanded', () => {
    const master = new CoreHarness().start();
    const driver = new CoreDriver(master);
    const effects = ask(master, driver.pid);
    expect(sent(effects, AUTHENTICATEE, AuthenticationErrorMessage)).toEqual([{ error: 'No authenticator loaded' }]);
    driver.subscribe();
    expect(driver.errors()).toEqual([]);
  });

  it.each(['', 'nonsense', `${'x'.repeat(2000)}@127.0.0.1:1`])('under the pid %.20s is refused', (pid) => {
    const { master } = strict();
    expect(sent(ask(master, pid), AUTHENTICATEE, AuthenticationErrorMessage)).toHaveLength(1);
  });

  it('beyond the bound is told to come back', () => {
    const { master } = strict();
    for (let i = 0; i < MAX_CLIENTS_AUTHENTICATING; i++) {
      master.core.step(
        { kind: 'authenticate-client', from: AUTHENTICATEE, message: { pid: `s-${i}@127.0.0.1:1` } },
        master.now(),
      );
    }
    master.core.drain();
    const effects = ask(master, 'late@127.0.0.1:1');
    expect(sent(effects, AUTHENTICATEE, AuthenticationErrorMessage)).toEqual([
      { error: 'Too many clients are being authenticated' },
    ]);
    // One that is among them may begin anew.
    expect(ask(master, 's-0@127.0.0.1:1')).toMatchObject([{ kind: 'authenticate-client' }]);
  });
});

describe('a driver', () => {
  it('that has proved who it is registers as that', () => {
    const { master, driver } = strict();
    ask(master, driver.pid);
    accept(master, driver.pid);
    driver.subscribe();
    expect(driver.framework?.info.principal).toBe('fw');
  });

  it('that has not is refused', () => {
    const { driver } = strict();
    driver.subscribe();
    expect(driver.errors()).toEqual([`Framework at ${driver.pid} is not authenticated`]);
  });

  it('that says it is another is refused, even where nothing is demanded', () => {
    const master = new CoreHarness({ authenticates: true }).start();
    const driver = new CoreDriver(master);
    ask(master, driver.pid);
    accept(master, driver.pid);
    driver.subscribe(frameworkInfo({ principal: 'other' }));
    expect(driver.errors()).toEqual(["Framework principal 'other' does not match authenticated principal 'fw'"]);
  });

  it('that registers meanwhile waits for the verdict: once it is in', () => {
    const { master, driver } = strict();
    ask(master, driver.pid);
    expect(driver.subscribe()).toEqual([]);
    expect(driver.subscribe()).toEqual([]);
    const effects = accept(master, driver.pid);
    expect(driver.got(FrameworkRegisteredMessage, effects)).toHaveLength(1);
    expect(master.metric('master/messages_register_framework')).toBe(1);
  });

  it('and once it is refused', () => {
    const { master, driver } = strict();
    ask(master, driver.pid);
    driver.subscribe();
    const effects = master.step({ kind: 'client-refused', pid: driver.pid });
    expect(driver.errors(effects)).toEqual([`Framework at ${driver.pid} is not authenticated`]);
  });

  it('that begins anew loses its proof, and what waited', () => {
    const { master, driver } = strict();
    ask(master, driver.pid);
    driver.subscribe();
    ask(master, driver.pid);
    expect(driver.names(accept(master, driver.pid))).toEqual([]);
    ask(master, driver.pid);
    master.step({ kind: 'client-refused', pid: driver.pid });
    driver.subscribe();
    expect(driver.errors()).toHaveLength(1);
  });

  it('that was disconnected has to prove it again', () => {
    const { master, driver } = strict();
    ask(master, driver.pid);
    accept(master, driver.pid);
    driver.subscribe();
    driver.exited();
    driver.subscribe(frameworkInfo({ id: { value: driver.id } }));
    expect(driver.errors()).toEqual(['Framework disconnected', `Framework at ${driver.pid} is not authenticated`]);
  });

  it('that has ended its framework, or lost it to another, has to prove it again', () => {
    const { master, driver } = strict();
    ask(master, driver.pid);
    accept(master, driver.pid);
    driver.subscribe();
    const next = new CoreDriver(master, 'scheduler-2@127.0.0.1:9002');
    ask(master, next.pid);
    accept(master, next.pid);
    next.subscribe(frameworkInfo({ id: { value: driver.id } }), { force: true });
    expect(next.id).toBe(driver.id);
    expect(master.core.state.clients.principal(driver.pid)).toBeUndefined();
    next.call({ type: 'TEARDOWN' });
    expect(master.core.state.clients.principal(next.pid)).toBeUndefined();
  });

  it('of nobody is not let in by a verdict nobody waits for', () => {
    const { master, driver } = strict();
    accept(master, driver.pid);
    driver.subscribe();
    expect(driver.errors()).toEqual([`Framework at ${driver.pid} is not authenticated`]);
  });
});

describe('an agent', () => {
  it('without proof is ignored, with one registered', () => {
    const { master } = strict();
    expect(register(master)).toEqual([]);
    ask(master, AGENT);
    expect(register(master)).toEqual([]);
    const effects = accept(master, AGENT, 'agent');
    expect(sent(effects, AGENT, AgentRegisteredMessage)).toHaveLength(1);
  });

  it('loses it with its connection, and is welcome again with a new one', () => {
    const { master } = strict();
    ask(master, AGENT);
    accept(master, AGENT);
    const [registered] = sent(register(master), AGENT, AgentRegisteredMessage);
    master.step({ kind: 'link-exited', pid: AGENT });
    const back = () =>
      master.step({
        kind: 'reregister-agent',
        from: AGENT,
        message: {
          agent: {
            id: registered?.agent_id,
            hostname: 'localhost',
            port: 5051,
            resources: AGENT_RESOURCES,
            checkpoint: true,
          },
          version: '1.12.0',
        },
      });
    expect(back()).toEqual([]);
    ask(master, AGENT);
    accept(master, AGENT);
    expect(sent(back(), AGENT, AgentReregisteredMessage)).toHaveLength(1);
  });
});
