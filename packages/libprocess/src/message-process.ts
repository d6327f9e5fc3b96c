/**
 * A process that takes protobuf messages of known names. What is not for it, or cannot be decoded, is dropped, counted and
 * logged: nobody waits for an answer.
 */
import type { Counter, LinkedProcess, Log } from '@mesolite/ports';
import { type MessageType, WireError, wireName } from '@mesolite/wire';

export interface MessageProcessOptions<K extends string> {
  /** The messages it takes, by the kind the receiver knows them as. */
  readonly types: Readonly<Record<K, MessageType<object>>>;
  /** Takes a decoded message, or answers why it is refused all the same. */
  readonly receive: (kind: K, from: string, message: object, connection: number | undefined) => string | undefined;
  readonly exited: (pid: string) => void;
  /** Counts what is dropped. */
  readonly dropped: Counter;
  readonly log: Log;
}

export function messageProcess<K extends string>(options: MessageProcessOptions<K>): LinkedProcess {
  const { types, receive, exited, dropped, log } = options;
  const byName = new Map<string, { readonly kind: K; readonly type: MessageType<object> }>();
  for (const [kind, type] of Object.entries<MessageType<object>>(types))
    byName.set(wireName(type), { kind: kind as K, type });
  const drop = (text: string): void => {
    dropped.add();
    log.warning(text);
  };
  return {
    message(from, name, body, connection) {
      const known = byName.get(name);
      if (known === undefined) return drop(`Dropping message ${name} from ${from}: it is not for this process`);
      let message: object;
      try {
        message = known.type.decode(body);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        return drop(`Dropping malformed message ${name} from ${from}: ${error.message}`);
      }
      const refusal = receive(known.kind, from, message, connection);
      if (refusal !== undefined) drop(`Dropping message ${name} from ${from}: ${refusal}`);
    },
    exited,
  };
}
