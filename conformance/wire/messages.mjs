/**
 * The messages that daemons, drivers and executors send each other, from their names and bytes to plain values and back.
 * Reads nothing from files and holds no conversation.
 */
import * as wire from '@mesolite/wire';

const TYPES = new Map(
  Object.values(wire)
    .filter((value) => value !== null && typeof value === 'object' && value.kind === 'message')
    .map((type) => [wire.wireName(type), type]),
);

function typeOf(name) {
  const type = TYPES.get(name);
  if (type === undefined) throw new Error(`no message is called ${name}`);
  return type;
}

/** Throws when the body lacks a required field. */
export function readMessage(name, body) {
  return typeOf(name).decode(body);
}

export function encodeMessage(name, message) {
  return typeOf(name).encode(message);
}

/** What is wrong with a body in itself: nothing when it holds only what the schema knows, written as the original does. */
export function bodyFault(name, body) {
  const type = typeOf(name);
  const message = type.decode(body);
  if (!type.encode(message).equals(body)) return 'is not written as it was read';
  return holdsUnknown(message) ? 'holds fields that the schema does not know' : undefined;
}

function holdsUnknown(value) {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return false;
  return (value[wire.UNKNOWN]?.length ?? 0) > 0 || Object.values(value).some(holdsUnknown);
}

/** `{ id, port }` of a process by its PID, `id@ip:port`. */
export function processOf(pid) {
  const match = /^(.*)@[^@:]*:(\d+)$/.exec(pid);
  return match === null ? { id: pid, port: 0 } : { id: match[1], port: Number(match[2]) };
}

/**
 * What the start of a request says: the sender's PID, the receiver's id, what the message is called.
 * @param {{ start: string, headers: Readonly<Record<string, string | undefined>> }} request
 * @returns {{ from: string, to: string, name: string } | undefined}
 */
export function envelopeOf({ start, headers }) {
  const from = headers['libprocess-from'];
  const match = /^POST \/([^/]*)\/(\S+) HTTP\/1\.1$/.exec(start);
  if (from === undefined || match === null) return undefined;
  return { from, to: decodeURIComponent(match[1] ?? ''), name: match[2] ?? '' };
}

/** Whom or what a message is about, where several such things happen independently of each other. */
export function subjectOf(name, value) {
  if (name === 'mesos.internal.StatusUpdateMessage') return value.update.status.task_id.value;
  if (name === 'mesos.internal.StatusUpdateAcknowledgementMessage') return value.task_id.value;
  return '';
}

/** What makes two messages of one lane the same one, apart from ids. */
export function keyOf(name, value) {
  const short = name.slice(name.lastIndexOf('.') + 1);
  if (name === 'mesos.internal.StatusUpdateMessage') {
    const { task_id, state } = value.update.status;
    return `${short} ${task_id.value} ${state}`;
  }
  if (name === 'mesos.scheduler.Call') return `${short} ${value.type}`;
  if (name === 'mesos.internal.PingSlaveMessage') return `${short} ${value.connected}`;
  return short;
}
