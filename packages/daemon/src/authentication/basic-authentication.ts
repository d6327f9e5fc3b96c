/**
 * Who an HTTP request comes from, by `Authorization: Basic` (kernel specification 10.1). A request that does not say, or says
 * it wrongly, is nobody's: it is refused, never let in as anybody.
 */
import { timingSafeEqual } from 'node:crypto';
import { HttpError } from '../http/http-error.ts';
import type { HttpRequest } from '../http/request.ts';
import type { Secrets } from './credentials.ts';

/** Answers the principal; throws the 401 that asks for one. */
export function basicAuthentication(
  realm: string,
  secrets: Secrets,
): (request: Pick<HttpRequest, 'headers'>) => string {
  return (request) => {
    const principal = principalOf(request.headers.authorization, secrets);
    if (principal !== undefined) return principal;
    throw new HttpError(401, '401 Unauthorized.', { 'WWW-Authenticate': `Basic realm="${realm}"` });
  };
}

function principalOf(authorization: string | undefined, secrets: Secrets): string | undefined {
  const match = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/.exec(authorization ?? '');
  if (match === null) return undefined;
  const text = Buffer.from(match[1]!, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  const principal = text.slice(0, colon);
  const given = Buffer.from(text.slice(colon + 1));
  const secret = secrets.get(principal);
  const expected = Buffer.from(secret ?? '');
  // As much work for an unknown principal, whose name is thus not told by how long it takes.
  const same = given.length === expected.length;
  const isRight = timingSafeEqual(same ? given : expected, expected) && same;
  return isRight && secret !== undefined ? principal : undefined;
}
