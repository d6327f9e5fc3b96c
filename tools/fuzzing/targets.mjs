/**
 * Everything that can be spoken to: each HTTP route that a daemon lists itself, each call of its APIs in both encodings,
 * each libprocess message. A target makes its requests from a seeded stream.
 */
import { DRIVER_MESSAGE_TYPES } from '@mesolite/master/core';
import {
  AgentCall,
  ExecutorCall,
  MachineID,
  MaintenanceSchedule,
  MasterCall,
  SchedulerCall,
  V0SchedulerCall,
  wireName,
} from '@mesolite/wire';
import { lendToExecutorCall, lendToMessage, lendToSchedulerCall, lentToDriver } from './lending.mjs';
import { mutateBytes, mutateHeaders, mutateJson, mutatePath, oddQuery, pick } from './mutations.mjs';
import { callOf, libprocessMessages, sample } from './seeds.mjs';

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

/** How many requests in ten carry ids that exist. */
const LENT_OF_TEN = 7;

/** Calls of an API, spoiled in any of their parts. `victim` lends ids that exist to some of them. */
function apiTarget(daemon, { path, type }, victim) {
  return {
    name: `${daemon} POST ${path}`,
    daemon,
    make(random) {
      const call = callOf(type, random);
      const lent = random.below(10) < LENT_OF_TEN ? victim() : undefined;
      if (lent !== undefined && type === SchedulerCall) lendToSchedulerCall(call, lent, random);
      if (lent !== undefined && type === ExecutorCall) lendToExecutorCall(call, lent, random);
      const json = random.below(2) === 0;
      let body = Buffer.from(json ? type.toJson(call) : type.encode(call));
      let headers = {
        Host: '127.0.0.1',
        'Content-Type': json ? 'application/json' : 'application/x-protobuf',
        Accept: random.below(2) === 0 ? 'application/json' : 'application/x-protobuf',
      };
      if (lent !== undefined && type === SchedulerCall && call.type !== 'SUBSCRIBE') {
        headers['Mesos-Stream-Id'] = lent.streamId;
      }
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

/** Routes that take JSON: what they want one of, or (in a list) some of. */
const DOCUMENTS = {
  '/maintenance/schedule': MaintenanceSchedule,
  '/machine/down': [MachineID],
  '/machine/up': [MachineID],
};

function documentFor(path, random) {
  const wanted = DOCUMENTS[path];
  const text = Array.isArray(wanted)
    ? `[${Array.from({ length: random.below(3) }, () => wanted[0].toJson(sample(wanted[0], random))).join(',')}]`
    : wanted.toJson(sample(wanted, random));
  return Buffer.from(random.below(3) === 0 ? text : mutateJson(random, text));
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
      if (path in DOCUMENTS && random.below(2) === 0) {
        const body = documentFor(path, random);
        return { bytes: http('POST', target, { ...headers, 'Content-Length': body.length }, body) };
      }
      const body = method === 'POST' ? Buffer.from(oddQuery(random).slice(1)) : Buffer.alloc(0);
      if (body.length > 0) headers['Content-Type'] ??= 'application/x-www-form-urlencoded';
      return { bytes: http(method, target, { ...headers, 'Content-Length': body.length }, body) };
    },
  };
}

/** What v0 drivers say, by name. */
const OF_DRIVERS = new Map(Object.values(DRIVER_MESSAGE_TYPES).map((type) => [wireName(type), type]));

/** A message in the name of a driver that has subscribed, about its framework and its offers. */
function driverTarget(name, driver) {
  const type = OF_DRIVERS.get(name);
  return {
    name: `master ${name}`,
    daemon: 'master',
    isMessage: true,
    make(random) {
      const message = type === V0SchedulerCall ? callOf(type, random) : sample(type, random);
      const lent = random.below(10) < LENT_OF_TEN ? driver.lend() : undefined;
      const valid = Buffer.from(type.encode(lent === undefined ? message : lentToDriver(message, lent, random)));
      const body = random.below(4) === 0 ? valid : mutateBytes(random, valid);
      const headers = { Host: '127.0.0.1', 'Libprocess-From': driver.pid, 'Content-Length': body.length };
      return { bytes: http('POST', `/master/${name}`, headers, body) };
    },
  };
}

/** A libprocess message as a peer might send it, its sender and body spoiled. */
function messageTarget(daemon, { name, type }, { sink, victim, driver }) {
  if (daemon === 'master' && OF_DRIVERS.has(name)) return driverTarget(name, driver);
  return {
    name: `${daemon} ${name}`,
    daemon,
    isMessage: true,
    make(random) {
      const lent = random.below(10) < LENT_OF_TEN ? victim() : undefined;
      const seed = pick(random, samplesOf(type, random));
      const named =
        lent === undefined ? seed : lendToMessage(seed, { framework_id: lent.frameworkId, agent_id: sink.agentId() });
      const valid = Buffer.from(type.encode(named));
      const body = random.below(8) === 0 ? valid : mutateBytes(random, valid);
      const from =
        random.below(10) > 0
          ? sink.pid
          : pick(random, ['', 'x', '@', 'a@b', 'a@1.2.3.4:99999', `${'z'.repeat(2000)}@127.0.0.1:1`]);
      const headers = { Host: '127.0.0.1', 'Libprocess-From': from, 'Content-Length': body.length };
      if (random.below(3) === 0) headers['User-Agent'] = `libprocess/${from}`;
      const to = random.below(20) > 0 ? PROCESS_IDS[daemon][0] : pick(random, PROCESS_IDS[daemon]);
      // To a sender that cannot be one, libprocess has always answered 500.
      return { bytes: http('POST', `/${to}/${name}`, headers, body), mayFail: from !== sink.pid };
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
 * @param {{ victim: () => object | undefined, sink: { pid: string, agentId: () => object | undefined },
 *   driver: import('./victim-driver.mjs').VictimDriver }} context
 */
export function targetsOf(daemon, routes, context) {
  return [
    ...APIS[daemon].map((api) => apiTarget(daemon, api, context.victim)),
    ...routes.filter((path) => !LEFT_OUT.test(path)).map((path) => routeTarget(daemon, path)),
    ...libprocessMessages().map((message) => messageTarget(daemon, message, context)),
  ];
}
