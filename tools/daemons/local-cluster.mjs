/**
 * A master and agents of ours on free loopback ports, each with a directory of its own that goes when they do.
 * Reads the cluster only through its public endpoints, as any client would.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DaemonProcess, freePort, waitFor } from './daemon-process.mjs';

/** What each agent has to offer unless told otherwise: the same on every machine. */
export const RESOURCES = 'cpus:8;mem:8192;disk:20480;ports:[31000-32000]';

export class LocalCluster {
  agents = [];
  #masterOptions;

  /**
   * @param {{ agents?: number, masterArgs?: readonly string[], agentArgs?: readonly string[], resources?: string,
   *   masterNodeArgs?: readonly string[], agentNodeArgs?: readonly string[] }} options
   */
  static async start(options = {}) {
    const cluster = new LocalCluster(mkdtempSync(join(tmpdir(), 'mesolite-cluster-')));
    try {
      await cluster.#startMaster(options);
      for (let i = 0; i < (options.agents ?? 1); i += 1) await cluster.startAgent(options);
      await cluster.agentsRegistered();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  constructor(directory) {
    this.directory = directory;
  }

  /** An empty directory inside the cluster's. */
  subdirectory(name) {
    const path = join(this.directory, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** Arguments of any daemon whose files are to be in the directory `name`. */
  commonArgs(name) {
    return [
      '--ip=127.0.0.1',
      '--hostname=127.0.0.1',
      `--work_dir=${this.subdirectory(name)}`,
      // The configuration of this machine, if it has any, is none of our business.
      `--config_root=${this.subdirectory('no-configuration')}`,
    ];
  }

  async #startMaster({ masterArgs = [], masterNodeArgs = [] }) {
    const args = [...this.commonArgs('master'), ...masterArgs];
    this.#masterOptions = { port: await freePort(), args, nodeArgs: masterNodeArgs };
    this.master = new DaemonProcess('master', this.#masterOptions);
    await this.master.up();
  }

  /** Kills it, and starts it again at the same address with what it had on disk. */
  async restartMaster() {
    this.master.kill('SIGKILL');
    await this.master.ended;
    this.master = new DaemonProcess('master', this.#masterOptions);
    await this.master.up();
  }

  /** Where agents look for the master. */
  get masterAddress() {
    return `127.0.0.1:${this.master.port}`;
  }

  async startAgent({ agentArgs = [], agentNodeArgs = [], resources = RESOURCES } = {}) {
    const name = `agent-${this.agents.length + 1}`;
    const args = [
      ...this.commonArgs(name),
      `--runtime_dir=${this.subdirectory(`${name}-runtime`)}`,
      `--master=${this.masterAddress}`,
      `--resources=${resources}`,
      '--launcher=posix',
      '--registration_backoff_factor=1ms',
      ...agentArgs,
    ];
    const agent = new DaemonProcess('agent', { port: await freePort(), args, nodeArgs: agentNodeArgs });
    agent.workDirectory = join(this.directory, name);
    this.agents.push(agent);
    return agent.up();
  }

  /** Resolves once every agent is registered and can be given tasks. */
  agentsRegistered() {
    const all = async () => {
      const { slaves } = await this.read('/slaves');
      return slaves.filter((agent) => agent.active).length >= this.agents.length;
    };
    return waitFor('the agents to register', all, { limitMs: 20_000 });
  }

  /** A JSON document of the master. */
  async read(path) {
    const response = await fetch(`${this.master.url}${path}`);
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** The ends of what executors and tasks printed to their standard error, for people to read. */
  sandboxErrors() {
    const files = this.agents.flatMap(({ workDirectory }) =>
      readdirSync(workDirectory, { recursive: true })
        .filter((path) => path.endsWith('/stderr') && !path.includes('/latest/'))
        .map((path) => join(workDirectory, path)),
    );
    return files
      .map((path) => readFileSync(path, 'utf8').slice(-600).trim())
      .filter((text) => text !== '')
      .join('\n');
  }

  /** Everything still running is ended through the API, since by design tasks outlive their agent's process. */
  async #endTasks() {
    const { frameworks } = await this.read('/frameworks');
    for (const { id } of frameworks) {
      await fetch(`${this.master.url}/api/v1`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ type: 'TEARDOWN', teardown: { framework_id: { value: id } } }),
      });
    }
    if (frameworks.length === 0) return;
    const idle = async () => {
      for (const agent of this.agents.filter(({ alive }) => alive)) {
        const state = await fetch(`${agent.url}/state`).then((response) => response.json());
        if (state.frameworks.some(({ executors }) => executors.length > 0)) return false;
      }
      return true;
    };
    await waitFor('the last executors to end', idle, { limitMs: 15_000 });
  }

  /** Ends all of it and removes its files. */
  async stop() {
    try {
      if (this.master?.alive) await this.#endTasks();
    } catch (error) {
      console.error(`while ending the cluster: ${error.message}`);
    } finally {
      await Promise.all(this.agents.map((agent) => agent.stop()));
      await this.master?.stop();
      rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}
