/** Where a daemon may be found: parsed once, asked again at every attempt to connect. */
import { err, ok, type Result } from '@mesolite/base';

/**
 * `host:port`, a comma-separated list or an array of them (any master; a follower redirects to the leader), or a
 * function asked before every attempt, for detectors of one's own.
 */
export type DaemonAddress = string | readonly string[] | (() => string | undefined | Promise<string | undefined>);

/**
 * `http://host:port` of `127.0.0.1:5050`, `host` (with `defaultPort`), a master's pid (`master@host:port`, as `/state` names
 * the leader) or an http(s) URL. The error says which form is wanted.
 */
export function parseOrigin(text: string, defaultPort: number): Result<string> {
  const trimmed = text.trim();
  if (trimmed.startsWith('zk://'))
    return err(`'${trimmed}': nobody here asks ZooKeeper; give host:port, or a function that tells who leads`);
  const [scheme, rest] = /^(https?):\/\/(.*)$/.exec(trimmed)?.slice(1) ?? ['http', trimmed.replace(/^master@/, '')];
  if (rest === undefined || !/^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?\/?$/.test(rest))
    return err(`'${trimmed}' is no address: expecting host:port`);
  const hostAndPort = rest.replace(/\/$/, '');
  const port = /:(\d+)$/.exec(hostAndPort)?.[1];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))
    return err(`'${trimmed}' is no address: a port is between 1 and 65535`);
  return ok(`${scheme}://${port === undefined ? `${hostAndPort}:${defaultPort}` : hostAndPort}`);
}

/** The origin a redirect points at. Mesos writes `//host:port/path`, without a scheme; the request's own then holds. */
export function redirectOrigin(location: string | undefined, requestOrigin: string): string | undefined {
  if (location === undefined) return undefined;
  try {
    const target = new URL(location, requestOrigin);
    return target.origin === 'null' ? undefined : target.origin;
  } catch {
    return undefined;
  }
}

/** Walks through the candidates, one per attempt. */
export class AddressBook {
  /** What is wrong with a fixed list, for good; a function's answers are judged one by one. */
  readonly error: string | undefined;
  readonly #ask: () => string | undefined | Promise<string | undefined>;
  readonly #defaultPort: number;

  constructor(address: DaemonAddress, defaultPort: number) {
    this.#defaultPort = defaultPort;
    if (typeof address === 'function') {
      this.#ask = address;
      return;
    }
    const list = (typeof address === 'string' ? address.split(',') : address).map((item) => item.trim());
    const parsed = list.map((item) => parseOrigin(item, defaultPort));
    this.error = parsed.flatMap((result) => (result.ok ? [] : [result.error]))[0];
    let turn = 0;
    this.#ask = () => list[turn++ % list.length];
  }

  /** The next candidate's origin. */
  async next(): Promise<Result<string>> {
    const answer = await this.#ask();
    if (answer === undefined || answer === '') return err('no master is known at the moment');
    return parseOrigin(answer, this.#defaultPort);
  }
}
