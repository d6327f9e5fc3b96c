/**
 * A master and agents in this process: for `mesolite local`, for tests and for trying things out.
 *
 * Never: leaves a task behind. Tasks outlive their agents by design, so all frameworks are torn down before anything stops.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { err, ok, type Result } from '@mesolite/base';
import { AgentClient, MasterClient } from '@mesolite/sdk';
import { probePort } from './free-port.ts';

/** How long the agents may take to register. */
const REGISTRATION_LIMIT_MS = 20_000;
/** How long tasks may take to end when the cluster stops. */
const END_LIMIT_MS = 15_000;
const POLL_MS = 20;

export interface ClusterOptions {
  /** Default 1. */
  readonly agents?: number;
  /** Default 127.0.0.1. */
  readonly ip?: string;
  /** Default 0: a free one. */
  readonly masterPort?: number;
  /** Of the first agent, counted up for the others. Default 0: free ones. */
  readonly agentPort?: number;
  /** Kept at the end. Default: a temporary directory, removed at the end. */
  readonly workDirectory?: string;
  /** What each agent offers, as `--resources` has it. Default: the machine. */
  readonly resources?: string;
  /** More flags, which win over ours. */
  readonly masterFlags?: readonly string[];
  readonly agentFlags?: readonly string[];
  /** Default: the environment is not looked at. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Show the daemons' logs. Default false: they go to files in the work directory. */
  readonly verbose?: boolean;
  readonly stderr?: (text: string) => void;
}

interface Daemon {
  readonly port: number;
  stop(): Promise<void>;
  /** With the daemon's exit code. */
  readonly stopped: Promise<number>;
}

interface Start {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stderr?: (text: string) => void;
}

type StartDaemon = (options: Start) => Promise<Result<Daemon, { readonly text: string }>>;

export class LocalCluster {
  readonly ip: string;
  readonly workDirectory: string;
  readonly #options: ClusterOptions;
  #master: Daemon | undefined;
  readonly #agents: Daemon[] = [];
  #stopping: Promise<void> | undefined;

  private constructor(options: ClusterOptions, workDirectory: string) {
    this.#options = options;
    this.ip = options.ip ?? '127.0.0.1';
    this.workDirectory = workDirectory;
  }

  /** A cluster whose agents have registered. The error says what kept it from starting; nothing is left running then. */
  static async start(options: ClusterOptions = {}): Promise<Result<LocalCluster>> {
    const ports = await portsFree(options);
    if (!ports.ok) return ports;
    const workDirectory =
      options.workDirectory === undefined ? await mkdtemp(join(tmpdir(), 'mesolite-')) : resolve(options.workDirectory);
    const cluster = new LocalCluster(options, workDirectory);
    const up = await cluster.#start().catch((error: Error) => err(error.message));
    if (up.ok) return ok(cluster);
    await cluster.stop();
    return up;
  }

  /** `ip:port`, what `--master` wants. */
  get master(): string {
    return `${this.ip}:${this.#master!.port}`;
  }

  /** `ip:port` of each agent. */
  get agents(): readonly string[] {
    return this.#agents.map(({ port }) => `${this.ip}:${port}`);
  }

  /** Where the daemons write their logs, unless they show them. */
  get logDirectory(): string {
    return join(this.workDirectory, 'logs');
  }

  /** Rejects never; resolves when a daemon ended although nobody asked it to. */
  async broken(): Promise<void> {
    await Promise.race([this.#master!, ...this.#agents].map(({ stopped }) => stopped));
  }

  /** Starts one more agent; resolves when it has registered. */
  async addAgent(flags: readonly string[] = []): Promise<Result<string>> {
    const started = await this.#startAgent(this.#agents.length, flags);
    if (!started.ok) return started;
    const registered = await this.#registered();
    return registered.ok ? ok(`${this.ip}:${started.value.port}`) : registered;
  }

  /** Ends one agent, as if its machine had been switched off in order; its tasks go on for now. */
  async stopAgent(address: string): Promise<void> {
    const index = this.agents.indexOf(address);
    const [agent] = index < 0 ? [] : this.#agents.splice(index, 1);
    await agent?.stop();
  }

  /** Ends all tasks, then all daemons. Removes the work directory unless it was given. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #start(): Promise<Result<void>> {
    await mkdir(this.logDirectory, { recursive: true });
    await mkdir(join(this.workDirectory, 'no-configuration'), { recursive: true });
    const { startMaster } = await import('@mesolite/master');
    const port = this.#options.masterPort ?? 0;
    const flags = [`--port=${port}`, ...this.#flags('master'), ...(this.#options.masterFlags ?? [])];
    const master = await this.#run(startMaster, flags);
    if (!master.ok) return err(`the master did not start: ${master.error}`);
    this.#master = master.value;
    for (let index = 0; index < (this.#options.agents ?? 1); index++) {
      const agent = await this.#startAgent(index, []);
      if (!agent.ok) return agent;
    }
    return this.#registered();
  }

  async #startAgent(index: number, more: readonly string[]): Promise<Result<Daemon>> {
    const { startAgent } = await import('@mesolite/agent');
    const first = this.#options.agentPort ?? 0;
    const { resources } = this.#options;
    const name = `agent-${index + 1}`;
    const flags = [
      `--master=${this.master}`,
      `--port=${first === 0 ? 0 : first + index}`,
      `--runtime_dir=${join(this.workDirectory, name, 'runtime')}`,
      ...this.#flags(name),
      ...(resources === undefined ? [] : [`--resources=${resources}`]),
      ...(this.#options.agentFlags ?? []),
      ...more,
    ];
    const agent = await this.#run(startAgent, flags);
    if (!agent.ok) return err(`agent ${index + 1} did not start: ${agent.error}`);
    this.#agents.push(agent.value);
    return ok(agent.value);
  }

  #flags(name: string): string[] {
    return [
      `--ip=${this.ip}`,
      `--hostname=${this.ip}`,
      `--work_dir=${join(this.workDirectory, name)}`,
      // What this machine's own daemons are configured with is none of our business.
      `--config_root=${join(this.workDirectory, 'no-configuration')}`,
      ...(this.#options.verbose === true ? [] : ['--quiet', `--log_dir=${this.logDirectory}`]),
    ];
  }

  async #run(start: StartDaemon, argv: readonly string[]): Promise<Result<Daemon>> {
    const { env = {}, stderr } = this.#options;
    const started = await start({ argv: lastWins(argv), env, ...(stderr === undefined ? {} : { stderr }) });
    return started.ok ? started : err(started.error.text.trim());
  }

  async #registered(): Promise<Result<void>> {
    const client = new MasterClient(this.master);
    const wanted = this.#agents.length;
    let failure = '';
    const there = await until(REGISTRATION_LIMIT_MS, async () => {
      const answer = await client.getAgents();
      if (!answer.ok) failure = `: ${answer.error.message}`;
      return answer.ok && (answer.value.agents ?? []).filter(({ active }) => active).length >= wanted;
    });
    await client.close();
    return there
      ? ok(undefined)
      : err(`the agents did not register within ${REGISTRATION_LIMIT_MS / 1000} s${failure}`);
  }

  async #stop(): Promise<void> {
    if (this.#master !== undefined && this.#agents.length > 0) await this.#endTasks(this.master);
    await Promise.all(this.#agents.map((agent) => agent.stop()));
    await this.#master?.stop();
    if (this.#options.workDirectory === undefined)
      await rm(this.workDirectory, { recursive: true, force: true, maxRetries: 5 });
  }

  async #endTasks(address: string): Promise<void> {
    const master = new MasterClient(address);
    const frameworks = await master.getFrameworks();
    for (const { framework_info: info } of frameworks.ok ? (frameworks.value.frameworks ?? []) : [])
      if (info.id !== undefined) await master.teardown(info.id.value);
    await master.close();
    await Promise.all(this.agents.map((agent) => until(END_LIMIT_MS, () => isIdle(agent))));
  }
}

/** A daemon refuses a flag that is given twice; of ours and the caller's, the caller's counts. */
function lastWins(flags: readonly string[]): string[] {
  return [...new Map(flags.map((flag) => [flag.replace(/^--(no-)?/, '').replace(/=.*$/s, ''), flag])).values()];
}

/** True when no executor runs on the agent, or when it does not answer. */
async function isIdle(address: string): Promise<boolean> {
  const agent = new AgentClient(address);
  const executors = await agent.getExecutors();
  await agent.close();
  return !executors.ok || (executors.value.executors ?? []).length === 0;
}

async function until(limitMs: number, holds: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > deadline) return false;
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
  return true;
}

async function portsFree(options: ClusterOptions): Promise<Result<void>> {
  const ip = options.ip ?? '127.0.0.1';
  const { masterPort = 0, agentPort = 0, agents = 1 } = options;
  const wanted: [what: string, flag: string, port: number][] = [['the master', '--port', masterPort]];
  if (agentPort !== 0)
    for (let index = 0; index < agents; index++) wanted.push(['an agent', '--agent_port', agentPort + index]);
  for (const [what, flag, port] of wanted) {
    const free = await probePort(ip, port);
    if (free.ok) continue;
    if (free.error === 'EADDRINUSE')
      return err(
        `port ${port} of ${ip}, meant for ${what}, is in use. Another cluster may be running; end it, or choose ${flag}=PORT (0: any)`,
      );
    return err(`cannot listen on ${ip}:${port} for ${what}: ${free.error}`);
  }
  return ok(undefined);
}
