/** A v0 driver has command tasks run on a real agent: as anybody, authenticated, and replaced by force on the way. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { task } from '@mesolite/sdk';
import type { FrameworkInfo, TaskInfo } from '@mesolite/wire';
import { afterEach, describe, expect, it } from 'vitest';
import { LocalCluster } from '../src/daemons/local-cluster.ts';
import { until } from './live-framework.ts';
import { V0Driver } from './v0-driver.ts';

const FRAMEWORK = { user: userInfo().username, name: 'driver', failover_timeout: 60, checkpoint: true };
const IDS = ['1', '2', '3', '4', '5'];
const SECRET = { principal: 'fw', secret: 'sesame' };
const AGENT_SECRET = { principal: 'agent', secret: 'open' };

const drivers: V0Driver[] = [];
let cluster: LocalCluster | undefined;
let directory: string | undefined;

afterEach(async () => {
  for (const driver of drivers.splice(0)) await driver.stop();
  await cluster?.stop();
  if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  cluster = undefined;
  directory = undefined;
});

async function start(masterFlags: string[] = [], agentFlags: string[] = []): Promise<string> {
  const started = await LocalCluster.start({
    resources: 'cpus:8;mem:1024;disk:1024',
    masterFlags: ['--allocation_interval=50ms', ...masterFlags],
    agentFlags: ['--registration_backoff_factor=1ms', ...agentFlags],
  });
  if (!started.ok) throw new Error(started.error);
  cluster = started.value;
  return `master@${cluster.master}`;
}

function commands(agentId: string, command: string): TaskInfo[] {
  return IDS.map((id) => ({
    ...task({ id, command, cpus: 0.1, mem: 32 }),
    agent_id: { value: agentId },
  }));
}

async function driverOf(master: string): Promise<V0Driver> {
  const driver = await V0Driver.start(master);
  drivers.push(driver);
  return driver;
}

async function register(driver: V0Driver, info: FrameworkInfo, force?: boolean): Promise<void> {
  driver.subscribe(info, force);
  await until('it is registered', () => driver.frameworkId !== undefined);
}

async function runAll(driver: V0Driver, command: string): Promise<void> {
  await until('there is an offer', () => driver.offers.length > 0);
  const offer = driver.offers[0]!;
  driver.launch(offer, commands(offer.agent_id.value, command));
}

function allAre(driver: V0Driver, state: 'TASK_RUNNING' | 'TASK_FINISHED'): Promise<void> {
  return until(`all tasks are ${state}`, () => IDS.every((id) => driver.statesOf(id).includes(state)));
}

describe('a v0 driver', () => {
  it('has five command tasks run to their end', async () => {
    const driver = await driverOf(await start());
    await register(driver, FRAMEWORK);
    await runAll(driver, 'true');
    await allAre(driver, 'TASK_FINISHED');
    for (const id of IDS) expect(driver.statesOf(id)).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
  });

  it('does so when it, and the agent, must prove who they are', async () => {
    directory = await mkdtemp(join(tmpdir(), 'mesolite-credentials-'));
    const [all, own] = [join(directory, 'credentials'), join(directory, 'credential')];
    await writeFile(all, JSON.stringify({ credentials: [SECRET, AGENT_SECRET] }), { mode: 0o600 });
    await writeFile(own, JSON.stringify(AGENT_SECRET), { mode: 0o600 });
    const master = await start(
      ['--authenticate_frameworks', '--authenticate_agents', `--credentials=${all}`],
      [`--credential=${own}`],
    );
    const driver = await driverOf(master);
    expect(await driver.authenticate(SECRET)).toEqual({ kind: 'accepted' });
    await register(driver, { ...FRAMEWORK, principal: 'fw' });
    await runAll(driver, 'true');
    await allAre(driver, 'TASK_FINISHED');
  });

  it('is replaced while its tasks run: the next instance hears of their end', async () => {
    const master = await start();
    const first = await driverOf(master);
    await register(first, FRAMEWORK);
    directory = await mkdtemp(join(tmpdir(), 'mesolite-driver-'));
    const go = join(directory, 'go');
    await runAll(first, `while [ ! -e ${go} ]; do sleep 0.05; done`);
    await allAre(first, 'TASK_RUNNING');
    const next = await driverOf(master);
    await register(next, { ...FRAMEWORK, id: { value: first.frameworkId! } }, true);
    expect(next.frameworkId).toBe(first.frameworkId);
    await until('the first is told', () => first.errors.includes('Framework failed over'));
    await writeFile(go, '');
    await allAre(next, 'TASK_FINISHED');
    expect(IDS.flatMap((id) => first.statesOf(id))).not.toContain('TASK_FINISHED');
  });
});
