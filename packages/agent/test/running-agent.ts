/** An agent on real sockets with real processes under a temporary directory, registered with a test's master. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningAgent, startAgent } from '../src/index.ts';
import { MasterPeer } from './master-peer.ts';
import { until } from './until.ts';

export interface AgentUnderTest {
  readonly master: MasterPeer;
  readonly agent: RunningAgent;
  readonly directory: string;
  readonly url: string;
  /** Log lines so far. */
  readonly log: readonly string[];
  stop(): Promise<void>;
}

/** A port nobody listens on, for agents that must come back to the same one. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Flags of every agent in tests: loopback, nothing of the machine's configuration, quick registration. */
export function agentFlags(directory: string, masterAddress: string, port = 0): string[] {
  return [
    `--master=${masterAddress}`,
    '--ip=127.0.0.1',
    `--port=${port}`,
    '--hostname=127.0.0.1',
    `--work_dir=${join(directory, 'work')}`,
    `--runtime_dir=${join(directory, 'runtime')}`,
    `--config_root=${directory}`,
    '--registration_backoff_factor=10ms',
    '--resources=cpus:64;mem:65536;disk:65536;ports:[31000-32000]',
    '--no-switch_user',
  ];
}

export async function runningAgent(...flags: string[]): Promise<AgentUnderTest> {
  const directory = await mkdtemp(join(tmpdir(), 'agent-'));
  const master = await MasterPeer.start();
  const log: string[] = [];
  const started = await startAgent({
    argv: [...agentFlags(directory, master.address), ...flags],
    env: {},
    stderr: (line) => log.push(line),
  });
  if (!started.ok) throw new Error(started.error.text);
  const agent = started.value;
  await until('the agent registered', () => master.agentPid !== undefined && master.names.length > 1);
  return {
    master,
    agent,
    directory,
    log,
    url: `http://127.0.0.1:${agent.port}`,
    stop: async () => {
      await agent.stop();
      await master.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
