/** The two forms a message may travel in, behind one face. */
import { err, ok, type Result } from '@mesolite/base';
import type { MessageType } from '@mesolite/wire';
import { ApiError } from './api-error.ts';

/** `protobuf` is smaller and faster; `json` can be read on the wire. */
export type Codec = 'json' | 'protobuf';

export function mediaTypeOf(codec: Codec): string {
  return codec === 'json' ? 'application/json' : 'application/x-protobuf';
}

export function encodeMessage<M extends object>(
  type: MessageType<M>,
  message: M,
  codec: Codec,
): Result<Buffer, ApiError> {
  try {
    return ok(codec === 'json' ? Buffer.from(type.toJson(message)) : type.encode(message));
  } catch (error) {
    return err(new ApiError('invalid', `cannot write ${type.fullName}: ${(error as Error).message}`));
  }
}

export function decodeMessage<M extends object>(
  type: MessageType<M>,
  bytes: Uint8Array,
  codec: Codec,
): Result<M, ApiError> {
  try {
    return ok(codec === 'json' ? type.fromJson(Buffer.from(bytes).toString()) : type.decode(bytes));
  } catch (error) {
    return err(new ApiError('malformed', `cannot read ${type.fullName}: ${(error as Error).message}`));
  }
}
