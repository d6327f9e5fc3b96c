/**
 * From the body of a v1 request to a call message. The texts are the original's, with the field and the rule behind them
 * where the original only said that parsing failed.
 */
import { JsonSyntaxError, type MessageType, WireError } from '@mesolite/wire';
import { HttpError } from '../http/http-error.ts';
import type { MediaType } from '../http/media-type.ts';

/** Throws HttpError 400 naming what is wrong. */
export function parseCall<C extends object>(type: MessageType<C>, mediaType: MediaType, body: Buffer): C {
  try {
    return mediaType === 'application/json' ? type.fromJson(body.toString('utf8')) : type.decode(body);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    if (mediaType === 'application/x-protobuf') {
      throw new HttpError(400, `Failed to parse body into Call protobuf: ${error.message}`);
    }
    const what = error instanceof JsonSyntaxError ? 'parse body into JSON' : 'convert JSON into Call protobuf';
    throw new HttpError(400, `Failed to ${what}: ${error.message}`);
  }
}
