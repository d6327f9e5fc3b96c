/**
 * A cluster whose masters stand for election in a real ZooKeeper and whose agents find the leader there. The leader can be
 * killed. `master` is always the one that led last.
 */
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DaemonProcess, freePort, waitFor } from '../tools/daemons/daemon-process.mjs';
import { LocalCluster } from '../tools/daemons/local-cluster.mjs';
import { Unobtainable } from './findings.mjs';

/** How long ZooKeeper keeps the seat of a leader that was killed. */
const SESSION_TIMEOUT = '2secs';

export class ElectedCluster extends LocalCluster {
  masters = [];
  #ensemble;

  /**
   * @param {{ masters?: number, agents?: number, resources: string, masterArgs?: readonly string[],
   *   agentArgs?: readonly string[] }} options `resources`: of each agent
   */
  static async start({ masters = 2, agents = 2, resources, masterArgs = [], agentArgs = [] }) {
    const { ZooKeeperEnsemble, zookeeperObstacle } = await import('@mesolite/coordination/testing');
    const obstacle = zookeeperObstacle();
    if (obstacle !== undefined) throw new Unobtainable(obstacle);
    const cluster = new ElectedCluster(mkdtempSync(join(tmpdir(), 'mesolite-elected-')));
    try {
      cluster.#ensemble = await ZooKeeperEnsemble.start();
      await cluster.#startMaster(1, masterArgs);
      await cluster.elected();
      await Promise.all([
        cluster.#startStandbys(masters - 1, masterArgs),
        cluster.#startAgents(agents, resources, agentArgs),
      ]);
      await cluster.agentsRegistered();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  get masterAddress() {
    return `zk://${this.#ensemble.servers}/mesos`;
  }

  /** `host:port` of the ZooKeeper server. */
  get zooKeeper() {
    return this.#ensemble.servers;
  }

  async #startMaster(number, masterArgs) {
    const args = [
      ...this.commonArgs(`master-${number}`),
      `--zk=${this.masterAddress}`,
      '--quorum=1',
      `--zk_session_timeout=${SESSION_TIMEOUT}`,
      '--allocation_interval=100ms',
      ...masterArgs,
    ];
    const master = new DaemonProcess('master', { port: await freePort(), args });
    this.masters.push(master);
    await master.up();
  }

  /** They would lead in the order in which they come. */
  async #startStandbys(count, masterArgs) {
    for (let i = 0; i < count; i += 1) await this.#startMaster(i + 2, masterArgs);
  }

  async #startAgents(count, resources, agentArgs) {
    const args = [`--zk_session_timeout=${SESSION_TIMEOUT}`, ...agentArgs];
    for (let i = 0; i < count; i += 1) await this.startAgent({ resources, agentArgs: args });
  }

  /** Kills the leader on the spot. Until `elected` resolves there is none. */
  async killLeader() {
    this.master.kill('SIGKILL');
    await this.master.ended;
  }

  /** Resolves with the master that leads, once there is one. */
  async elected() {
    const leading = async () => {
      for (const master of this.masters.filter(({ alive }) => alive)) {
        // A redirect while it stands by, 503 until it has read the registry.
        const { status } = await fetch(`${master.url}/slaves`, { redirect: 'manual' });
        if (status === 200) return master;
      }
      return undefined;
    };
    this.master = await waitFor('a leading master', leading, { limitMs: 20_000 });
    return this.master;
  }

  /** Ends the tasks that wait for it (`WAITING_COMMAND`, or an executor's own way) on the `index`th agent. */
  release(index) {
    const { workDirectory } = this.agents[index];
    const sandboxes = readdirSync(workDirectory, { recursive: true }).filter((path) => /\/runs\/[\w-]{36}$/.test(path));
    for (const path of sandboxes) writeFileSync(join(workDirectory, path, 'release'), '');
  }

  async stop() {
    await super.stop();
    await Promise.all(this.masters.map((master) => master.stop()));
    await this.#ensemble?.end();
  }
}
