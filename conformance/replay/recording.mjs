/**
 * A network capture as what happened when, seen from the clients of the HTTP APIs: requests with their answers, events
 * of streams, closed connections. Messages are read by our own codec into JSON values, whatever their encoding.
 */
import { join } from 'node:path';
import { ExecutorCall, ExecutorEvent, SchedulerCall, SchedulerEvent } from '@mesolite/wire';
import { readFlows, readTimes } from '../captured-traffic.mjs';
import { translated } from './message-values.mjs';

const APIS = {
  scheduler: { path: /^POST (?:\/master)?\/api\/v1\/scheduler /, call: SchedulerCall, event: SchedulerEvent },
  executor: { path: /^POST (?:\/slave\(1\))?\/api\/v1\/executor /, call: ExecutorCall, event: ExecutorEvent },
};

function isJson(message) {
  return message.headers['content-type'] === 'application/json';
}

/** The message inside one RecordIO record, which is what one chunk holds. */
export function recordOf(chunk) {
  const newline = chunk.indexOf(0x0a);
  const length = Number(chunk.toString('latin1', 0, newline));
  const record = chunk.subarray(newline + 1);
  return { record, whole: newline > 0 && length === record.length };
}

/** @returns the JSON value of an event, whichever way it is encoded */
export function eventValue(api, json, record) {
  return JSON.parse(json ? record.toString('utf8') : APIS[api].event.toJson(APIS[api].event.decode(record)));
}

/** What a request says, as JSON text. */
export function callText(api, request) {
  return isJson(request) ? request.body.toString('utf8') : APIS[api].call.toJson(APIS[api].call.decode(request.body));
}

/** The body of a request with its ids translated, fields that were not set still not set. */
export function translatedBody(api, request, translate) {
  if (isJson(request)) return Buffer.from(translate(request.body.toString('utf8')));
  return APIS[api].call.encode(translated(APIS[api].call.decode(request.body), translate));
}

function timeAt(times, end) {
  return (times.find((segment) => segment.end >= end) ?? times.at(-1)).t;
}

/**
 * All moments of a capture's directory of flows in their order. A moment is `{ t, flow, api, kind }` with kind `request` (`request`,
 * `response`), `event` (`value`, `sure`) or `close` (by the client). Several events that were recorded as one piece carry
 * the time of the first; only that one is `sure` to have come by then.
 */
export function readRecording(directory) {
  const moments = [];
  for (const flow of readFlows(directory)) {
    const api = Object.keys(APIS).find((name) => APIS[name].path.test(flow.requests[0]?.start ?? ''));
    if (api === undefined) continue;
    const times = readTimes(join(directory, `${flow.name}.txt`));
    flow.requests.forEach((request, index) => {
      const response = flow.responses[index];
      moments.push({ t: timeAt(times.c2s, request.end), flow: flow.name, api, kind: 'request', request, response });
      let lastTime;
      response?.chunks?.forEach((chunk, position) => {
        const value = eventValue(api, isJson(response), recordOf(chunk).record);
        const t = timeAt(times.s2c, response.chunkEnds[position]);
        moments.push({ t, flow: flow.name, api, kind: 'event', value, sure: t !== lastTime });
        lastTime = t;
      });
    });
    const closed = times.closed.find(({ by }) => by === 'client');
    if (closed !== undefined) moments.push({ t: closed.t, flow: flow.name, api, kind: 'close' });
  }
  return moments.sort((a, b) => a.t - b.t);
}
