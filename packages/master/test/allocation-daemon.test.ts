/** Flags of allocation in a whole master: read, refused when bad, and what of them lives through a restart. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningDaemon } from '@mesolite/daemon';
import { ReregisterAgentMessage } from '@mesolite/wire';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startMaster } from '../src/index.ts';
import { AGENT_CAPABILITIES, AGENT_RESOURCES, frameworkInfo } from './core-harness.ts';
import { eventually, post, startTestMaster, TestAgent, TestScheduler } from './running-master.ts';

function directory(): string {
  const made = mkdtempSync(join(tmpdir(), 'mesolite-allocation-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

async function read(master: RunningDaemon, path: string): Promise<Record<string, unknown>> {
  return JSON.parse((await post(master.port, '', {}, { method: 'GET', path })).text) as Record<string, unknown>;
}

async function metric(master: RunningDaemon, name: string): Promise<number> {
  return ((await read(master, '/metrics/snapshot'))[name] as number | undefined) ?? Number.NaN;
}

/** Time for several batches to have come and gone. */
async function batchesPass(master: RunningDaemon): Promise<void> {
  const since = await metric(master, 'master/uptime_secs');
  await eventually('time to pass', async () => (await metric(master, 'master/uptime_secs')) > since + 0.3);
}

function comeBack(agent: TestAgent, master: RunningDaemon): void {
  const port = Number(agent.pid.slice(agent.pid.lastIndexOf(':') + 1));
  const info = { id: { value: agent.id }, hostname: '127.0.0.1', port, resources: AGENT_RESOURCES, checkpoint: true };
  agent.send(
    ReregisterAgentMessage,
    { agent: info, version: '1.12.0', agent_capabilities: [...AGENT_CAPABILITIES] },
    master.pid,
  );
}

describe('a master with quota that is started again', () => {
  it('offers nothing until the share of agents it knew is back', async () => {
    const flags = ['--registry=replicated_log', `--work_dir=${directory()}`, '--allocator_agent_recovery_factor=1'];
    const first = await startTestMaster(...flags);
    const agents = [await TestAgent.register(first), await TestAgent.register(first)] as const;
    const quota = { role: 'dev', guarantees: { cpus: { value: 1 } }, limits: {} };
    const call = JSON.stringify({ type: 'UPDATE_QUOTA', update_quota: { quota_configs: [quota] } });
    const json = { 'Content-Type': 'application/json', 'Accept': 'application/json' };
    expect(await post(first.port, call, json, { path: '/api/v1' })).toMatchObject({ status: 200 });
    await first.stop();

    const second = await startTestMaster(...flags);
    const scheduler = await TestScheduler.subscribe(second.port, frameworkInfo());
    comeBack(agents[0], second);
    await eventually('the first agent', async () => (await metric(second, 'master/slaves_active')) === 1);
    await batchesPass(second);
    expect(scheduler.offers()).toEqual([]);
    comeBack(agents[1], second);
    await eventually('offers of both', () => scheduler.offers().length === 2);
  });

  it('keeps the weights it was first given', async () => {
    const flags = ['--registry=replicated_log', `--work_dir=${directory()}`];
    const first = await startTestMaster(...flags, '--weights=dev=2.5');
    const weights = (master: RunningDaemon) => read(master, '/weights');
    await eventually('the weights', async () => JSON.stringify(await weights(first)).includes('2.5'));
    await first.stop();
    const second = await startTestMaster(...flags, '--weights=dev=7,ops=3');
    expect(await weights(second)).toEqual([{ role: 'dev', weight: 2.5 }]);
  });
});

describe('a whitelist', () => {
  it('is read before the first offer', async () => {
    const file = join(directory(), 'whitelist');
    writeFileSync(file, 'some.other.host\n');
    const master = await startTestMaster(`--whitelist=file://${file}`);
    const scheduler = await TestScheduler.subscribe(master.port, frameworkInfo());
    await TestAgent.register(master);
    await batchesPass(master);
    expect(scheduler.offers()).toEqual([]);
  });

  it('with the host lets it be offered', async () => {
    const file = join(directory(), 'whitelist');
    writeFileSync(file, 'some.other.host\n127.0.0.1\n');
    const master = await startTestMaster(`--whitelist=${file}`);
    const scheduler = await TestScheduler.subscribe(master.port, frameworkInfo());
    await TestAgent.register(master);
    await eventually('an offer', () => scheduler.offers().length === 1);
  });
});

describe('a master', () => {
  it('of a fault domain says so', async () => {
    const domain = { fault_domain: { region: { name: 'north' }, zone: { name: 'a' } } };
    const master = await startTestMaster(`--domain=${JSON.stringify(domain)}`, '--require_agent_domain');
    expect(await read(master, '/state')).toMatchObject({ domain });
  });

  it('measures its allocations', async () => {
    const master = await startTestMaster();
    await TestAgent.register(master);
    await TestScheduler.subscribe(master.port, frameworkInfo());
    await eventually('a few runs', async () => (await metric(master, 'allocator/mesos/allocation_runs')) > 3);
    expect(await metric(master, 'allocator/mesos/allocation_run_ms/count')).toBeGreaterThan(0);
    expect(await metric(master, 'allocator/mesos/allocation_run_ms/p99')).toBeGreaterThan(0);
    expect(await metric(master, 'allocator/mesos/allocation_run_latency_ms')).toBeGreaterThanOrEqual(0);
  });

  it.each([
    ['--weights=dev', "Invalid weight: 'dev'. --weights should be of the form 'role=weight,role=weight'"],
    ['--weights=ops=1 --roles=dev', "Invalid weight: 'ops=1'. ops is not a valid role"],
    ['--role_sorter=fair', "--role_sorter: Expecting 'drf' or 'random', but got 'fair'"],
    ['--framework_sorter=fair', "--framework_sorter: Expecting 'drf' or 'random', but got 'fair'"],
    ['--allocator_agent_recovery_factor=1.5', 'Expecting a share from 0 to 1, but got 1.5'],
    ['--allocator_agent_recovery_factor=most', "Failed to convert 'most' to number"],
    ['--allocator_recovery_timeout=soon', '--allocator_recovery_timeout'],
    ['--offer_constraints_re2_max_mem=2MB', 'Expecting 1B to 1MB, but got 2MB'],
    ['--offer_constraints_re2_max_mem=0B', 'Expecting 1B to 1MB, but got 0B'],
    ['--domain={}', '`domain` must define `fault_domain`'],
    ['--domain={"fault_domain":{"region":{"name":"r"}}}', 'zone'],
    ['--min_allocatable_resources=cpus:x', '--min_allocatable_resources'],
    ['--min_allocatable_resources=ports:[31000-31009]', 'only scalar values are allowed'],
  ])('refuses %s', async (argv, text) => {
    const started = await startMaster({
      argv: ['--ip=127.0.0.1', '--port=0', '--quiet', '--registry=in_memory', ...argv.split(' ')],
      env: {},
    });
    if (started.ok) await started.value.stop();
    expect(started.ok ? '' : started.error.text).toContain(
      text.replace('--allocator_recovery_timeout', 'allocator_recovery_timeout'),
    );
  });
});
