/** A machine is taken out of service and brought back: a real master, real agents, a framework and an operator of ours. */
import { MasterClient, resources } from '@mesolite/sdk';
import type { InverseOffer, MachineID } from '@mesolite/wire';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LocalCluster } from '../src/index.ts';
import { LiveFramework, sleeper, until } from './live-framework.ts';

const SECOND: MachineID = { hostname: 'second', ip: '127.0.0.1' };
const SCHEDULE = {
  windows: [
    {
      machine_ids: [SECOND],
      unavailability: {
        start: { nanoseconds: 1_795_227_920_000_000_000n },
        duration: { nanoseconds: 3_600_000_000_000n },
      },
    },
  ],
};
const DONE = { ok: true, value: undefined };

describe('maintenance of a machine', () => {
  it('tells frameworks, ends what is there, and gives it back', async () => {
    const started = await LocalCluster.start({
      resources: 'cpus:2;mem:1024;disk:1024',
      masterFlags: ['--allocation_interval=20ms'],
      agentFlags: ['--registration_backoff_factor=1ms', '--no-switch_user'],
    });
    if (!started.ok) throw new Error(started.error);
    const cluster = started.value;
    onTestFinished(() => cluster.stop());
    const joined = await cluster.addAgent(['--hostname=second']);
    if (!joined.ok) throw new Error(joined.error);
    const operator = new MasterClient(cluster.master);
    onTestFinished(() => operator.close());
    const hostnames = async (): Promise<string[]> => {
      const agents = await operator.getAgents();
      return agents.ok ? (agents.value.agents ?? []).map(({ agent_info: { hostname } }) => hostname) : [];
    };

    const asked: InverseOffer[] = [];
    const framework = await LiveFramework.subscribe(cluster.master, 'tenant', {
      onInverseOffers: (offers) => void asked.push(...offers),
    });
    onTestFinished(() => framework.close());
    const onSecond = () => [...framework.offers.values()].find(({ hostname }) => hostname === 'second');
    await until('an offer of the machine', () => onSecond() !== undefined);
    await framework.launch(onSecond()!, [sleeper('tenant', resources({ cpus: 1, mem: 32 }))], 1000);
    await framework.untilAll('TASK_RUNNING', 1);

    expect(await operator.updateMaintenanceSchedule(SCHEDULE)).toEqual(DONE);
    await until('an inverse offer', () => asked.length > 0);
    expect(asked).toMatchObject([{ unavailability: SCHEDULE.windows[0]!.unavailability }]);
    expect(await framework.client.declineInverseOffers(asked, { refuse_seconds: 1000 })).toEqual(DONE);
    const status = await operator.getMaintenanceStatus();
    expect(status).toMatchObject({
      ok: true,
      value: {
        draining_machines: [{ id: SECOND, statuses: [{ status: 'DECLINE', framework_id: { value: framework.id } }] }],
      },
    });

    expect(await operator.startMaintenance([SECOND])).toEqual(DONE);
    await framework.untilAll('TASK_LOST', 1);
    await until('the agent to go', async () => !(await hostnames()).includes('second'));
    expect(await operator.getMaintenanceStatus()).toEqual({ ok: true, value: { down_machines: [SECOND] } });
    await cluster.stopAgent(joined.value);

    expect(await operator.stopMaintenance([SECOND])).toEqual(DONE);
    expect(await operator.getMaintenanceSchedule()).toEqual({ ok: true, value: {} });
    const back = await cluster.addAgent(['--hostname=second']);
    expect(back.ok).toBe(true);
    await until('the machine to be back', async () => (await hostnames()).includes('second'));
  });
});
