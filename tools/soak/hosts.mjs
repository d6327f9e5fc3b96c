/**
 * Several hosts on one machine: network namespaces on a bridge, each with an address of its own, whose cable can be pulled.
 * Needs root and Debian's iproute2. What it made it takes away.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const NET = '10.213.77';

function ip(...args) {
  return execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
}

/** For what may not be there, or not any more. */
function ipIfThere(...args) {
  try {
    return ip(...args);
  } catch {
    return '';
  }
}

/** Why there can be no such hosts here; nothing when there can. */
export function hostsObstacle() {
  const probe = `mslt${process.pid}p`;
  try {
    ip('netns', 'add', probe);
    ip('netns', 'del', probe);
    return undefined;
  } catch (error) {
    return `no network namespaces here: ${String(error.stderr ?? error.message).trim()}`;
  }
}

/** What one left behind that was killed outright: its processes, hosts and bridge. The network has room for one of us. */
function removeAbandoned() {
  const isOurs = (name) => /^mslt\d+(-\d+)?$/.test(name) && !existsSync(`/proc/${/\d+/.exec(name)[0]}`);
  for (const name of listed('netns', 'list').filter(isOurs)) removeHost(name);
  for (const name of listed('-o', 'link', 'show', 'type', 'bridge').filter(isOurs)) ip('link', 'del', name);
}

/** With all that runs there: tasks, too, which outlive their agents. */
function removeHost(name) {
  for (const pid of ipIfThere('netns', 'pids', name).split('\n').filter(Boolean)) killIfThere(Number(pid));
  // Connections that linger keep the host for a while, and its cable.
  ipIfThere('link', 'del', cableOf(name));
  ipIfThere('netns', 'del', name);
}

/** Our end of a host's cable. */
function cableOf(name) {
  return name.replace('-', 'c').slice(0, 15);
}

/** Names in what `ip` lists: `name (id: 1)`, or `7: name: <UP>`. */
function listed(...args) {
  return ip(...args)
    .split('\n')
    .flatMap((line) => /^(?:\d+: )?([^\s:]+)/.exec(line)?.[1] ?? []);
}

function killIfThere(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

export class Hosts {
  /** Where everybody is reached who has no host of his own. */
  address = `${NET}.1`;
  #bridge = `mslt${process.pid}`.slice(0, 15);
  #names = [];
  #removed = false;

  constructor() {
    removeAbandoned();
    process.once('exit', () => this.remove());
    ip('link', 'add', this.#bridge, 'type', 'bridge');
    ip('addr', 'add', `${this.address}/24`, 'dev', this.#bridge);
    ip('link', 'set', this.#bridge, 'up');
  }

  /** Another host: its address, and what commands begin with to run there. */
  add() {
    const number = this.#names.length + 2;
    const name = `${this.#bridge}-${number}`;
    const cable = cableOf(name);
    const address = `${NET}.${number}`;
    this.#names.push(name);
    ip('netns', 'add', name);
    ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    ip('link', 'set', cable, 'master', this.#bridge);
    ip('link', 'set', cable, 'up');
    ip('netns', 'exec', name, 'ip', 'addr', 'add', `${address}/24`, 'dev', 'eth0');
    ip('netns', 'exec', name, 'ip', 'link', 'set', 'eth0', 'up');
    ip('netns', 'exec', name, 'ip', 'link', 'set', 'lo', 'up');
    return {
      address,
      prefix: ['ip', 'netns', 'exec', name],
      cutOff: () => ip('link', 'set', cable, 'down'),
      reconnect: () => ip('link', 'set', cable, 'up'),
    };
  }

  remove() {
    if (this.#removed) return;
    this.#removed = true;
    for (const name of this.#names) removeHost(name);
    ipIfThere('link', 'del', this.#bridge);
  }
}
