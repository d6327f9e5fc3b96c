/**
 * What a master core wants done, in order. Plain immutable data: bytes and values, never a reference into a table.
 * The host keeps the order per destination.
 */
import type { SchedulerEvent } from '@mesolite/wire';
import type { ConnectionId, PendingId } from './inputs.ts';
import type { RegistryOperation } from './state/registry-operation.ts';

export type MasterEffect =
  /** A libprocess message from the process `from` (its id) to a pid. */
  | {
      readonly kind: 'send';
      readonly from: string;
      readonly to: string;
      readonly name: string;
      readonly body: Uint8Array;
    }
  /** Keep a persistent connection to the peer and tell when it breaks. */
  | { readonly kind: 'link'; readonly to: string }
  /**
   * Find out who the driver or agent `client` is, for which the process `peer` speaks; an attempt of the same client that
   * is under way is given up. Answered by `client-authenticated` or `client-refused`.
   */
  | { readonly kind: 'authenticate-client'; readonly client: string; readonly peer: string }
  /** A process `slave-observer(observer)` that receives pongs is to exist, or to go. */
  | { readonly kind: 'spawn-observer'; readonly observer: number }
  | { readonly kind: 'terminate-observer'; readonly observer: number }
  /** Answers a request. Without a text the body is empty. */
  | { readonly kind: 'reply'; readonly connection: ConnectionId; readonly status: number; readonly text?: string }
  /** Answers a SUBSCRIBE: 200, the header Mesos-Stream-Id and a stream, known by the same id from now on. */
  | { readonly kind: 'open-stream'; readonly connection: ConnectionId; readonly streamId: string }
  | { readonly kind: 'stream-event'; readonly connection: ConnectionId; readonly event: SchedulerEvent }
  | { readonly kind: 'close-stream'; readonly connection: ConnectionId }
  /** Answered by `registry-written`. */
  | { readonly kind: 'write-registry'; readonly pending: PendingId; readonly operation: RegistryOperation }
  /** Wants `timer-fired` at or after this monotonic time; replaces the earlier wish. */
  | { readonly kind: 'wake-at'; readonly monotonicMs: number }
  /** Work is left for a later turn: wants `turn-came` once, after the inputs that are there by now. */
  | { readonly kind: 'continue-soon' }
  /** State may be wrong, or a promise cannot be kept: the process must end. */
  | { readonly kind: 'exit'; readonly code: number; readonly text: string };

export type MasterEffectKind = MasterEffect['kind'];
