/**
 * A real ZooKeeper ensemble on loopback, for tests and measurements: servers as processes from Debian's package, with short
 * sessions. They can be killed, stopped (as if the network were gone) and started again.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const JARS = '/usr/share/java';
const NEEDED = [
  'zookeeper',
  'zookeeper-jute',
  'slf4j-api',
  'slf4j-nop',
  'netty-all',
  'metrics-core',
  'snappy-java',
  'commons-cli',
  'commons-io',
  'jackson-annotations',
  'jackson-core',
  'jackson-databind',
  'guava',
];

/** Why there can be no ensemble here; nothing when there can. */
export function zookeeperObstacle(): string | undefined {
  if (!existsSync(join(JARS, 'zookeeper.jar'))) return 'no ZooKeeper here (Debian package zookeeper)';
  if (!existsSync('/usr/bin/java')) return 'no Java here';
  return undefined;
}

interface Server {
  readonly id: number;
  readonly directory: string;
  readonly clientPort: number;
  process: ChildProcess | undefined;
}

/** Milliseconds; the shortest session is twice, the longest twenty times as long. */
const TICK_MS = 500;
const START_LIMIT_MS = 30_000;

const running = new Set<ChildProcess>();
const directories = new Set<string>();

// Whatever ends us, but for a SIGKILL, nothing stays behind.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

export class ZooKeeperEnsemble {
  readonly #directory: string;
  readonly #servers: readonly Server[];
  readonly #ip: string;

  private constructor(directory: string, servers: readonly Server[], ip: string) {
    this.#directory = directory;
    this.#servers = servers;
    this.#ip = ip;
  }

  /** One server, or an odd number of them that elect a leader; all at one address of this machine. */
  static async start(count = 1, ip = '127.0.0.1'): Promise<ZooKeeperEnsemble> {
    const directory = await mkdtemp(join(tmpdir(), 'mesolite-zookeeper-'));
    directories.add(directory);
    const ports = await freePorts(count * 3);
    const servers = Array.from({ length: count }, (_, i) => ({
      id: i + 1,
      directory: join(directory, `${i + 1}`),
      clientPort: ports[i]!,
      process: undefined,
    }));
    const peers = servers.map(({ id }, i) => `server.${id}=127.0.0.1:${ports[count + i]}:${ports[2 * count + i]}`);
    for (const { id, directory: data, clientPort } of servers) {
      await mkdir(data);
      await writeFile(join(data, 'myid'), `${id}\n`);
      const lines = [
        `dataDir=${data}`,
        `clientPortAddress=${ip}`,
        `clientPort=${clientPort}`,
        `tickTime=${TICK_MS}`,
        'initLimit=20',
        'syncLimit=10',
        'minSessionTimeout=1000',
        'maxClientCnxns=0',
        'admin.enableServer=false',
        '4lw.commands.whitelist=ruok,srvr',
        ...(count > 1 ? peers : []),
      ];
      await writeFile(join(data, 'zoo.cfg'), `${lines.join('\n')}\n`);
    }
    const ensemble = new ZooKeeperEnsemble(directory, servers, ip);
    for (let i = 0; i < count; i++) ensemble.startServer(i);
    await ensemble.ready();
    return ensemble;
  }

  /** `host:port` of all servers, divided by commas. */
  get servers(): string {
    return this.#servers.map(({ clientPort }) => `${this.#ip}:${clientPort}`).join(',');
  }

  get size(): number {
    return this.#servers.length;
  }

  address(index: number): string {
    return `${this.#ip}:${this.#servers[index]!.clientPort}`;
  }

  startServer(index: number): void {
    const server = this.#servers[index]!;
    const classPath = NEEDED.map((name) => join(JARS, `${name}.jar`)).join(':');
    // Servers keep their last changes in memory, 500 unless told otherwise: large ones would not fit.
    const args = ['-Xmx384m', '-Dzookeeper.commitLogCount=50', '-XX:TieredStopAtLevel=1', '-cp', classPath];
    const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
    const child = spawn('/usr/bin/java', [...args, main, join(server.directory, 'zoo.cfg')], { stdio: 'ignore' });
    running.add(child);
    child.once('exit', () => running.delete(child));
    server.process = child;
  }

  kill(index: number): Promise<void> {
    const server = this.#servers[index]!;
    const { process: child } = server;
    server.process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  }

  /** Of a server that was killed: it comes back with nothing. */
  forget(index: number): Promise<void> {
    return rm(join(this.#servers[index]!.directory, 'version-2'), { recursive: true, force: true });
  }

  /** Connections stay open and nothing answers. */
  stop(index: number): void {
    this.#servers[index]!.process?.kill('SIGSTOP');
  }

  resume(index: number): void {
    this.#servers[index]!.process?.kill('SIGCONT');
  }

  /** Index of the server that leads. */
  async leader(): Promise<number | undefined> {
    for (const [index, server] of this.#servers.entries()) {
      const answer = await this.#ask(server, 'srvr');
      if (/Mode: (leader|standalone)/.test(answer)) return index;
    }
    return undefined;
  }

  /** Resolves when all servers that run answer for the ensemble. */
  async ready(): Promise<void> {
    const deadline = Date.now() + START_LIMIT_MS;
    for (const server of this.#servers) {
      if (server.process === undefined) continue;
      while (!/Mode:/.test(await this.#ask(server, 'srvr'))) {
        if (Date.now() > deadline) throw new Error(`ZooKeeper server ${server.id} did not get ready`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  async end(): Promise<void> {
    for (let i = 0; i < this.#servers.length; i++) {
      this.resume(i);
      await this.kill(i);
    }
    await rm(this.#directory, { recursive: true, force: true });
    directories.delete(this.#directory);
  }

  #ask({ clientPort }: Server, word: string): Promise<string> {
    return new Promise((resolve) => {
      let answer = '';
      const socket = connect({ host: this.#ip, port: clientPort }, () => socket.write(word));
      socket.setTimeout(1000, () => socket.destroy());
      socket.on('data', (data) => {
        answer += data.toString();
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(answer));
    });
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer();
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
