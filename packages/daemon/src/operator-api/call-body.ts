/**
 * From the body of a v1 request to a call message. The texts are the original's, with the field and the rule behind them
 * where the original only said that parsing failed.
 */
import { JsonSyntaxError, type MessageType, MissingFieldsError, WireError } from '@mesolite/wire';
import { HttpError } from '../http/http-error.ts';
import type { MediaType } from '../http/media-type.ts';

const PROTOBUF_FAILURE = 'Failed to parse body into Call protobuf';

/** Throws HttpError 400. Bytes that are no protobuf get the bare text, a message lacking fields gets their names too. */
export function parseCall<C extends object>(type: MessageType<C>, mediaType: MediaType, body: Buffer): C {
  try {
    return mediaType === 'application/json' ? type.fromJson(body.toString('utf8')) : type.decode(body);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    if (mediaType === 'application/x-protobuf') {
      const named = error instanceof MissingFieldsError ? `: ${error.message}` : '';
      throw new HttpError(400, `${PROTOBUF_FAILURE}${named}`);
    }
    const what = error instanceof JsonSyntaxError ? 'parse body into JSON' : 'convert JSON into Call protobuf';
    throw new HttpError(400, `Failed to ${what}: ${error.message}`);
  }
}
