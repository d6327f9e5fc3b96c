/**
 * Drivers at random: three pids that subscribe, replace each other and HTTP schedulers, authenticate, break off and send
 * every message there is, whole or spoiled. The books stay straight, and whoever comes last, by force, has the framework.
 */
import { type FrameworkId, type RandomStream, seededRandom } from '@mesolite/base';
import { type FrameworkInfo, type MessageType, type Offer, WireError } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { DRIVER_MESSAGE_TYPES, type DriverMessageInput } from '../src/core/index.ts';
import { CoreDriver } from './core-driver.ts';
import { CoreHarness, frameworkInfo, task, uuidOf } from './core-harness.ts';

const STEPS = 400;
const LIMITS = { byPrincipal: new Map([['slow', { qps: 5, capacity: 3 }]]), others: { qps: 50 } };

class History {
  readonly master: CoreHarness;
  readonly #random: RandomStream;
  readonly #drivers: CoreDriver[];
  readonly #agent;
  /** The framework they all want. */
  #id: FrameworkId | undefined;
  registered = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.master = new CoreHarness({
      authenticates: true,
      authenticateFrameworks: seed % 3 === 0,
      rateLimits: seed % 2 === 0 ? LIMITS : undefined,
    }).start();
    this.#agent = this.master.addAgent();
    this.#drivers = [1, 2, 3].map((i) => new CoreDriver(this.master, `scheduler-${i}@127.0.0.1:${9000 + i}`));
  }

  step(): void {
    const driver = this.#drivers[this.#random.below(3)]!;
    const { pid } = driver;
    switch (this.#random.below(12)) {
      case 0:
      case 1:
        driver.subscribe(this.#info(), { force: this.#random.below(2) === 0 });
        break;
      case 2:
        this.master.step({ kind: 'authenticate-client', from: 'authenticatee@127.0.0.1:1', message: { pid } });
        break;
      case 3:
        this.master.step({ kind: 'client-authenticated', pid, principal: 'fw' });
        break;
      case 4:
        if (this.#random.below(3) === 0) driver.exited();
        else this.master.step({ kind: 'client-refused', pid });
        break;
      case 5:
        if (this.#random.below(4) === 0) this.master.subscribe(this.#info());
        break;
      case 6:
        this.master.advanceAlive(1 + this.#random.below(3000));
        break;
      case 7:
        this.#update();
        break;
      default:
        this.#send(driver);
    }
    for (const [id] of this.master.core.state.frameworks.registered) this.#id = id;
    if (driver.id !== '') this.registered++;
  }

  /** By force, with all that is asked for: it must get the framework and its offers. */
  last(): void {
    // What still waits for a rate limit may be another instance that takes over.
    this.master.advanceAlive(60_000);
    const { registered } = this.master.core.state.frameworks;
    // Of a framework without a principal nobody who has one can become the scheduler.
    for (const { id, info } of [...registered.values()])
      if (id !== this.#id || info.principal === undefined)
        this.master.step({ kind: 'teardown-framework', connection: 990_000, frameworkId: id });
    const known = this.#id === undefined ? undefined : registered.get(this.#id);
    const driver = new CoreDriver(this.master, 'scheduler-last@127.0.0.1:9999');
    const { pid } = driver;
    this.master.step({ kind: 'authenticate-client', from: 'authenticatee@127.0.0.1:1', message: { pid } });
    this.master.step({ kind: 'client-authenticated', pid, principal: known?.info.principal ?? 'fw' });
    const info = known === undefined ? frameworkInfo() : { ...known.info, roles: ['*'] };
    driver.subscribe(info, { force: true });
    expect(driver.errors()).toEqual([]);
    expect(driver.framework).toMatchObject({ state: 'active', pid: driver.pid });
    driver.call({ type: 'REVIVE', revive: {} });
    this.master.advanceAlive(20_000);
    expect(driver.offers().length).toBeGreaterThan(0);
  }

  #info(): FrameworkInfo {
    const id = this.#id === undefined || this.#random.below(4) === 0 ? undefined : { value: this.#id };
    const principal = [undefined, 'fw', 'slow'][this.#random.below(3)];
    return frameworkInfo({ id, principal, failover_timeout: this.#random.below(20) });
  }

  #update(): void {
    const scheduler = { id: this.#id ?? 'none', connection: -1, streamId: '' };
    const state = (['TASK_RUNNING', 'TASK_FINISHED'] as const)[this.#random.below(2)]!;
    this.master.update(this.#agent, scheduler, `t${this.#random.below(8)}`, state);
  }

  #send(driver: CoreDriver): void {
    const kinds = Object.keys(DRIVER_MESSAGE_TYPES) as DriverMessageInput['kind'][];
    const kind = kinds[this.#random.below(kinds.length)]!;
    const message = this.#messages(kind);
    const spoiled = message === undefined ? undefined : this.#perhapsSpoiled(DRIVER_MESSAGE_TYPES[kind], message);
    if (spoiled !== undefined) driver.send(kind, spoiled as never);
  }

  #messages(kind: DriverMessageInput['kind']): object | undefined {
    const framework_id = { value: this.#id ?? 'none' };
    const agent_id = { value: this.#agent.id };
    const task_id = { value: `t${this.#random.below(8)}` };
    const [offer] = this.master.core.state.offers.values();
    const offer_ids: Offer['id'][] = [{ value: offer?.id ?? 'none' }];
    const tasks = this.#random.below(3) === 0 ? [] : [task(task_id.value, this.#agent.id)];
    const uuid = uuidOf(task_id.value, 'TASK_RUNNING');
    switch (kind) {
      case 'call-as-driver':
        return [
          { type: 'ACCEPT', accept: { offer_ids, operations: [{ type: 'LAUNCH', launch: { task_infos: tasks } }] } },
          { type: 'DECLINE', decline: { offer_ids } },
          { type: 'KILL', kill: { task_id } },
          { type: 'RECONCILE', reconcile: {} },
          { type: 'UPDATE_FRAMEWORK', update_framework: { framework_info: this.#info() } },
          { type: 'SUPPRESS', suppress: {} },
        ].map((call) => ({ framework_id, ...call }))[this.#random.below(6)];
      case 'register-framework':
        return { framework: this.#info() };
      case 'reregister-framework':
        return { framework: this.#info(), failover: this.#random.below(2) === 0 };
      case 'launch-tasks':
        return { framework_id, offer_ids, tasks, filters: {} };
      case 'kill-task':
        return { framework_id, task_id };
      case 'acknowledge-status-update':
        return { framework_id, agent_id, task_id, uuid };
      case 'message-executor':
        return { framework_id, agent_id, executor_id: { value: 'e' }, data: uuid };
      case 'reconcile-tasks':
        return { framework_id, statuses: [{ task_id, state: 'TASK_RUNNING' }] };
      case 'submit-scheduler':
        return { name: 'x' };
      case 'authenticate-client':
        return undefined;
      case 'unregister-framework':
        return this.#random.below(10) === 0 ? { framework_id } : undefined;
      default:
        return { framework_id };
    }
  }

  #perhapsSpoiled(type: MessageType<object>, message: object): object | undefined {
    const bytes = type.encode(message);
    if (bytes.length > 0 && this.#random.below(3) === 0)
      bytes[this.#random.below(bytes.length)] = this.#random.below(256);
    try {
      return type.decode(bytes);
    } catch (error) {
      if (error instanceof WireError) return undefined;
      throw error;
    }
  }
}

describe('random drivers', () => {
  it.each(Array.from({ length: 24 }, (_, i) => i + 1))('keep the books straight (seed %i)', (seed) => {
    const history = new History(seed);
    for (let i = 0; i < STEPS; i++) history.step();
    expect(history.registered).toBeGreaterThan(0);
    history.last();
  });
});
