/** The message types the package exports, for tests that walk all of them. */
import * as wire from '../src/index.ts';

/** A message type seen without its own message: any record goes in and out. */
export type AnyMessageType = wire.MessageType<Record<string | symbol, unknown>>;

export function allMessageTypes(): AnyMessageType[] {
  return Object.values(wire).filter(
    (value): value is AnyMessageType =>
      typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'message',
  );
}
