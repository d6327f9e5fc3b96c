/** Normalisation of request paths: pure text in, text out. */
import { err, ok, type Result } from '@mesolite/base';

export interface RequestPath {
  readonly path: string;
  readonly query: URLSearchParams;
}

/**
 * Splits a request target into path and query, decodes the path, strips one leading component when it is a known process
 * id, trims trailing slashes. The error is the HTTP status to answer: 400 for a bad encoding, 404 for a path with `..`.
 */
export function parseRequestPath(target: string, processIds: ReadonlySet<string>): Result<RequestPath, 400 | 404> {
  const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(target);
  const local = origin === null ? target : target.slice(origin[0].length);
  const end = local.search(/[?#]/);
  const rawPath = end < 0 ? local : local.slice(0, end);
  const rest = end < 0 || local[end] === '#' ? '' : local.slice(end + 1);
  const hash = rest.indexOf('#');
  let decoded: string;
  try {
    decoded = decodeURIComponent(rawPath);
  } catch {
    return err(400);
  }
  if (decoded.includes('\0')) return err(400);
  const components = decoded.split('/').filter((component) => component !== '');
  if (components.includes('..')) return err(404);
  if (rawPath !== '' && !rawPath.startsWith('/')) return err(404);
  if (components.length > 0 && processIds.has(components[0]!)) components.shift();
  return ok({ path: `/${components.join('/')}`, query: new URLSearchParams(hash < 0 ? rest : rest.slice(0, hash)) });
}
