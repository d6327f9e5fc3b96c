/**
 * Names under which messages travel between libprocess peers. Ours say "agent"; the wire says "slave".
 */
import type { MessageType } from '../codec/message-type.ts';

const names = new WeakMap<MessageType<object>, string>();

/** The name in a libprocess request path, such as `mesos.internal.RegisterSlaveMessage` for RegisterAgentMessage. */
export function wireName<M extends object>(type: MessageType<M>): string {
  const key = type as unknown as MessageType<object>;
  let name = names.get(key);
  if (name === undefined) {
    name = type.fullName.replace('Agent', 'Slave');
    names.set(key, name);
  }
  return name;
}

/** The id of an agent's libprocess process, also the first component of its HTTP paths. */
export const AGENT_PROCESS_ID = 'slave(1)';
export const MASTER_PROCESS_ID = 'master';

const AGENT_WORD = /agent/g;
const AGENT_CAPITALS = /AGENT/g;

/** A JSON value with v1 names as v0 clients know it: keys `agent…` become `slave…`, enum values likewise. */
export function toV0Json(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toV0Json);
  if (value === null || typeof value !== 'object') return value;
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const renamed = key.replace(AGENT_WORD, 'slave');
    result[renamed] =
      typeof item === 'string' && (key === 'reason' || key === 'source')
        ? item.replace(AGENT_CAPITALS, 'SLAVE')
        : toV0Json(item);
  }
  return result;
}
