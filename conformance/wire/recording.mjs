/**
 * A network capture as the messages that processes sent each other, in the order in which they must have happened.
 *
 * The recording tells when the first of several pieces came that went one way without anything in between. What came
 * with it may be later: after all that brought the ids it mentions, and after what it answers.
 */
import { join } from 'node:path';
import { readFlows, readTimes } from '../captured-traffic.mjs';
import { plain } from '../replay/message-values.mjs';
import { readRecording } from '../replay/recording.mjs';
import { envelopeOf, processOf, readMessage } from './messages.mjs';

/** Later than, by less than any two recorded times differ. */
const MOMENT = 1e-7;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?:-[A-Z]?\d+)?/g;
const BINARY_UUID = /"([A-Za-z0-9+/]{22}==)"/g;

/** What a message must come after, though it mentions no id. */
const ANSWERS = new Map([
  ['mesos.internal.AuthenticationMechanismsMessage', 'mesos.internal.AuthenticateMessage'],
  ['mesos.internal.AuthenticationStartMessage', 'mesos.internal.AuthenticationMechanismsMessage'],
  ['mesos.internal.PongSlaveMessage', 'mesos.internal.PingSlaveMessage'],
]);
const STEP = 'mesos.internal.AuthenticationStepMessage';

/** Both sides take a step: the authenticator's follows the start, the other's the authenticator's. */
function asksFor({ name, to }) {
  if (name !== STEP) return ANSWERS.get(name);
  return to.id.startsWith('crammd5-authenticatee') ? 'mesos.internal.AuthenticationStartMessage' : STEP;
}

/**
 * `{ t, flow, kind: 'message', from, to, name, message, value, head, framing }` for each message of a directory of flows:
 * `from` a PID, `to` `{ id, port }`, `value` the message in plain form, `framing` how its body was cut.
 */
export function readMessages(directory) {
  const moments = [];
  for (const flow of readFlows(directory)) {
    const times = readTimes(join(directory, `${flow.name}.txt`)).c2s;
    flow.requests.forEach((request) => {
      const envelope = envelopeOf(request);
      if (envelope === undefined || !request.complete) return;
      const { from, to, name } = envelope;
      const message = readMessage(name, request.body);
      const piece = times.findIndex(({ end }) => end >= request.end);
      moments.push({
        t: times[piece < 0 ? times.length - 1 : piece].t,
        flow: flow.name,
        kind: 'message',
        from,
        to: { id: to, port: flow.port },
        name,
        message,
        value: plain(message),
        head: request.head,
        framing: framingOf(request),
      });
    });
  }
  return inCausalOrder(moments);
}

/** How the body of a message was put on the wire. */
export function framingOf({ chunks, body }) {
  if (chunks === undefined) return body.length === 0 ? 'no body' : 'one length';
  return chunks.length === 1 ? 'one chunk' : `${chunks.length} chunks`;
}

/** Ends of connections, `{ t, flow, kind: 'end', by }`. */
export function readEnds(directory) {
  return readFlows(directory).flatMap(({ name }) =>
    readTimes(join(directory, `${name}.txt`)).closed.map(({ t, by }) => ({ t, flow: name, kind: 'end', by })),
  );
}

/** Messages, calls and events of the HTTP APIs, and ends, as they followed each other. */
export function readConversation(directory) {
  const api = readRecording(directory).filter(({ value }) => value?.type !== 'HEARTBEAT');
  const all = [...readMessages(directory), ...api, ...readEnds(directory)];
  return all
    .map((moment, index) => [moment, index])
    .sort(([a, i], [b, j]) => a.t - b.t || i - j)
    .map(([moment]) => moment);
}

function idsIn(value) {
  const text = JSON.stringify(value);
  return [...text.matchAll(UUID)].map(([id]) => id).concat([...text.matchAll(BINARY_UUID)].map(([, id]) => id));
}

function minters(moments) {
  const first = new Map();
  for (const moment of [...moments].sort((a, b) => a.t - b.t)) {
    for (const id of idsIn(moment.value)) if (!first.has(id)) first.set(id, moment);
  }
  return first;
}

/** The last message before `moment` that went the other way and is called `name`. */
function askedFor(moment, moments) {
  const name = asksFor(moment);
  if (name === undefined) return undefined;
  const sender = processOf(moment.from);
  const asked = moments.filter(
    (other) => other.name === name && other.to.port === sender.port && other.t <= moment.t + 0.01,
  );
  return asked.at(-1);
}

/** Moves what cannot have happened as early as its piece behind what it depends on; keeps the order of each connection. */
export function inCausalOrder(moments) {
  const minted = minters(moments);
  const place = new Map(moments.map((moment) => [moment, moment.t]));
  let moved = true;
  // Each round settles at least one message; a recording whose times contradict its ids ends the rounds all the same.
  for (let round = 0; moved && round < moments.length; round += 1) {
    moved = false;
    const last = new Map();
    for (const moment of moments) {
      const causes = [
        last.get(moment.flow),
        askedFor(moment, moments),
        ...idsIn(moment.value).map((id) => minted.get(id)),
      ];
      for (const cause of causes) {
        if (cause === undefined || cause === moment || place.get(cause) < place.get(moment)) continue;
        // Ids that travel one connection from both its ends have been known before: no cause.
        if (cause.t > moment.t + 0.05) continue;
        place.set(moment, place.get(cause) + MOMENT);
        moved = true;
      }
      last.set(moment.flow, moment);
    }
  }
  return moments.map((moment) => ({ ...moment, t: place.get(moment) })).sort((a, b) => a.t - b.t);
}
