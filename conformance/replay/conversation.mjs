/**
 * Holds a recorded conversation with our daemons: sends what the recorded clients sent, with ids translated, once we
 * have answered what had been answered to them by then, and compares status codes, headers, bodies and events.
 * Executors are played too; a stand-in process that does nothing holds their place in the sandbox.
 */
import { delay, waitFor } from '../../tools/daemons/daemon-process.mjs';
import { callText, eventValue, recordOf, translatedBody } from './recording.mjs';
import { StandInExecutor } from './stand-in-executor.mjs';
import { WireConnection } from './wire-connection.mjs';

const EVENT_LIMIT_MS = 12_000;
/** Surplus events are looked for until this long after the last recorded one. */
const SETTLE_MS = 300;

/** What makes two events the same one, apart from ids. */
function keyOf(event) {
  const status = event.update?.status ?? event.update_operation_status?.status;
  const subject = status?.task_id?.value ?? status?.operation_id?.value;
  if (status !== undefined) return [event.type, subject, status.state, status.reason].join(' ');
  return `${event.type} ${event.acknowledged?.task_id.value ?? ''}`;
}

/** What an offer offers, in one line. */
function quantities(event) {
  const resources = event.offers?.offers[0].resources ?? [];
  return resources
    .map(({ name, scalar, ranges }) => `${name} ${JSON.stringify(scalar ?? ranges)}`)
    .sort()
    .join();
}

/**
 * OFFERS events cut into one per offer: how many come in one event is a matter of timing. So is the order in which parts
 * of one name, reserved and not, stand in an offer.
 */
export function flatten(event) {
  if (event.type !== 'OFFERS') return [event];
  const reservations = (resource) => JSON.stringify(resource.reservations ?? []);
  return event.offers.offers.map((offer) => {
    const resources = offer.resources?.map((resource, _at, all) => {
      const same = all.filter(({ name }) => name === resource.name);
      const sorted = same.toSorted((a, b) => (reservations(a) < reservations(b) ? -1 : 1));
      return sorted[same.indexOf(resource)];
    });
    return { type: 'OFFERS', offers: { offers: [{ ...offer, resources }] } };
  });
}

/** True when a call names what an event brought: it can only be sent afterwards. */
function mentions(callText, event) {
  const operation = event.update_operation_status?.status;
  const ids = [event.update?.status?.uuid, operation?.uuid?.value, event.offers?.offers[0].id.value];
  return ids.some((id) => id !== undefined && callText.includes(id));
}

/** One of our streams: what came, what of it was matched with something recorded. */
class Stream {
  #connection;
  #api;
  #taken = new Set();

  constructor(api, connection) {
    this.#api = api;
    this.#connection = connection;
  }

  get response() {
    return this.#connection.responses()[0];
  }

  events() {
    const { response } = this;
    const json = response?.headers['content-type'] === 'application/json';
    return (response?.chunks ?? []).flatMap((chunk) => flatten(eventValue(this.#api, json, recordOf(chunk).record)));
  }

  /** True while every chunk is exactly one record. */
  get isFramed() {
    return (this.response?.chunks ?? []).every((chunk) => recordOf(chunk).whole);
  }

  /**
   * Takes the event that corresponds to a recorded one; undefined while there is none. Offers correspond when they offer
   * the same, unless `anyOffer`.
   */
  take(recorded, { anyOffer = false } = {}) {
    const events = this.events();
    const offered = (event) => (anyOffer ? '' : quantities(event));
    const index = events.findIndex(
      (event, at) => !this.#taken.has(at) && keyOf(event) === keyOf(recorded) && offered(event) === offered(recorded),
    );
    if (index < 0) return undefined;
    this.#taken.add(index);
    return events[index];
  }

  /** Events that nothing recorded corresponds to. Offers and heartbeats come and go with time. */
  surplus() {
    return this.events().filter(
      (event, at) => !this.#taken.has(at) && event.type !== 'OFFERS' && event.type !== 'HEARTBEAT',
    );
  }
}

export class Conversation {
  /** `{ path, recorded, ours }` for each disagreement. */
  differences = [];
  requests = 0;
  events = 0;
  #cluster;
  #identities;
  #connections = new Map();
  #streams = new Map();
  /** Recorded events that have not come yet. */
  #pending = [];
  #standIn;

  /** @param {import('../../tools/daemons/local-cluster.mjs').LocalCluster} cluster @param {import('./identities.mjs').Identities} identities */
  constructor(cluster, identities) {
    this.#cluster = cluster;
    this.#identities = identities;
    this.#standIn = new StandInExecutor(cluster.subdirectory('stand-in'));
    identities.learnPorts(cluster);
  }

  async hold(moments) {
    for (const moment of moments) await this.perform(moment);
    await this.finish();
  }

  /** One moment after the other, for those who have more to do in between. */
  async perform(moment) {
    if (moment.kind === 'event') {
      this.#pending.push(...flatten(moment.value).map((value) => ({ ...moment, value })));
    } else if (moment.kind === 'request') {
      const text = callText(moment.api, moment.request);
      await this.#awaitEvents((event) => event.sure || mentions(text, event.value));
      await this.#request(moment, text);
    } else {
      await this.#awaitEvents(({ sure, flow }) => sure || flow === moment.flow);
      this.#close(moment);
    }
  }

  /** Waits for what has been recorded and has not come, and looks for what has come and was not recorded. */
  async finish() {
    await this.#awaitEvents(() => true);
    await delay(SETTLE_MS);
    for (const [flow, stream] of this.#streams) {
      for (const event of stream.surplus()) this.#differ(`${flow}: event`, 'nothing', event);
      if (!stream.isFramed) this.#differ(`${flow}: chunks`, 'one record each', 'something else');
    }
    for (const connection of this.#connections.values()) connection.close();
  }

  #differ(path, recorded, ours) {
    this.differences.push({ path, recorded, ours });
  }

  /** Takes what has come of the recorded events and waits for those that are `needed` to go on. */
  async #awaitEvents(needed) {
    const progress = (options) => {
      this.#pending = this.#pending.filter((event) => !this.#settle(event, options));
      return !this.#pending.some(needed);
    };
    await waitFor('events', progress, { limitMs: EVENT_LIMIT_MS }).catch(() => {
      progress({ anyOffer: true });
      for (const { value } of this.#pending.filter(needed)) this.#differ(keyOf(value), value, 'nothing came');
      this.#pending = this.#pending.filter((event) => !needed(event));
    });
  }

  /** True when one of our events corresponds to the recorded one; what they differ in is kept. */
  #settle({ flow, value }, options) {
    const ours = this.#streams.get(flow)?.take(value, options);
    if (ours === undefined) return false;
    this.events += 1;
    this.differences.push(...this.#identities.compare(value, ours, keyOf(value)));
    return true;
  }

  #close({ flow, api }) {
    this.#connections.get(flow)?.close();
    this.#connections.delete(flow);
    // The executor that spoke has ended; so does its stand-in.
    if (api === 'executor' && this.#streams.has(flow)) this.#standIn.end();
  }

  async #request({ flow, api, request, response }, text) {
    this.requests += 1;
    const call = JSON.parse(text);
    this.#replaceExecutors(call);
    if (api === 'executor' && call.type === 'SUBSCRIBE') {
      await this.#standIn.started();
    }
    if (!this.#connections.has(flow)) {
      const daemon = api === 'scheduler' ? this.#cluster.master : this.#cluster.agents[0];
      this.#connections.set(flow, new WireConnection(daemon.port));
    }
    const connection = this.#connections.get(flow);
    const index = connection.responses().length;
    const body = translatedBody(api, request, (part) => this.#identities.translate(part));
    const headers = { ...request.headers, 'content-length': String(body.length) };
    for (const name of ['host', 'mesos-stream-id']) {
      if (headers[name] !== undefined) headers[name] = this.#identities.translate(headers[name]);
    }
    connection.send(request.start, headers, body);
    // The recording ended before this one was answered.
    if (response === undefined) return;
    const streaming = response.chunks !== undefined;
    const answered = () => {
      const answer = connection.responses()[index];
      return answer !== undefined && (streaming || answer.complete) ? answer : undefined;
    };
    const answer = await waitFor(`an answer to ${call.type}`, answered);
    if (streaming) this.#streams.set(flow, new Stream(api, connection));
    this.differences.push(...compareAnswers(this.#identities, call.type, response, answer));
  }

  /** From now on recorded commands of custom executors are those of a stand-in that waits until it is told to end. */
  #replaceExecutors(call) {
    for (const { launch } of call.accept?.operations ?? []) {
      for (const { executor } of launch?.task_infos ?? []) {
        const command = executor?.command?.value;
        if (command !== undefined) this.#identities.learn(command, this.#standIn.command);
      }
    }
  }
}

const HEADERS = ['content-type', 'transfer-encoding', 'allow'];

/** Compares status line, headers that matter and, unless it is a stream, the body. */
export function compareAnswers(identities, what, recorded, ours) {
  const differences = [];
  const differ = (part, a, b) => {
    if (a !== b) differences.push({ path: `${what}: ${part}`, recorded: a, ours: b });
  };
  differ('status', recorded.start.split(' ')[1], ours.start.split(' ')[1]);
  for (const name of HEADERS) differ(name, recorded.headers[name], ours.headers[name]);
  const stream = 'mesos-stream-id';
  differ(stream, recorded.headers[stream] !== undefined, ours.headers[stream] !== undefined);
  if (recorded.headers[stream] !== undefined && ours.headers[stream] !== undefined) {
    identities.learn(recorded.headers[stream], ours.headers[stream]);
  }
  if (recorded.chunks !== undefined) return differences;
  const [wanted, got] = [recorded, ours].map(({ body }) => body.toString('utf8'));
  if (recorded.headers['content-type'] !== 'application/json' || !/^[[{]/.test(got)) {
    differ('body', identities.translate(wanted), got);
    return differences;
  }
  return [...differences, ...identities.compare(JSON.parse(wanted), JSON.parse(got), `${what}: body`)];
}
