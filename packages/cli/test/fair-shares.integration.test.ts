/**
 * Real frameworks of different roles and weights on a live cluster come to the shares that dominant resource fairness
 * says, and follow when weights and quota change while they run.
 */
import { MasterClient } from '@mesolite/sdk';
import { afterEach, expect, it } from 'vitest';
import { LocalCluster } from '../src/daemons/local-cluster.ts';
import { Contenders, dominantlyFair, type Entitled } from './contenders.ts';

let cluster: LocalCluster | undefined;
let master: MasterClient | undefined;
let contenders: Contenders | undefined;

afterEach(async () => {
  await contenders?.stop();
  await master?.close();
  await cluster?.stop();
  contenders = undefined;
});

async function start(agents: number, resources: string): Promise<MasterClient> {
  const started = await LocalCluster.start({
    agents,
    resources,
    masterFlags: ['--allocation_interval=50ms'],
    agentFlags: ['--registration_backoff_factor=1ms'],
  });
  if (!started.ok) throw new Error(started.error);
  cluster = started.value;
  master = new MasterClient(cluster.master);
  return master;
}

const SLOTS = { cpus: 12, mem: 3072 };
const slot = { cpus: 1, mem: 256 };

it('9 cpus and 18 GB: tasks of 1 cpu and 4 GB beside tasks of 3 cpus and 1 GB come to 66.7 % of memory and of cpus', async () => {
  await start(1, 'cpus:9;mem:18432;disk:0');
  const wants: Entitled[] = [
    { role: 'memory', cpus: 1, mem: 4096, weight: 1 },
    { role: 'compute', cpus: 3, mem: 1024, weight: 1 },
  ];
  expect(dominantlyFair({ cpus: 9, mem: 18_432 }, wants)).toEqual({ memory: 3, compute: 2 });
  contenders = await Contenders.start(cluster!.master, master!, wants);
  expect(contenders.counts).toEqual({ memory: 3, compute: 2 });
  await contenders.turnOver();
  expect(contenders.counts).toEqual({ memory: 3, compute: 2 });
  expect(await contenders.shares()).toEqual({
    memory: { cpus: 33.3, mem: 66.7 },
    compute: { cpus: 66.7, mem: 11.1 },
  });
});

it('weights 3:1 give 75 % and 25 %; changed to 1:2, 33.3 % and 66.7 %; a limit and a guarantee move them again', async () => {
  const operator = await start(3, 'cpus:4;mem:1024;disk:0');
  const entitled = (web: Partial<Entitled>, batch: Partial<Entitled> = {}): Entitled[] => [
    { role: 'web', weight: 1, ...slot, ...web },
    { role: 'batch', weight: 1, ...slot, ...batch },
  ];
  const expectFair = async (all: Entitled[], counts: object, shares: readonly [number, number]): Promise<void> => {
    expect(dominantlyFair(SLOTS, all)).toEqual(counts);
    await contenders!.turnOver();
    expect(contenders!.counts).toEqual(counts);
    const [web, batch] = shares;
    expect(await contenders!.shares()).toEqual({ web: { cpus: web, mem: web }, batch: { cpus: batch, mem: batch } });
  };
  const set = async (change: ReturnType<MasterClient['updateWeights']>): Promise<void> => {
    const answer = await change;
    if (!answer.ok) throw answer.error;
  };

  await set(operator.updateWeights([{ role: 'web', weight: 3 }]));
  contenders = await Contenders.start(cluster!.master, operator, entitled({}));
  await expectFair(entitled({ weight: 3 }), { web: 9, batch: 3 }, [75, 25]);

  await set(
    operator.updateWeights([
      { role: 'web', weight: 1 },
      { role: 'batch', weight: 2 },
    ]),
  );
  await expectFair(entitled({}, { weight: 2 }), { web: 4, batch: 8 }, [33.3, 66.7]);

  // It holds more already; no task is ended for that.
  await set(operator.updateQuota([{ role: 'batch', limits: { cpus: { value: 3 } } }], { force: true }));
  await expectFair(entitled({}, { weight: 2, limitCpus: 3 }), { web: 9, batch: 3 }, [75, 25]);

  await set(operator.updateQuota([{ role: 'batch' }, { role: 'web', guarantees: { cpus: { value: 6 } } }]));
  await expectFair(entitled({ guaranteeCpus: 6 }, { weight: 2 }), { web: 6, batch: 6 }, [50, 50]);
});
