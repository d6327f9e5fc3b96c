/**
 * Everything that can be spoken to: each HTTP route that a daemon lists itself, each call of its APIs in both encodings,
 * each libprocess message. A target makes its requests from a seeded stream.
 */
import { AgentCall, ExecutorCall, MasterCall, SchedulerCall } from '@mesolite/wire';
import { mutateBytes, mutateHeaders, mutateJson, mutatePath, oddQuery, pick } from './mutations.mjs';
import { callsOf, libprocessMessages, sample } from './seeds.mjs';

const APIS = {
  master: [
    { path: '/api/v1/scheduler', type: SchedulerCall },
    { path: '/api/v1', type: MasterCall },
  ],
  agent: [
    { path: '/api/v1/executor', type: ExecutorCall },
    { path: '/api/v1', type: AgentCall },
  ],
};
const PROCESS_IDS = { master: ['master', 'slave-observer(1)', 'nobody'], agent: ['slave(1)', 'nobody'] };
const METHODS = ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'FOO'];
/** Valid messages to start from, per target. */
const SEEDS_PER_TYPE = 8;

function http(method, path, headers, body = Buffer.alloc(0)) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'), body]);
}

/** Calls of an API, spoiled in any of their parts. `victim` lends a real framework's id and stream to some of them. */
function apiTarget(daemon, { path, type }, victim) {
  return {
    name: `${daemon} POST ${path}`,
    daemon,
    make(random) {
      const call = pick(random, callsOf(type, random));
      const lent = path.endsWith('/scheduler') && random.below(10) < 7 ? victim() : undefined;
      if (lent !== undefined) lend(call, lent);
      const json = random.below(2) === 0;
      let body = Buffer.from(json ? type.toJson(call) : type.encode(call));
      let headers = {
        Host: '127.0.0.1',
        'Content-Type': json ? 'application/json' : 'application/x-protobuf',
        Accept: random.below(2) === 0 ? 'application/json' : 'application/x-protobuf',
      };
      if (lent !== undefined && call.type !== 'SUBSCRIBE') headers['Mesos-Stream-Id'] = lent.streamId;
      let method = 'POST';
      let target = path;
      const what = random.below(20);
      if (what < 10) body = json ? Buffer.from(mutateJson(random, body.toString())) : mutateBytes(random, body);
      else if (what < 14) body = mutateBytes(random, body);
      else if (what < 17) headers = mutateHeaders(random, headers);
      else if (what === 17) method = pick(random, METHODS);
      else if (what === 18) target = mutatePath(random, path);
      if (random.below(50) === 0) return misframed(random, method, target, headers, body);
      return { bytes: http(method, target, { ...headers, 'Content-Length': body.length }, body) };
    },
  };
}

/** Puts a real framework's ids into a call, so that what lies behind the first checks is reached. */
function lend(call, { frameworkId, offer }) {
  if (call.type !== 'SUBSCRIBE') call.framework_id = frameworkId;
  if (offer === undefined) return;
  for (const part of [call.accept, call.decline]) if (part !== undefined) part.offer_ids = [offer.id];
  for (const operation of call.accept?.operations ?? []) {
    for (const task of operation.launch?.task_infos ?? []) task.agent_id = offer.agent_id;
  }
  for (const part of [call.kill, call.acknowledge, call.message, call.shutdown]) {
    if (part !== undefined) part.agent_id = offer.agent_id;
  }
}

function misframed(random, method, target, headers, body) {
  const lies = [
    { 'Content-Length': body.length + 1 + random.below(1000) },
    { 'Content-Length': Math.max(0, body.length - 1 - random.below(10)) },
    { 'Content-Length': '-1' },
    { 'Content-Length': '99999999999999' },
    { 'Content-Length': 'x' },
    { 'Transfer-Encoding': 'chunked' },
    { 'Transfer-Encoding': 'chunked', 'Content-Length': body.length },
    {},
  ];
  return { bytes: http(method, target, { ...headers, ...pick(random, lies) }, body), lone: true };
}

/** A route with odd paths, queries, methods and headers. */
function routeTarget(daemon, path) {
  return {
    name: `${daemon} ${path}`,
    daemon,
    make(random) {
      let target = path;
      let method = random.below(4) === 0 ? 'POST' : 'GET';
      let headers = { Host: '127.0.0.1', Accept: 'application/json' };
      const what = random.below(10);
      if (what < 6) target += oddQuery(random);
      else if (what < 8) target = mutatePath(random, path) + oddQuery(random);
      else if (what === 8) headers = mutateHeaders(random, headers);
      else method = pick(random, METHODS);
      const body = method === 'POST' ? Buffer.from(oddQuery(random).slice(1)) : Buffer.alloc(0);
      if (body.length > 0) headers['Content-Type'] ??= 'application/x-www-form-urlencoded';
      return { bytes: http(method, target, { ...headers, 'Content-Length': body.length }, body) };
    },
  };
}

/** A libprocess message as a peer might send it, its sender and body spoiled. */
function messageTarget(daemon, { name, type }, senderPid) {
  return {
    name: `${daemon} ${name}`,
    daemon,
    isMessage: true,
    make(random) {
      const valid = Buffer.from(type.encode(pick(random, samplesOf(type, random))));
      const body = random.below(8) === 0 ? valid : mutateBytes(random, valid);
      const from =
        random.below(10) > 0
          ? senderPid
          : pick(random, ['', 'x', '@', 'a@b', 'a@1.2.3.4:99999', `${'z'.repeat(2000)}@127.0.0.1:1`]);
      const headers = { Host: '127.0.0.1', 'Libprocess-From': from, 'Content-Length': body.length };
      if (random.below(3) === 0) headers['User-Agent'] = `libprocess/${from}`;
      const to = random.below(20) > 0 ? PROCESS_IDS[daemon][0] : pick(random, PROCESS_IDS[daemon]);
      // To a sender that cannot be one, libprocess has always answered 500.
      return { bytes: http('POST', `/${to}/${name}`, headers, body), mayFail: from !== senderPid };
    },
  };
}

const samples = new Map();

/** A few valid messages of a type, made once. */
function samplesOf(type, random) {
  if (!samples.has(type))
    samples.set(
      type,
      Array.from({ length: SEEDS_PER_TYPE }, () => sample(type, random)),
    );
  return samples.get(type);
}

/** Routes that end something when asked properly, or only repeat others. */
const LEFT_OUT = /^\/(api\/v1(\/|$)|help)/;

/**
 * @param {'master' | 'agent'} daemon
 * @param {string[]} routes as the daemon lists them
 * @param {{ victim: () => object | undefined, senderPid: string }} context
 */
export function targetsOf(daemon, routes, { victim, senderPid }) {
  return [
    ...APIS[daemon].map((api) => apiTarget(daemon, api, victim)),
    ...routes.filter((path) => !LEFT_OUT.test(path)).map((path) => routeTarget(daemon, path)),
    ...libprocessMessages().map((message) => messageTarget(daemon, message, senderPid)),
  ];
}
