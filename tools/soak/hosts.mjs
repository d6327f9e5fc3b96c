/**
 * Several hosts on one machine: network namespaces on a bridge, each with an address of its own, whose cable can be pulled.
 * Needs root and Debian's iproute2. What it made it takes away.
 */
import { execFileSync } from 'node:child_process';

const NET = '10.213.77';

function ip(...args) {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
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

export class Hosts {
  /** Where everybody is reached who has no host of his own. */
  address = `${NET}.1`;
  #bridge = `mslt${process.pid}`.slice(0, 15);
  #names = [];

  constructor() {
    ip('link', 'add', this.#bridge, 'type', 'bridge');
    ip('addr', 'add', `${this.address}/24`, 'dev', this.#bridge);
    ip('link', 'set', this.#bridge, 'up');
  }

  /** Another host: its address, and what commands begin with to run there. */
  add() {
    const number = this.#names.length + 2;
    const name = `${this.#bridge}-${number}`;
    const cable = `${this.#bridge}c${number}`.slice(0, 15);
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
    for (const name of this.#names.splice(0)) ip('netns', 'del', name);
    ip('link', 'del', this.#bridge);
  }
}
