/**
 * Messages on their way, opened once for all who look on, and once more at most for who receives them.
 *
 * What a receiver gets is its own: cores change what they are sent. Who looks on does so before that, and keeps no part.
 */
import type { MessageType } from '@mesolite/wire';

const opened = new WeakMap<Uint8Array, object>();

/** For those who look on. `type` is always the same for one body. */
export function look<M extends object>(type: MessageType<M>, body: Uint8Array): M {
  let message = opened.get(body);
  if (message === undefined) {
    message = type.decode(body);
    opened.set(body, message);
  }
  return message as M;
}

/** For a receiver. */
export function receive<M extends object>(type: MessageType<M>, body: Uint8Array): M {
  const message = opened.get(body);
  if (message === undefined) return type.decode(body);
  opened.delete(body);
  return message as M;
}
