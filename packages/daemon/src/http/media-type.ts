/**
 * Content negotiation of the v1 APIs. The texts are the original's: clients show and match them.
 * As there, Content-Type is compared whole (a charset parameter is refused), Accept is parsed with its q values.
 */
import { HttpError } from './http-error.ts';
import type { HttpRequest } from './request.ts';

export type MediaType = 'application/json' | 'application/x-protobuf';

/** The type of the request's body. Throws HttpError 400 when the header is missing, 415 for any other type. */
export function requestMediaType(request: Pick<HttpRequest, 'headers'>): MediaType {
  const type = request.headers['content-type'];
  if (type === undefined) throw new HttpError(400, "Expecting 'Content-Type' to be present");
  if (type === 'application/json' || type === 'application/x-protobuf') return type;
  throw new HttpError(415, "Expecting 'Content-Type' of application/json or application/x-protobuf");
}

/** The type to answer with: JSON when both or anything is accepted. Throws HttpError 406 when neither is. */
export function acceptedMediaType(request: Pick<HttpRequest, 'headers'>): MediaType {
  const accept = request.headers.accept;
  if (accepts(accept, 'application/json')) return 'application/json';
  if (accepts(accept, 'application/x-protobuf')) return 'application/x-protobuf';
  throw new HttpError(406, "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'");
}

/** Whether an Accept header (absent: everything) allows `type`; the most specific entry decides. */
export function accepts(header: string | undefined, type: string): boolean {
  if (header === undefined) return true;
  return listAllows(header, [type, `${type.slice(0, type.indexOf('/'))}/*`, '*/*']);
}

/** Whether an Accept-Encoding header (absent or empty: none) allows `encoding`. */
export function acceptsEncoding(header: string | undefined, encoding: string): boolean {
  return header !== undefined && listAllows(header, [encoding, '*']);
}

/** The first of `candidates` that the list names decides: allowed unless its q is zero or not a number. */
function listAllows(header: string, candidates: readonly string[]): boolean {
  const entries = header
    .replace(/[ \t\n]/g, '')
    .toLowerCase()
    .split(',')
    .filter((entry) => entry !== '');
  for (const candidate of candidates) {
    for (const entry of entries) {
      const [name, ...parameters] = entry.split(';');
      if (name !== candidate) continue;
      const q = parameters.filter((parameter) => parameter.startsWith('q='));
      return q.length !== 1 || Number(q[0]!.slice(2)) > 0;
    }
  }
  return false;
}
