/**
 * The transport between daemons, drivers and executors: messages by PID over HTTP, links and exits.
 * Owns the local processes by id, one connection per peer address and the links. Delivers at most once, in order
 * per sender and receiver while a connection holds; retries nothing, acknowledges nothing.
 *
 * Departs from Mesos: queues are bounded, and a peer that lets one fill up is treated as gone; a persistent
 * connection ends when its last linker terminated; a link takes over a temporary connection that is still in use,
 * so that what was sent before the link is not overtaken; host names in PIDs are resolved when dialled, not when read.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { assert, BoundedMap, err, type Result } from '@mesolite/base';
import type { LinkedProcess, Links, Log } from '@mesolite/ports';
import { type Farewell, LinkTable } from './link-table.ts';
import { encodeHead } from './message-encoding.ts';
import { MessageIntake } from './message-intake.ts';
import { PeerConnection } from './peer-connection.ts';
import { type Pid, parsePid } from './pid.ts';

/** What this package needs of the daemon's HTTP server. */
export interface MessageServer {
  intercept(handler: (request: IncomingMessage, response: ServerResponse) => boolean): void;
  /** Grows in the order in which connections were accepted. */
  connectionNumber(socket: Socket): number | undefined;
  /** Known once the server listens. */
  readonly address: { readonly ip: string; readonly port: number };
}

export interface LibprocessOptions {
  readonly server: MessageServer;
  /** The address others reach this process by, when it is not the one it listens on. */
  readonly advertise?: { readonly ip: string; readonly port: number } | undefined;
  readonly log: Log;
  /** Bytes that may wait for one peer (and for all local processes together). Default 64 MiB. */
  readonly queueLimitBytes?: number | undefined;
  /** Longest body of an incoming message. Default 64 MiB. */
  readonly bodyLimitBytes?: number | undefined;
  /** All incomplete bodies together. Default 512 MiB. */
  readonly bodiesLimitBytes?: number | undefined;
  /** LIBPROCESS_REQUIRE_PEER_ADDRESS_IP_MATCH. Default false. */
  readonly requirePeerAddressIpMatch?: boolean | undefined;
}

interface Peer {
  readonly address: string;
  connection: PeerConnection;
  /** Linked: stays open while idle, and its end is told. */
  persistent: boolean;
}

type LocalEvent =
  | {
      readonly kind: 'message';
      readonly to: string;
      readonly from: string;
      readonly name: string;
      readonly body: Uint8Array;
    }
  | { readonly kind: 'exited'; readonly to: string; readonly pid: string };

const MIB = 1 << 20;
const PARSED_PIDS = 65_536;
/** Bookkeeping of a queued local message, so that empty ones have a bound too. */
const LOCAL_MESSAGE_BYTES = 128;
const CLOSE_LINGER_MS = 1_000;
const NAME = /^[!-~]*$/;

export class Libprocess implements Links {
  readonly #server: MessageServer;
  readonly #advertise: { readonly ip: string; readonly port: number } | undefined;
  readonly #log: Log;
  readonly #queueLimitBytes: number;
  readonly #intake: MessageIntake;
  readonly #processes = new Map<string, LinkedProcess>();
  readonly #peers = new Map<string, Peer>();
  /** Replaced or no longer needed: they write what they have and close in good order. */
  readonly #leaving = new Set<PeerConnection>();
  readonly #links = new LinkTable();
  readonly #pids = new BoundedMap<string, Result<Pid>>(PARSED_PIDS);
  #local: LocalEvent[] = [];
  #localBytes = 0;
  #localScheduled = false;
  #started = false;
  #closed = false;
  /** The addresses that mean this process: the one told to others, and the one listened on. Filled by `start`. */
  #ownAddresses: readonly string[] = [];

  constructor(options: LibprocessOptions) {
    this.#server = options.server;
    this.#advertise = options.advertise;
    this.#log = options.log;
    this.#queueLimitBytes = options.queueLimitBytes ?? 64 * MIB;
    this.#intake = new MessageIntake({
      bodyLimitBytes: options.bodyLimitBytes ?? 64 * MIB,
      bodiesLimitBytes: options.bodiesLimitBytes ?? 512 * MIB,
      requirePeerAddressIpMatch: options.requirePeerAddressIpMatch ?? false,
      deliver: ({ from, to, name }, body, socket) => {
        const receiver = this.#processes.get(to);
        receiver?.message(from, name, body, options.server.connectionNumber(socket));
        return receiver !== undefined;
      },
    });
  }

  /** `ip:port` others reach this process by. The server must listen already. */
  get address(): string {
    const known = this.#ownAddresses[0];
    if (known !== undefined) return known;
    const { ip, port } = this.#advertise ?? this.#server.address;
    return `${ip}:${port}`;
  }

  /** Begins to take messages. To be called once, after the server listens. */
  start(): void {
    assert(!this.#started, 'libprocess is started once');
    this.#started = true;
    const { ip, port } = this.#server.address;
    this.#ownAddresses = [this.address, `${ip}:${port}`];
    this.#server.intercept((request, response) => this.#intake.take(request, response));
  }

  /** Sends what still waits for connected peers, then closes every connection. No process hears anything afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#processes.clear();
    this.#local = [];
    const connections = [...this.#leaving, ...[...this.#peers.values()].map(({ connection }) => connection)];
    this.#peers.clear();
    await Promise.all(connections.map((connection) => connection.finish(CLOSE_LINGER_MS)));
  }

  spawn(id: string, process: LinkedProcess): void {
    assert(
      parsePid(`${id}@localhost:1`).ok,
      `${JSON.stringify(id)} must be printable ASCII without spaces and slashes`,
    );
    assert(!this.#processes.has(id), `process ${id} runs already`);
    this.#processes.set(id, process);
  }

  terminate(id: string): void {
    if (!this.#processes.delete(id)) return;
    const freed = this.#links.dropLinker(id);
    this.#tell(this.#links.takeLinkee(`${id}@${this.address}`, this.address));
    for (const address of freed) this.#release(address);
  }

  send(from: string, to: string, name: string, body: Uint8Array): void {
    if (this.#closed) return;
    assert(this.#started, 'libprocess sends after start()');
    const pid = this.#parse(to);
    if (!pid.ok || !NAME.test(name)) {
      this.#log.warning(`Dropped message ${name} to ${JSON.stringify(to)}: ${pid.ok ? 'bad message name' : pid.error}`);
      return;
    }
    const sender = this.#senderPid(from);
    const address = `${pid.value.ip}:${pid.value.port}`;
    if (this.#isOwn(address)) {
      this.#enqueueMessage(pid.value.id, sender, name, body);
      return;
    }
    const peer = this.#peers.get(address) ?? this.#dial(address, pid.value);
    peer.connection.send({ head: encodeHead(sender, pid.value, name, body.length), body });
  }

  link(from: string, to: string, options: { readonly reconnect?: boolean } = {}): void {
    if (this.#closed) return;
    assert(this.#started, 'libprocess links after start()');
    const linker = localId(from);
    // Nobody would be there to hear of the end.
    if (!this.#processes.has(linker)) return;
    const pid = this.#parse(to);
    if (!pid.ok) {
      this.#log.warning(`Cannot link ${linker} to ${JSON.stringify(to)}: ${pid.error}`);
      this.#tell([{ linker, linkee: to }]);
      return;
    }
    const address = `${pid.value.ip}:${pid.value.port}`;
    if (this.#isOwn(address)) {
      if (!this.#processes.has(pid.value.id)) this.#tell([{ linker, linkee: to }]);
      else this.#links.add(linker, `${pid.value.id}@${this.address}`, this.address);
      return;
    }
    this.#links.add(linker, to, address);
    const peer = this.#peers.get(address);
    if (peer === undefined) {
      this.#dial(address, pid.value).persistent = true;
    } else {
      if (peer.persistent && options.reconnect === true) this.#redial(peer, pid.value);
      peer.persistent = true;
    }
  }

  #parse(text: string): Result<Pid> {
    const known = this.#pids.get(text);
    if (known !== undefined) return known;
    const parsed = typeof text === 'string' ? parsePid(text) : err('not a text');
    this.#pids.set(text, parsed);
    return parsed;
  }

  /** A local process may be named by its id alone. */
  #senderPid(from: string): string {
    return from.includes('@') ? from : `${from}@${this.address}`;
  }

  #isOwn(address: string): boolean {
    return this.#ownAddresses.includes(address);
  }

  #dial(address: string, pid: Pid): Peer {
    const peer: Peer = { address, connection: this.#connect(address, pid), persistent: false };
    this.#peers.set(address, peer);
    return peer;
  }

  /** A fresh socket in place of the old one. Links stay; what the old socket was never given goes to the new one. */
  #redial(peer: Peer, pid: Pid): void {
    const old = peer.connection;
    peer.connection = this.#connect(peer.address, pid);
    for (const message of old.takeQueue()) peer.connection.send(message);
    this.#retire(old);
  }

  #connect(address: string, pid: Pid): PeerConnection {
    const connection: PeerConnection = new PeerConnection({
      host: pid.ip,
      port: pid.port,
      queueLimitBytes: this.#queueLimitBytes,
      broken: (reason) => this.#broken(address, connection, reason),
      drained: () => {
        const peer = this.#peers.get(address);
        if (peer?.connection === connection && !peer.persistent) this.#release(address);
      },
    });
    return connection;
  }

  #broken(address: string, connection: PeerConnection, reason: string): void {
    const peer = this.#peers.get(address);
    if (peer?.connection !== connection) return;
    this.#peers.delete(address);
    this.#log.warning(`Connection to ${address} ended: ${reason}`);
    this.#tell(this.#links.takeAddress(address));
  }

  /** Nobody is linked to this address any more: what waits is still sent, then the socket closes. */
  #release(address: string): void {
    const peer = this.#peers.get(address);
    if (peer === undefined) return;
    if (peer.connection.waitingBytes > 0) {
      peer.persistent = false;
      return;
    }
    this.#peers.delete(address);
    this.#retire(peer.connection);
  }

  #retire(connection: PeerConnection): void {
    this.#leaving.add(connection);
    void connection.finish().then(() => this.#leaving.delete(connection));
  }

  #tell(farewells: readonly Farewell[]): void {
    for (const { linker, linkee } of farewells) this.#enqueue({ kind: 'exited', to: linker, pid: linkee });
  }

  #enqueueMessage(to: string, from: string, name: string, body: Uint8Array): void {
    const bytes = body.length + LOCAL_MESSAGE_BYTES;
    if (this.#localBytes + bytes > this.#queueLimitBytes) {
      this.#log.error(
        `Dropped message ${name} from ${from} to ${to}: more than ${this.#queueLimitBytes} bytes were waiting`,
      );
      return;
    }
    this.#localBytes += bytes;
    this.#enqueue({ kind: 'message', to, from, name, body });
  }

  #enqueue(event: LocalEvent): void {
    if (this.#closed) return;
    this.#local.push(event);
    if (this.#localScheduled) return;
    this.#localScheduled = true;
    setImmediate(() => this.#deliverLocal());
  }

  /** Delivers what was queued before this turn; what receivers send meanwhile waits for the next one. */
  #deliverLocal(): void {
    const events = this.#local;
    this.#local = [];
    this.#localScheduled = false;
    for (const event of events) {
      const process = this.#processes.get(event.to);
      if (event.kind === 'exited') {
        process?.exited(event.pid);
        continue;
      }
      this.#localBytes -= event.body.length + LOCAL_MESSAGE_BYTES;
      process?.message(event.from, event.name, event.body);
    }
  }
}

function localId(from: string): string {
  const at = from.lastIndexOf('@');
  return at < 0 ? from : from.slice(0, at);
}
