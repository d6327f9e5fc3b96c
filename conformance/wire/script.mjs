/**
 * Makes of a recording the script of a replay in which one of the recorded daemons is ours: what the stand-ins of all
 * others send, what ours has to send, and when who dies and returns. Pure; knows neither sockets nor daemons.
 *
 * Steps, by `kind`: `send` and `expect` (a message), `request`, `event` and `close` (HTTP APIs), `end-command` (the
 * command of a task ends here), `leave` (a driver or executor goes), `operate` (an operator calls), `die` and `return` (`who`: a daemon).
 */
import { keyOf, processOf } from './messages.mjs';

export const PORTS = { master: 5050, agent: 5051 };
const API = { master: 'scheduler', agent: 'executor' };

/** Pings come as time passes: of several alike in a row so many are waited for, which is enough to know that they recur. */
const PINGS_IN_A_ROW = 2;
const REGISTER = 'mesos.internal.RegisterSlaveMessage';
const REGISTERED = 'mesos.internal.SlaveRegisteredMessage';
const PING = 'mesos.internal.PingSlaveMessage';
const PONG = 'mesos.internal.PongSlaveMessage';
const UPDATE = 'mesos.internal.StatusUpdateMessage';
const ENDED = /^TASK_(FINISHED|FAILED|KILLED)$/;

/**
 * @param {'master' | 'agent'} ours which of the daemons is ours
 * @param {readonly object[]} moments as `readConversation` gives them
 * @param {{ deaths?: readonly { t: number, who: string, kind: 'die' | 'return' }[], until?: number,
 *   builtInExecutors?: boolean, leftOut?: { port: number, names: readonly string[] } }} scene `builtInExecutors`: the recorded executors were the original's own, which ours
 *   runs inside the agent
 */
export function scriptFor(
  ours,
  moments,
  { deaths = [], until = Number.POSITIVE_INFINITY, builtInExecutors = false, leftOut } = {},
) {
  const steps = moments
    .filter((moment) => moment.t <= until && !isLeftOut(moment, leftOut))
    .flatMap((moment) => stepsOf(ours, moment, builtInExecutors));
  const all = [...steps, ...deaths].map((step, index) => [step, index]);
  const ordered = all.sort(([a, i], [b, j]) => a.t - b.t || i - j).map(([step]) => step);
  return withFewPings(ours, withoutRetries(ours, ordered));
}

function isLeftOut({ kind, name, from, to }, leftOut) {
  if (kind !== 'message' || leftOut?.names.includes(name) !== true) return false;
  return to.port === leftOut.port || processOf(from).port === leftOut.port;
}

function stepsOf(ours, moment, builtInExecutors) {
  if (moment.kind === 'operate') return moment.who === ours ? [moment] : [];
  if (moment.kind === 'end') return leaveOf(ours, moment, builtInExecutors);
  if (moment.kind !== 'message') {
    // Whether the original did what a call asked for, the recording does not tell when it ended before the answer.
    if (moment.kind === 'request' && moment.response === undefined) return [];
    return moment.api === API[ours] && !(builtInExecutors && moment.api === 'executor') ? [moment] : [];
  }
  const from = processOf(moment.from);
  const fromExecutor = /^executor\(/.test(from.id);
  if (builtInExecutors && (fromExecutor || /^executor\(/.test(moment.to.id))) {
    const ended = moment.name === UPDATE && ENDED.test(moment.value.update.status.state);
    const taskId = moment.value.update?.status.task_id.value;
    return ours === 'agent' && fromExecutor && ended ? [{ t: moment.t, kind: 'end-command', taskId }] : [];
  }
  if (from.port === PORTS[ours]) return [{ ...moment, kind: 'expect' }];
  return moment.to.port === PORTS[ours] ? [{ ...moment, kind: 'send' }] : [];
}

/** Where one of those that come and go closed its connection to ours. Its port is that of its own listening end. */
function leaveOf(ours, { t, flow, by }, builtInExecutors) {
  const port = Number(flow.slice(flow.lastIndexOf('-') + 1));
  if (Object.values(PORTS).includes(port) || by !== 'server') return [];
  return builtInExecutors && ours === 'agent' ? [] : [{ t, kind: 'leave', port }];
}

/**
 * How often an agent registers before it is answered depends on time. The stand-in's second attempt follows the answer
 * to its first one, so that it gets one too; ours is expected to need a single one.
 */
function withoutRetries(ours, steps) {
  const at = steps.findIndex(({ name }) => name === REGISTER);
  const again = steps.findIndex(({ name }, index) => index > at && name === REGISTER);
  const answer = steps.findIndex(({ name }) => name === REGISTERED);
  if (at < 0 || again < 0) return steps;
  const rest = steps.toSpliced(again, 1);
  if (ours === 'agent') return rest;
  return again < answer ? rest.toSpliced(answer, 0, steps[again]) : steps;
}

/** A stand-in agent answers every ping as it comes; see PINGS_IN_A_ROW. */
function withFewPings(ours, steps) {
  const rows = new Map();
  return steps.filter((step) => {
    if (step.kind === 'return') rows.clear();
    if (step.name === PONG && ours === 'master') return false;
    if (step.name !== PING && step.name !== PONG) return true;
    const key = keyOf(step.name, step.value);
    const count = (rows.get(key) ?? 0) + 1;
    if (step.name === PING)
      for (const other of rows.keys()) if (other !== key && other.startsWith('Ping')) rows.delete(other);
    rows.set(key, count);
    return count <= PINGS_IN_A_ROW;
  });
}
