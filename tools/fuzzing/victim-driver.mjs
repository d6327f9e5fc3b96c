/**
 * A v0 framework whose pid, id, offers and agent the fuzzer uses. It asks again and again to be subscribed, and so comes
 * back whenever a message ended it; what it is told by mistake, or sent in its name, it takes calmly.
 */
import { createServer } from 'node:net';
import {
  FrameworkErrorMessage,
  FrameworkRegisteredMessage,
  ResourceOffersMessage,
  StatusUpdateMessage,
  V0SchedulerCall,
  wireName,
} from '@mesolite/wire';
import { HttpReader } from '../../bench/http-reader.mjs';

const PROBE_EVERY_MS = 200;
/** Subscribing ends its offers, which others wait for: not more often than this without need. */
const SUBSCRIBE_EVERY_MS = 2_000;
const PROBE = 'probe';
/** How long an offer is held for messages to use. */
const HOLD_MS = 200;
const CALL = wireName(V0SchedulerCall);

export class VictimDriver {
  subscriptions = 0;
  pid;
  #port;
  #server;
  #timers = [];
  #answered = false;
  #frameworkId;
  #offer;

  static async start(port) {
    const driver = new VictimDriver();
    driver.#port = port;
    driver.#server = createServer((socket) => {
      const reader = new HttpReader((start, body) => driver.#take(start, body));
      socket.on('error', () => undefined).on('data', (bytes) => reader.push(bytes));
    });
    await new Promise((resolve) => driver.#server.listen(0, '127.0.0.1', resolve));
    driver.pid = `victim-driver@127.0.0.1:${driver.#server.address().port}`;
    driver.#timers = [
      setInterval(() => driver.#probe(), PROBE_EVERY_MS),
      setInterval(() => driver.#subscribe(), SUBSCRIBE_EVERY_MS),
    ];
    driver.#subscribe();
    return driver;
  }

  /** What can be used just now. */
  lend() {
    if (this.#frameworkId === undefined) return undefined;
    return { frameworkId: this.#frameworkId, offer: this.#offer, agentId: this.#offer?.agent_id };
  }

  async stop() {
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#frameworkId !== undefined) await this.#call({ type: 'TEARDOWN' });
    this.#server.close();
  }

  /** A framework that has ended gets no answer. */
  #probe() {
    if (!this.#answered) this.#subscribe();
    this.#answered = false;
    this.#call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: PROBE } }] } });
  }

  /** As the same driver once it has an id: nothing is ended by asking. */
  #subscribe() {
    const framework_info = {
      user: '',
      name: 'victim-driver',
      role: 'victim',
      failover_timeout: 3600,
      id: this.#frameworkId,
    };
    this.#call({ type: 'SUBSCRIBE', subscribe: { framework_info } });
  }

  async #call(call) {
    const body = V0SchedulerCall.encode({ framework_id: this.#frameworkId, ...call });
    const headers = { 'Libprocess-From': this.pid };
    // A daemon that is gone is noticed elsewhere.
    await fetch(`http://127.0.0.1:${this.#port}/master/${CALL}`, { method: 'POST', headers, body }).catch(
      () => undefined,
    );
  }

  #take(start, body) {
    if (start.includes(wireName(FrameworkRegisteredMessage))) {
      this.#frameworkId = FrameworkRegisteredMessage.decode(body).framework_id;
      this.subscriptions += 1;
    } else if (start.includes(wireName(ResourceOffersMessage))) {
      for (const offer of ResourceOffersMessage.decode(body).offers ?? []) this.#hold(offer);
    } else if (start.includes(wireName(StatusUpdateMessage))) {
      if (StatusUpdateMessage.decode(body).update.status.task_id.value === PROBE) this.#answered = true;
    } else if (start.includes(wireName(FrameworkErrorMessage))) {
      if (/removed/.test(FrameworkErrorMessage.decode(body).message)) this.#frameworkId = undefined;
    }
  }

  #hold(offer) {
    this.#offer = offer;
    setTimeout(() => {
      if (this.#offer === offer) this.#offer = undefined;
      const filters = { refuse_seconds: HOLD_MS / 1000 };
      this.#call({ type: 'DECLINE', decline: { offer_ids: [offer.id], filters } });
    }, HOLD_MS);
  }
}
