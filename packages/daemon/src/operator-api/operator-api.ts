/**
 * `POST /api/v1`: negotiation, parsing, the calls about the process, and a door for those about the cluster. The order of
 * the refusals is the master's.
 *
 * Departs from Mesos: calls that are known but not built yet get 501 with their name instead of an answer.
 */
import type { MessageType } from '@mesolite/wire';
import { HttpError } from '../http/http-error.ts';
import { acceptedMediaType, type MediaType, requestMediaType } from '../http/media-type.ts';
import type { HttpReply } from '../http/reply.ts';
import type { HttpServer } from '../http/server.ts';
import { parseCall } from './call-body.ts';
import { answerProcessCall, type ProcessCall, type ProcessFacts, type ProcessResponse } from './process-calls.ts';

export type OperatorAnswer<R> =
  | {
      readonly kind: 'response';
      readonly response: R;
      /** The JSON text, where the general writer would leave out lists that clients walk. */
      readonly json?: () => string;
    }
  | { readonly kind: 'reply'; readonly reply: HttpReply };

/** An answer whose JSON is written by hand, under the key named like its type. */
export function listedAnswer<R extends { readonly type?: string | undefined }>(
  response: R,
  json: () => string,
): OperatorAnswer<R> {
  const type = response.type ?? '';
  return { kind: 'response', response, json: () => `{"type":"${type}","${type.toLowerCase()}":${json()}}` };
}

export interface OperatorApi<C extends ProcessCall, R extends object> {
  /** As errors name it, such as `master::Call`. */
  readonly callName: string;
  readonly callType: MessageType<C>;
  readonly responseType: MessageType<R>;
  /** Parts a call may come without though it is named after them. */
  readonly optionalParts: readonly string[];
  readonly facts: ProcessFacts;
  /** Answers a call about the cluster; nothing for one that is not built. May throw or reject with HttpError. */
  readonly answer: (call: C) => OperatorAnswer<R> | undefined | Promise<OperatorAnswer<R> | undefined>;
}

/** A read is small; a body larger than this (in bytes) is refused with 413. */
const MAX_CALL_BYTES = 8 * 1024 * 1024;

export function mountOperatorApi<C extends ProcessCall, R extends object>(
  server: HttpServer,
  api: OperatorApi<C, R | ProcessResponse>,
): void {
  const required = new Map(
    api.callType.fields
      .filter(({ name }) => name !== 'type' && !api.optionalParts.includes(name))
      .map(({ name }) => [name.toUpperCase(), name]),
  );
  const invalid = (text: string): HttpError => new HttpError(400, `Failed to validate ${api.callName}: ${text}`);
  server.route(
    '/api/v1',
    async (request) => {
      const mediaType = requestMediaType(request);
      const call = parseCall(api.callType, mediaType, await request.body(MAX_CALL_BYTES));
      if (call.type === undefined || call.type === 'UNKNOWN') throw invalid("Expecting 'type' to be present");
      const part = required.get(call.type);
      if (part !== undefined && (call as Record<string, unknown>)[part] === undefined) {
        throw invalid(`Expecting '${part}' to be present`);
      }
      const accepted = acceptedMediaType(request);
      const answer = (await answerProcessCall(call, api.facts)) ?? (await api.answer(call));
      if (answer === undefined) throw new HttpError(501, `Call ${call.type} is not built yet`);
      return answer.kind === 'reply' ? answer.reply : encode(answer, api.responseType, accepted);
    },
    { methods: ['POST'], prefix: true },
  );
}

function encode<R extends object>(
  answer: Extract<OperatorAnswer<R>, { kind: 'response' }>,
  type: MessageType<R>,
  accepted: MediaType,
): HttpReply {
  const body =
    accepted === 'application/x-protobuf'
      ? type.encode(answer.response)
      : (answer.json?.() ?? type.toJson(answer.response));
  return { status: 200, body, contentType: accepted };
}
