/** Effects in the order they were decided. Emptied by the host once per turn. */
import { MASTER_PROCESS_ID, type MessageType, type SchedulerEvent, wireName } from '@mesolite/wire';
import type { MasterEffect } from './effects.ts';
import type { ConnectionId } from './inputs.ts';

export class Outbox {
  #effects: MasterEffect[] = [];

  push(effect: MasterEffect): void {
    this.#effects.push(effect);
  }

  /** A libprocess message from the process `master`. */
  send<M extends object>(to: string, type: MessageType<M>, message: M, from: string = MASTER_PROCESS_ID): void {
    this.sendBytes(to, wireName(type), type.encode(message), from);
  }

  /** The same message to many is encoded once. */
  sendEncoded<M extends object>(to: string, type: MessageType<M>, body: Uint8Array): void {
    this.sendBytes(to, wireName(type), body);
  }

  sendBytes(to: string, name: string, body: Uint8Array, from: string = MASTER_PROCESS_ID): void {
    this.#effects.push({ kind: 'send', from, to, name, body });
  }

  reply(connection: ConnectionId, status: number, text?: string): void {
    this.#effects.push(
      text === undefined ? { kind: 'reply', connection, status } : { kind: 'reply', connection, status, text },
    );
  }

  event(connection: ConnectionId, event: SchedulerEvent): void {
    this.#effects.push({ kind: 'stream-event', connection, event });
  }

  drain(): MasterEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
