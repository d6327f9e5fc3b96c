/**
 * Frameworks that want as much as they can get, a task at a time, on a live cluster; and the counts of tasks that
 * dominant resource fairness says they should come to. The tasks end one by one, at the test's word, so that each place
 * that falls free is given by the shares of that moment.
 */
import { type MasterClient, scalarOf, task } from '@mesolite/sdk';
import type { Offer } from '@mesolite/wire';
import { LiveFramework, until } from './live-framework.ts';

/** Nobody wants to see again what is too small for him. */
const LONG_SECONDS = 100_000;

export interface Want {
  readonly role: string;
  /** Of a task. Memory in MiB. */
  readonly cpus: number;
  readonly mem: number;
}

export interface Entitled extends Want {
  readonly weight: number;
  readonly guaranteeCpus?: number;
  readonly limitCpus?: number;
}

/** How many tasks of each run. */
export type Counts = Readonly<Record<string, number>>;

/**
 * Progressive filling: the next task is always of who has the smallest dominant share for his weight, and whose next one
 * still fits; up to guarantees first. Written from the definition, not from our allocator.
 */
export function dominantlyFair(
  total: { readonly cpus: number; readonly mem: number },
  all: readonly Entitled[],
): Counts {
  const counts: Record<string, number> = Object.fromEntries(all.map(({ role }) => [role, 0]));
  const cpusOf = ({ role, cpus }: Entitled): number => counts[role]! * cpus;
  const share = (one: Entitled): number =>
    Math.max(cpusOf(one) / total.cpus, (counts[one.role]! * one.mem) / total.mem);
  const sum = (amount: (one: Entitled) => number): number => all.reduce((whole, one) => whole + amount(one), 0);
  const hasRoom = (one: Entitled): boolean =>
    sum(cpusOf) + one.cpus <= total.cpus &&
    sum(({ role, mem }) => counts[role]! * mem) + one.mem <= total.mem &&
    cpusOf(one) + one.cpus <= (one.limitCpus ?? Number.POSITIVE_INFINITY);
  for (;;) {
    const open = all.filter(hasRoom);
    const unmet = open.filter((one) => cpusOf(one) < (one.guaranteeCpus ?? 0));
    const [next] = (unmet.length > 0 ? unmet : open).sort((a, b) => share(a) / a.weight - share(b) / b.weight);
    if (next === undefined) return counts;
    counts[next.role]!++;
  }
}

export class Contenders {
  readonly #master: MasterClient;
  readonly #wants: readonly Want[];
  readonly #frameworks = new Map<string, LiveFramework>();
  #launched = 0;

  private constructor(master: MasterClient, wants: readonly Want[]) {
    this.#master = master;
    this.#wants = wants;
  }

  /** One framework for each of `wants`, in its role; resolves when they have filled the cluster. */
  static async start(address: string, master: MasterClient, wants: readonly Want[]): Promise<Contenders> {
    const contenders = new Contenders(master, wants);
    for (const want of wants) {
      const take = (offers: readonly Offer[], framework: LiveFramework): void => {
        for (const offer of offers) contenders.#take(want, offer, framework);
      };
      const framework = await LiveFramework.subscribe(address, want.role, { roles: [want.role], onOffers: take });
      contenders.#frameworks.set(want.role, framework);
    }
    await contenders.#full();
    return contenders;
  }

  get counts(): Counts {
    return Object.fromEntries([...this.#frameworks].map(([role, { states }]) => [role, running(states).length]));
  }

  /** Of each role, in percent of the cluster, what the master says is allocated to it. */
  async shares(): Promise<Record<string, { readonly cpus: number; readonly mem: number }>> {
    const answer = await this.#master.http.json('/roles');
    const agents = await this.#master.getAgents();
    if (!answer.ok) throw answer.error;
    if (!agents.ok) throw agents.error;
    const { roles } = answer.value as { roles: { name: string; allocated: Record<string, number> }[] };
    const totals = (agents.value.agents ?? []).flatMap((agent) => agent.total_resources ?? []);
    const percent = (amount: number | undefined, name: string): number =>
      Math.round(((amount ?? 0) / scalarOf(totals, name)) * 1000) / 10;
    return Object.fromEntries(
      roles
        .filter(({ name }) => this.#frameworks.has(name))
        .map(({ name, allocated: { cpus, mem } }) => [name, { cpus: percent(cpus, 'cpus'), mem: percent(mem, 'mem') }]),
    );
  }

  /** Ends each task that runs now, one after the other, and waits each time until the cluster is full again. */
  async turnOver(): Promise<void> {
    const queues = [...this.#frameworks.values()].map((framework) => ({ framework, ids: running(framework.states) }));
    for (let left = true; left; ) {
      left = false;
      for (const { framework, ids } of queues) {
        const taskId = ids.shift();
        if (taskId === undefined) continue;
        left = true;
        void framework.client.kill({ taskId });
        await until(`${taskId} has ended`, () => framework.states.get(taskId) === 'TASK_KILLED');
        await this.#full();
      }
    }
  }

  async stop(): Promise<void> {
    for (const framework of this.#frameworks.values()) await framework.close();
  }

  #take(want: Want, offer: Offer, framework: LiveFramework): void {
    const fits = scalarOf(offer.resources, 'cpus') >= want.cpus && scalarOf(offer.resources, 'mem') >= want.mem;
    if (!fits) return void framework.client.decline([offer], LONG_SECONDS);
    const id = `${want.role}-${this.#launched++}`;
    framework.states.set(id, 'TASK_STAGING');
    const { cpus, mem } = want;
    const info = task({ id, command: 'exec sleep 1000', cpus, mem });
    void framework.client.launch(offer, [info], { refuse_seconds: 0 });
  }

  /** Nothing more that is free would do for anybody whom quota lets have it, and all tasks run. */
  async #full(): Promise<void> {
    await until('the cluster is full', async () => {
      for (const { states } of this.#frameworks.values())
        if ([...states.values()].some((state) => state === 'TASK_STAGING' || state === 'TASK_STARTING')) return false;
      const agents = await this.#master.getAgents();
      if (!agents.ok) throw agents.error;
      return (agents.value.agents ?? []).every(({ total_resources: total, allocated_resources: used }) => {
        const free = (name: string): number => scalarOf(total, name) - scalarOf(used, name);
        return this.#wants.every(({ cpus, mem }) => free('cpus') < cpus || free('mem') < mem);
      });
    });
  }
}

function running(states: LiveFramework['states']): string[] {
  return [...states].filter(([, state]) => state === 'TASK_RUNNING').map(([id]) => id);
}
