import type { LocalCluster } from '@mesolite/cli';
import { MasterClient } from '@mesolite/sdk';
import type { MachineID } from '@mesolite/wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Example, startCluster } from '../testing/run-example.ts';

const SECOND: MachineID = { hostname: 'second', ip: '127.0.0.1' };
const HOUR_S = 3600;
let cluster: LocalCluster;
let operator: MasterClient;

beforeAll(async () => {
  cluster = await startCluster({ resources: 'cpus:0.5;mem:128' });
  for (const name of ['second', 'third']) {
    const added = await cluster.addAgent([`--hostname=${name}`]);
    if (!added.ok) throw new Error(added.error);
  }
  operator = new MasterClient(cluster.master);
});

afterAll(async () => {
  await operator?.close();
  await cluster?.stop();
});

/** Hostnames of the agents, one for each live task. */
async function hostsOfTasks(): Promise<string[]> {
  const [agents, tasks] = await Promise.all([operator.getAgents(), operator.getTasks()]);
  if (!agents.ok || !tasks.ok) throw new Error('the master does not answer');
  const hosts = new Map((agents.value.agents ?? []).map(({ agent_info: one }) => [one.id?.value, one.hostname]));
  return (tasks.value.tasks ?? [])
    .filter(({ state }) => state === 'TASK_RUNNING')
    .map(({ agent_id: id }) => hosts.get(id.value) ?? '')
    .sort();
}

it('makes room for maintenance: the tasks run elsewhere before the window begins', async () => {
  const example = new Example('inverse-offer/inverse-offer.js', [cluster.master, '--instances=3']);
  try {
    await example.until(async () => (await hostsOfTasks()).join() === '127.0.0.1,second,third');

    const start = { nanoseconds: BigInt(Date.now() + HOUR_S * 1000) * 1_000_000n };
    const unavailability = { start, duration: { nanoseconds: BigInt(HOUR_S) * 1_000_000_000n } };
    const plan = { windows: [{ machine_ids: [SECOND], unavailability }] };
    expect(await operator.updateMaintenanceSchedule(plan)).toMatchObject({ ok: true });
    await example.until(async () => {
      const hosts = await hostsOfTasks();
      return hosts.length === 3 && !hosts.includes('second');
    });
    expect(example.output).toContain(`asked to leave`);
    expect(example.output).toContain(`before ${new Date(Number(start.nanoseconds / 1_000_000n)).toISOString()}`);
    expect(example.output.match(/TASK_KILLED/g)).toHaveLength(1);

    const status = await operator.getMaintenanceStatus();
    expect(status).toMatchObject({
      ok: true,
      value: { draining_machines: [{ id: SECOND, statuses: [{ status: 'ACCEPT' }] }] },
    });
    // Nothing is left there that could be lost.
    expect(await operator.startMaintenance([SECOND])).toMatchObject({ ok: true });
    await example.until(async () => {
      const agents = await operator.getAgents();
      return agents.ok && (agents.value.agents ?? []).every(({ agent_info: one }) => one.hostname !== 'second');
    });
    expect(example.output).not.toMatch(/TASK_(LOST|GONE|UNREACHABLE)/);
    expect(await hostsOfTasks()).toHaveLength(3);

    example.process.kill('SIGTERM');
    expect(await example.ended, example.output).toBe(0);
  } finally {
    example.kill();
  }
});
