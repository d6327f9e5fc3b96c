/**
 * Finds the leading master by what an operator wrote (kernel specification 4.7): `host:port`, `master@host:port`,
 * `zk://…/path`, or `file://path` of a file that says one of these.
 */
import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { err, ok, type Result } from '@mesolite/base';
import type { Clock, Detector, Log, TimerHandle, Timers } from '@mesolite/ports';
import { ZkSession } from '../zookeeper/zk-session.ts';
import { parseZkPlace, type ZkUrl } from '../zookeeper/zk-url.ts';
import { type LeadingMaster, leadingMaster } from './leading-master.ts';
import { ZkDetector } from './zk-detector.ts';

export interface MasterDetector extends Detector<LeadingMaster> {
  /** Looks again at once, where looking is not done anyway: a master's address may have changed. */
  again(): void;
  close(): void;
}

export interface MasterDetectorOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** Of ZooKeeper sessions. Default 10 s. */
  readonly sessionTimeoutMs?: number | undefined;
}

export type MasterPlace =
  | { readonly kind: 'zookeeper'; readonly url: ZkUrl }
  | { readonly kind: 'address'; readonly host: string; readonly port: number };

const DEFAULT_SESSION_TIMEOUT_MS = 10_000;
const LOOKUP_RETRY_MS = 1000;

/** What is written there. Reads the file, if it is one; asks nobody. */
export async function masterPlace(text: string, log: Log): Promise<Result<MasterPlace>> {
  const trimmed = text.trim();
  if (trimmed.startsWith('file://')) {
    const path = trimmed.slice('file://'.length);
    log.warning(`The master's address is read from '${path}'; the original calls that deprecated`);
    try {
      return await placeOf((await readFile(path, 'utf8')).trim());
    } catch {
      return err(`Failed to read from file at '${path}'`);
    }
  }
  return placeOf(trimmed);
}

/** Begins to look. Nothing is known until somebody watches. */
export function detectMaster(place: MasterPlace, options: MasterDetectorOptions): MasterDetector {
  return place.kind === 'zookeeper'
    ? new ZooKeeperMasterDetector(place.url, options)
    : new StandaloneDetector(place, options);
}

async function placeOf(text: string): Promise<Result<MasterPlace>> {
  if (text.startsWith('zk://')) {
    const url = parseZkPlace(text);
    return url.ok ? ok({ kind: 'zookeeper', url: url.value }) : url;
  }
  const match = /^(?:master@)?([^\s:/@]+):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (match === null || port < 1 || port > 65_535)
    return err(`Failed to parse '${text}': expecting host:port, zk://host:port/path or file://path`);
  return ok({ kind: 'address', host: match[1]!, port });
}

class ZooKeeperMasterDetector implements MasterDetector {
  readonly #session: ZkSession;
  readonly #detector: ZkDetector<LeadingMaster>;

  constructor(
    url: ZkUrl,
    { clock, timers, log, sessionTimeoutMs = DEFAULT_SESSION_TIMEOUT_MS }: MasterDetectorOptions,
  ) {
    this.#session = new ZkSession({ url, timeoutMs: sessionTimeoutMs, clock, timers, log });
    this.#detector = new ZkDetector({ session: this.#session, path: url.path, parse: leadingMaster, timers, log });
  }

  watch(changed: (leader: LeadingMaster | undefined) => void): () => void {
    return this.#detector.watch(changed);
  }

  again(): void {}

  close(): void {
    this.#detector.close();
    this.#session.close();
  }
}

/** The one master there is. Its name is asked for until there is an answer, and anew when told to. */
class StandaloneDetector implements MasterDetector {
  readonly #host: string;
  readonly #port: number;
  readonly #options: MasterDetectorOptions;
  readonly #watchers = new Set<(leader: LeadingMaster | undefined) => void>();
  #leader: LeadingMaster | undefined;
  #retry: TimerHandle | undefined;
  #isAsking = false;
  #closed = false;

  constructor({ host, port }: { readonly host: string; readonly port: number }, options: MasterDetectorOptions) {
    this.#host = host;
    this.#port = port;
    this.#options = options;
    if (isIPv4(host)) this.#leader = this.#at(host);
    else this.again();
  }

  watch(changed: (leader: LeadingMaster | undefined) => void): () => void {
    this.#watchers.add(changed);
    changed(this.#leader);
    return () => this.#watchers.delete(changed);
  }

  again(): void {
    this.#retry?.cancel();
    if (!isIPv4(this.#host)) void this.#resolve();
  }

  close(): void {
    this.#closed = true;
    this.#retry?.cancel();
    this.#watchers.clear();
  }

  async #resolve(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const { log, timers } = this.#options;
    try {
      // Masters name themselves by address; messages from another name would not count as theirs.
      const { address } = await lookup(this.#host, { family: 4 });
      if (this.#closed || address === this.#leader?.ip) return;
      this.#leader = this.#at(address);
      for (const changed of [...this.#watchers]) changed(this.#leader);
    } catch (error) {
      if (this.#closed) return;
      log.warning(`Failed to resolve '${this.#host}': ${(error as Error).message}`);
      this.#retry = timers.after(LOOKUP_RETRY_MS, () => void this.#resolve());
    } finally {
      this.#isAsking = false;
    }
  }

  #at(ip: string): LeadingMaster {
    const pid = `master@${ip}:${this.#port}`;
    return { id: undefined, pid, hostname: this.#host, ip, port: this.#port, info: undefined };
  }
}
