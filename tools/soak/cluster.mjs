/** What is tormented: an ensemble of three, three masters, some agents and a scheduler, each with whoever starts it again. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ZooKeeperEnsemble } from '@mesolite/coordination/testing';
import { delay, freePort, waitFor } from '../daemons/daemon-process.mjs';
import { at } from '../repository/layout.mjs';
import { Supervised } from './supervised.mjs';

export const SESSION_TIMEOUT_MS = 2000;
const MASTERS = 3;

export class SoakCluster {
  masters = [];
  agents = [];
  schedulerStarts = 0;
  #scheduler;
  #stopping = false;

  /** `hosts`: each daemon on one of its own; without, all at one address. */
  static async start({ agents, tasks, hosts }) {
    const cluster = new SoakCluster(tasks, hosts);
    try {
      cluster.ensemble = await ZooKeeperEnsemble.start(3, hosts?.address);
      for (let i = 0; i < MASTERS; i += 1) cluster.masters.push(await cluster.#master(i));
      for (let i = 0; i < agents; i += 1) cluster.agents.push(await cluster.#agent(i));
      await cluster.leader();
      cluster.#startScheduler();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  constructor(tasks, hosts) {
    this.tasks = tasks;
    this.hosts = hosts;
    this.directory = mkdtempSync(join(tmpdir(), 'mesolite-soak-'));
    this.schedulerDirectory = this.#subdirectory('scheduler');
  }

  get #zk() {
    return `zk://${this.ensemble.servers}/soak`;
  }

  #subdirectory(name) {
    const path = join(this.directory, name);
    mkdirSync(path, { recursive: true });
    return path;
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

  async #master(index) {
    const port = await freePort();
    const host = this.hosts?.add();
    const args = [
      ...this.#common(`master-${index}`, host?.address),
      `--zk=${this.#zk}`,
      '--allocation_interval=100ms',
      // An agent that is cut off is noticed while it is.
      '--agent_ping_timeout=1secs',
      '--max_agent_ping_timeouts=3',
    ];
    const master = new Supervised(() => ({ program: 'master', port, args, host }));
    await master.start();
    return master;
  }

  async #agent(index) {
    const port = await freePort();
    const host = this.hosts?.add();
    const args = [
      ...this.#common(`agent-${index}`, host?.address),
      `--runtime_dir=${this.#subdirectory(`agent-${index}-runtime`)}`,
      `--master=${this.#zk}`,
      '--resources=cpus:100;mem:100000;disk:100000',
      '--launcher=posix',
      '--registration_backoff_factor=100ms',
    ];
    const agent = new Supervised(() => ({ program: 'agent', port, args, host }));
    await agent.start();
    return agent;
  }

  #startScheduler() {
    this.schedulerStarts += 1;
    const script = at('tools', 'soak', 'scheduler.mjs');
    const args = [script, this.#zk, this.schedulerDirectory, String(this.tasks)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    this.#scheduler = child;
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
      return { launched: 0, open: 0, ended: 0, runningSince: 0, connected: false };
    }
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

  /** Waits until tasks begin to run that were launched later than now. */
  async progress(what) {
    const { launched } = this.status();
    const wanted = this.tasks / 2;
    await waitFor(
      `${wanted} more tasks after ${what}`,
      () => {
        const now = this.status();
        return now.connected && now.launched - launched >= wanted && now.ended > 0;
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

  async stop() {
    this.#stopping = true;
    this.#scheduler?.kill('SIGKILL');
    await Promise.all([...this.masters, ...this.agents].map((daemon) => daemon.stop()));
    await this.ensemble?.end();
    this.hosts?.remove();
    if (process.env['MESOLITE_KEEP'] === undefined)
      rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
    else console.error(`kept in ${this.directory}`);
  }
}
