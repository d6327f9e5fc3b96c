/** A scheduler subscribed by hand, for replays of which only the calls were recorded: JSON, events kept in order. */
import { waitFor } from '../../tools/daemons/daemon-process.mjs';
import { flatten } from './conversation.mjs';
import { eventValue, recordOf } from './recording.mjs';
import { WireConnection } from './wire-connection.mjs';

const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json' };

export class Subscription {
  #port;
  #connection;

  static async open(port, frameworkInfo) {
    const subscription = new Subscription(port);
    await subscription.#subscribe(frameworkInfo);
    return subscription;
  }

  constructor(port) {
    this.#port = port;
    this.#connection = new WireConnection(port);
  }

  async #subscribe(frameworkInfo) {
    const body = Buffer.from(JSON.stringify({ type: 'SUBSCRIBE', subscribe: { framework_info: frameworkInfo } }));
    const headers = { host: 'master', ...JSON_HEADERS, 'content-length': String(body.length) };
    this.#connection.send('POST /api/v1/scheduler HTTP/1.1', headers, body);
    const subscribed = await waitFor('SUBSCRIBED', () => this.events().find(({ type }) => type === 'SUBSCRIBED'));
    this.frameworkId = subscribed.subscribed.framework_id.value;
    this.masterId = subscribed.subscribed.master_info.id;
    this.streamId = this.#connection.responses()[0].headers['mesos-stream-id'];
  }

  /** All events so far, an OFFERS event per offer. */
  events() {
    const response = this.#connection.responses()[0];
    return (response?.chunks ?? []).flatMap((chunk) => flatten(eventValue('scheduler', true, recordOf(chunk).record)));
  }

  /** Sends a call; resolves with its status code. */
  async call(call) {
    const response = await fetch(`http://127.0.0.1:${this.#port}/api/v1/scheduler`, {
      method: 'POST',
      headers: { ...JSON_HEADERS, 'mesos-stream-id': this.streamId },
      body: JSON.stringify({ framework_id: { value: this.frameworkId }, ...call }),
    });
    await response.arrayBuffer();
    return response.status;
  }

  close() {
    this.#connection.close();
  }
}
