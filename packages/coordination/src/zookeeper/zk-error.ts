/** Why an operation on ZooKeeper failed, in words the rest of the code can act on. */
import { type ClientError, library } from './library.ts';

export type ZkErrorKind =
  | 'no-node'
  | 'node-exists'
  | 'bad-version'
  | 'not-empty'
  | 'no-auth'
  /** The connection broke meanwhile, or there was none in time: the operation may have been carried out. */
  | 'unknown-outcome'
  /** The session is over: nothing more is done in it. */
  | 'session-lost'
  | 'refused';

export interface ZkError {
  readonly kind: ZkErrorKind;
  readonly text: string;
}

const { Exception } = library;

const KINDS = new Map<number | undefined, ZkErrorKind>([
  [Exception.NO_NODE, 'no-node'],
  [Exception.NODE_EXISTS, 'node-exists'],
  [Exception.BAD_VERSION, 'bad-version'],
  [Exception.NOT_EMPTY, 'not-empty'],
  [Exception.NO_AUTH, 'no-auth'],
  [Exception.INVALID_ACL, 'no-auth'],
  [Exception.AUTH_FAILED, 'no-auth'],
  [Exception.CONNECTION_LOSS, 'unknown-outcome'],
  [Exception.OPERATION_TIMEOUT, 'unknown-outcome'],
  [Exception.SESSION_EXPIRED, 'session-lost'],
]);

export function zkError(error: ClientError, what: string): ZkError {
  return { kind: KINDS.get(error.code) ?? 'refused', text: `${what}: ${error.message}` };
}
