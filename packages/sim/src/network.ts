/**
 * A simulated network of libprocess processes: messages by PID with delays, links that break, hosts that part.
 *
 * Order is kept within one connection (sender address to receiver address), as TCP does; what does the damage is
 * connections that break and take with them what was under way. A partition swallows messages without an exit, as a
 * pulled cable does; when it heals, connections that lost something by it break.
 *
 * Unless its sender's host lingers: then what was sent over a connection before it broke arrives all the same, in order,
 * late, beside what comes over the next connection, even when the process that sent it is no more. So does an operating
 * system that still has the bytes when the cable is back.
 */
import type { RandomStream } from '@mesolite/base';
import type { LinkedProcess, Links } from '@mesolite/ports';
import type { World } from './world.ts';

interface Connection {
  /** Grows from one connection to the next. */
  readonly number: number;
  readonly from: string;
  readonly to: string;
  /** It broke, and with it what was under way. */
  lost: boolean;
  /** Virtual time at which the last message under way arrives. */
  lastArrivalMs: number;
  /** A partition kept something back. */
  torn: boolean;
  /** Messages a partition keeps back that will still arrive. */
  held: Message[];
  /** Nothing arrives before that. */
  stuckUntilMs: number;
}

interface Message {
  /** Id of the receiver. */
  readonly to: string;
  readonly from: string;
  readonly name: string;
  readonly body: Uint8Array;
}

export interface NetworkOptions {
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
}

export class Network {
  readonly #world: World;
  readonly #random: RandomStream;
  readonly #options: NetworkOptions;
  readonly #hosts = new Map<string, Host>();
  readonly #connections = new Map<string, Connection>();
  readonly #parted = new Set<string>();
  readonly #slow = new Map<string, number>();
  /** Hosts whose broken connections still bring what was sent, with how late that may be. */
  readonly #lingering = new Map<string, number>();
  /** Broken connections of which something may still arrive. */
  readonly #leftBehind = new Set<Connection>();
  #made = 0;

  constructor(world: World, options: NetworkOptions) {
    this.#world = world;
    this.#random = world.random.fork();
    this.#options = options;
  }

  /** A host at `address` (`ip:port`). Starting one again at the same address is a restart: the old one is gone. */
  host(address: string): Host {
    this.crash(address);
    const host = new Host(address, this);
    this.#hosts.set(address, host);
    return host;
  }

  /** The host disappears; everybody linked to it learns of it. */
  crash(address: string): void {
    const host = this.#hosts.get(address);
    if (host === undefined) return;
    this.#hosts.delete(address);
    host.dead = true;
    for (const other of this.#hosts.values()) this.#replace(this.#connection(other.address, address), true);
    for (const old of this.#leftBehind) if (old.to === address) old.lost = true;
    for (const connection of [...this.#connections.values()])
      if (connection.from === address) this.#replace(connection);
    for (const other of this.#hosts.values()) other.exited(address);
  }

  /** Messages from and to this host take so many times longer from now on; 1: no longer. */
  slow(address: string, times: number): void {
    if (times === 1) this.#slow.delete(address);
    else this.#slow.set(address, times);
  }

  /** What was sent over connections of this host that break from now on arrives up to so much later; 0: it is lost. */
  linger(address: string, latestMs: number): void {
    if (latestMs === 0) this.#lingering.delete(address);
    else this.#lingering.set(address, latestMs);
  }

  /** Messages between the two are swallowed until {@link heal}. */
  part(a: string, b: string): void {
    this.#parted.add(pair(a, b));
  }

  /** TCP loses nothing silently: a connection that could not deliver is found broken now. */
  heal(a: string, b: string): void {
    if (!this.#parted.delete(pair(a, b))) return;
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const)
      if (this.#connection(from, to).torn) this.breakLink(from, to);
    for (const old of this.#leftBehind) if (pair(old.from, old.to) === pair(a, b)) this.#release(old);
  }

  healAll(): void {
    this.#slow.clear();
    this.#lingering.clear();
    for (const parted of [...this.#parted]) {
      const [a, b] = parted.split('|') as [string, string];
      this.heal(a, b);
    }
  }

  /** The connection from `from` to `to` breaks: what is under way is lost or late, and linkers at `from` hear of the exit. */
  breakLink(from: string, to: string): void {
    this.#replace(this.#connection(from, to));
    this.#hosts.get(from)?.exited(to);
  }

  #replace(old: Connection, receiverGone = false): void {
    const latestMs = receiverGone ? undefined : this.#lingering.get(old.from);
    const next = this.#connect(old.from, old.to);
    if (latestMs === undefined) {
      old.lost = true;
      next.lastArrivalMs = old.lastArrivalMs;
      return;
    }
    old.stuckUntilMs = this.#world.nowMs + this.#random.next() ** 2 * latestMs;
    this.#leftBehind.add(old);
    if (!this.#parted.has(pair(old.from, old.to))) this.#release(old);
  }

  /** What a partition kept back goes on, behind nothing and before what is sent from now on. */
  #release(connection: Connection): void {
    const { held } = connection;
    connection.held = [];
    for (const message of held) this.#arrive(connection, message);
  }

  deliver(from: string, to: string, name: string, body: Uint8Array): void {
    const [, source] = split(from);
    const [id, target] = split(to);
    const connection = this.#connection(source, target);
    this.#world.hit(`message ${name}`);
    const { minDelayMs, maxDelayMs } = this.#options;
    const slowness = this.#slow.get(source) ?? this.#slow.get(target) ?? 1;
    const delay = (minDelayMs + this.#random.next() * (maxDelayMs - minDelayMs)) * slowness;
    const atMs = Math.max(this.#world.nowMs + delay, connection.lastArrivalMs);
    connection.lastArrivalMs = atMs;
    this.#world.after(atMs - this.#world.nowMs, () => this.#arrive(connection, { to: id, from, name, body }));
  }

  #arrive(connection: Connection, message: Message): void {
    const { from: source, to: target, lost, stuckUntilMs } = connection;
    const { nowMs } = this.#world;
    if (lost) return;
    if (this.#parted.has(pair(source, target))) {
      connection.torn = true;
      if (this.#lingering.has(source) || this.#leftBehind.has(connection)) connection.held.push(message);
      return;
    }
    if (stuckUntilMs > nowMs) {
      this.#world.after(stuckUntilMs - nowMs, () => this.#arrive(connection, message));
      return;
    }
    if (this.#leftBehind.has(connection)) this.#world.hit(`late ${message.name}`);
    const host = this.#hosts.get(target);
    if (host === undefined) this.#hosts.get(source)?.exited(target);
    else host.receive(message.to, message.from, message.name, message.body, connection.number);
  }

  /** A link is tried: a dead target is noticed after a round trip. */
  probe(from: string, to: string): void {
    this.#world.after(this.#options.maxDelayMs, () => {
      if (!this.#hosts.has(to)) this.#hosts.get(from)?.exited(to);
    });
  }

  #connection(from: string, to: string): Connection {
    const key = `${from}>${to}`;
    const connection = this.#connections.get(key);
    return connection ?? this.#connect(from, to);
  }

  #connect(from: string, to: string): Connection {
    const connection: Connection = {
      number: ++this.#made,
      from,
      to,
      lost: false,
      lastArrivalMs: 0,
      torn: false,
      held: [],
      stuckUntilMs: 0,
    };
    this.#connections.set(`${from}>${to}`, connection);
    return connection;
  }
}

/** One simulated operating-system process: its libprocess processes and links. */
export class Host implements Links {
  readonly address: string;
  dead = false;
  readonly #network: Network;
  readonly #processes = new Map<string, LinkedProcess>();
  /** Address → pid → ids of local processes linked to it. */
  readonly #links = new Map<string, Map<string, Set<string>>>();

  constructor(address: string, network: Network) {
    this.address = address;
    this.#network = network;
  }

  send(from: string, to: string, name: string, body: Uint8Array): void {
    const sender = from.includes('@') ? from : `${from}@${this.address}`;
    if (!this.dead) this.#network.deliver(sender, to, name, body);
  }

  link(from: string, to: string): void {
    if (this.dead) return;
    const [, address] = split(to);
    const pids = this.#links.get(address) ?? new Map<string, Set<string>>();
    this.#links.set(address, pids);
    const linkers = pids.get(to) ?? new Set<string>();
    pids.set(to, linkers);
    linkers.add(from.includes('@') ? split(from)[0] : from);
    this.#network.probe(this.address, address);
  }

  spawn(id: string, process: LinkedProcess): void {
    this.#processes.set(id, process);
  }

  terminate(id: string): void {
    this.#processes.delete(id);
  }

  receive(id: string, from: string, name: string, body: Uint8Array, connection: number): void {
    if (!this.dead) this.#processes.get(id)?.message(from, name, body, connection);
  }

  exited(address: string): void {
    const pids = this.#links.get(address);
    if (pids === undefined || this.dead) return;
    this.#links.delete(address);
    for (const [pid, linkers] of pids) for (const id of linkers) this.#processes.get(id)?.exited(pid);
  }
}

function split(pid: string): [id: string, address: string] {
  const at = pid.indexOf('@');
  return [pid.slice(0, at), pid.slice(at + 1)];
}

function pair(a: string, b: string): string {
  return a < b ? `${a}|${b}` : `${b}|${a}`;
}
