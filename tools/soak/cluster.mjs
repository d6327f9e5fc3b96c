/** What is tormented: an ensemble of three, three masters, some agents and a scheduler, each with whoever starts it again. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ZooKeeperEnsemble } from '@mesolite/coordination/testing';
import { delay, freePort, waitFor } from '../daemons/daemon-process.mjs';
import { at } from '../repository/layout.mjs';
import { BoundedLog } from './bounded-log.mjs';
import { Supervised } from './supervised.mjs';

export const SESSION_TIMEOUT_MS = 2000;
const MASTERS = 3;

export class SoakCluster {
  masters = [];
  agents = [];
  schedulerStarts = 0;
  #scheduler;
  #schedulerPrinted;
  #stopping = false;

  /** `hosts`: each daemon on one of its own; without, all at one address. */
  constructor({ tasks, hosts }) {
    this.tasks = tasks;
    this.hosts = hosts;
    this.directory = mkdtempSync(join(tmpdir(), 'mesolite-soak-'));
    this.logs = this.#subdirectory('logs');
    this.schedulerDirectory = this.#subdirectory('scheduler');
    this.#schedulerPrinted = this.#log('scheduler');
    // Daemons and ensemble see to this themselves.
    process.once('exit', () => this.#scheduler?.kill('SIGKILL'));
  }

  /** What has begun when it throws is for `stop` to end. */
  async start(agents) {
    this.ensemble = await ZooKeeperEnsemble.start(3, this.hosts?.address);
    for (let i = 0; i < MASTERS; i += 1) await this.#startMaster(i);
    for (let i = 0; i < agents; i += 1) await this.#startAgent(i);
    await this.leader();
    this.#startScheduler();
  }

  get #zk() {
    return `zk://${this.ensemble.servers}/soak`;
  }

  #subdirectory(name) {
    const path = join(this.directory, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  #log(name) {
    return new BoundedLog(join(this.logs, `${name}.log`));
  }

  #common(name, address = '127.0.0.1') {
    return [
      `--ip=${address}`,
      `--hostname=${address}`,
      `--work_dir=${this.#subdirectory(name)}`,
      `--config_root=${this.#subdirectory('no-configuration')}`,
      `--zk_session_timeout=${SESSION_TIMEOUT_MS}ms`,
    ];
  }

  async #startMaster(index) {
    const name = `master-${index}`;
    const port = await freePort();
    const host = this.hosts?.add();
    const args = [
      ...this.#common(name, host?.address),
      `--zk=${this.#zk}`,
      '--allocation_interval=100ms',
      // An agent that is cut off is noticed while it is.
      '--agent_ping_timeout=1secs',
      '--max_agent_ping_timeouts=3',
    ];
    const master = new Supervised(name, this.#log(name), () => ({ program: 'master', port, args, host }));
    this.masters.push(master);
    await master.start();
  }

  async #startAgent(index) {
    const name = `agent-${index}`;
    const port = await freePort();
    const host = this.hosts?.add();
    const args = [
      ...this.#common(name, host?.address),
      `--runtime_dir=${this.#subdirectory(`${name}-runtime`)}`,
      `--master=${this.#zk}`,
      '--resources=cpus:100;mem:100000;disk:100000',
      '--launcher=posix',
      '--registration_backoff_factor=100ms',
      // Of some hundred thousand tasks only the newest are left on disk.
      '--gc_delay=5mins',
    ];
    const agent = new Supervised(name, this.#log(name), () => ({ program: 'agent', port, args, host }));
    this.agents.push(agent);
    await agent.start();
  }

  #startScheduler() {
    this.schedulerStarts += 1;
    const script = at('tools', 'soak', 'scheduler.mjs');
    const args = [script, this.#zk, this.schedulerDirectory, String(this.tasks)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#scheduler = child;
    this.#schedulerPrinted.write(`---- start ${this.schedulerStarts}, pid ${child.pid}\n`);
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => this.#schedulerPrinted.write(chunk));
    child.on('exit', async () => {
      await delay(300);
      if (!this.#stopping && this.#scheduler === child) this.#startScheduler();
    });
  }

  killScheduler() {
    this.#scheduler.kill('SIGKILL');
  }

  /** What the scheduler says of itself. */
  status() {
    try {
      return JSON.parse(readFileSync(join(this.schedulerDirectory, 'status'), 'utf8'));
    } catch {
      return { launched: 0, open: 0, running: 0, ended: 0, connected: false };
    }
  }

  /** Name of the agent with that id. */
  agentName(id) {
    const idOf = ({ name }) => {
      try {
        return basename(readlinkSync(join(this.directory, name, 'meta', 'slaves', 'latest')));
      } catch {
        return undefined;
      }
    };
    return this.agents.find((agent) => idOf(agent) === id)?.name;
  }

  /** The master that leads; waits for one. */
  leader() {
    const leading = async () => {
      for (const master of this.masters) {
        if (!master.alive) continue;
        const answer = await fetch(`${master.url}/metrics/snapshot`, { signal: AbortSignal.timeout(1000) })
          .then((response) => response.json())
          .catch(() => undefined);
        if (answer?.['master/elected'] === 1) return master;
      }
      return undefined;
    };
    return waitFor('a leading master', leading, { limitMs: 60_000, pollMs: 100 });
  }

  /**
   * Waits until tasks are launched again as if nothing had been: half of them new, nearly all in flight, a quarter of them running.
   * Resolves with what the scheduler says then.
   */
  progress(what) {
    const { launched } = this.status();
    const wanted = this.tasks / 2;
    return waitFor(
      `${wanted} more tasks after ${what}`,
      () => {
        const now = this.status();
        const isAtWork = now.connected && now.launched - launched >= wanted && now.ended > 0;
        return isAtWork && now.open >= 0.9 * this.tasks && now.running >= this.tasks / 4 && now;
      },
      { limitMs: 120_000, pollMs: 100 },
    );
  }

  /** No more launches; waits for the end of every task. */
  async settle() {
    for (let tries = 0; this.status().open > 0; tries += 1) {
      this.#scheduler.kill('SIGUSR2');
      if (tries > 1800) throw new Error(`${this.status().open} tasks never ended`);
      await delay(100);
    }
  }

  /** `keep`: what is on disk stays. */
  async stop({ keep }) {
    this.#stopping = true;
    this.#scheduler?.kill('SIGKILL');
    await Promise.all([...this.masters, ...this.agents].map((daemon) => daemon.stop()));
    await this.ensemble?.end();
    this.hosts?.remove();
    if (!keep) rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }
}
