/** Addresses of a ZooKeeper ensemble: `zk://[user:password@]host1:port1,host2:port2/path` (kernel specification 4.7). */
import { err, ok, type Result } from '@mesolite/base';

export interface ZkUrl {
  /** `host:port` of each server, divided by commas. */
  readonly servers: string;
  /** Absolute, without a slash at the end; `/` alone where the address names none. */
  readonly path: string;
  readonly credentials?: { readonly user: string; readonly password: string } | undefined;
}

const DEFAULT_PORT = 2181;

/** The error never quotes the address: there may be a password in it. */
export function parseZkUrl(text: string): Result<ZkUrl> {
  const rest = text.trim();
  if (!rest.startsWith('zk://')) return err("Expecting 'zk://' at the beginning of the URL");
  const body = rest.slice('zk://'.length);
  const slash = body.indexOf('/');
  const authority = slash < 0 ? body : body.slice(0, slash);
  const path = slash < 0 ? '/' : body.slice(slash);
  const at = authority.lastIndexOf('@');
  const servers = parseServers(authority.slice(at + 1));
  if (!servers.ok) return servers;
  if (path !== '/' && (path.endsWith('/') || path.includes('//')))
    return err(`Expecting a path without empty parts, not '${path}'`);
  if (at < 0) return ok({ servers: servers.value, path });
  const credentials = authority.slice(0, at);
  const colon = credentials.indexOf(':');
  if (colon < 1) return err("Expecting 'user:password' before the '@'");
  return ok({
    servers: servers.value,
    path,
    credentials: { user: credentials.slice(0, colon), password: credentials.slice(colon + 1) },
  });
}

/** As {@link parseZkUrl} where nodes are made below the path, which then cannot be the root. */
export function parseZkPlace(text: string): Result<ZkUrl> {
  const url = parseZkUrl(text);
  if (url.ok && url.value.path === '/') return err("Expecting a (chroot) path for ZooKeeper ('/' is not supported)");
  return url;
}

function parseServers(text: string): Result<string> {
  const servers: string[] = [];
  for (const part of text.split(',')) {
    const match = /^([^\s:/@]+)(?::(\d{1,5}))?$/.exec(part.trim());
    const port = Number(match?.[2] ?? DEFAULT_PORT);
    if (match === null || port < 1 || port > 65_535)
      return err(`Expecting servers as host:port divided by commas, not '${part}'`);
    servers.push(`${match[1]}:${port}`);
  }
  return ok(servers.join(','));
}
