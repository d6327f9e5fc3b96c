/** A framework of the SDK for tests on a live cluster: keeps the offers it holds and the states of its tasks. */
import { userInfo } from 'node:os';
import { SchedulerClient, scalarOf, task } from '@mesolite/sdk';
import type {
  FrameworkInfo,
  FrameworkInfoCapabilityType,
  InverseOffer,
  Offer,
  OperationStatus,
  TaskInfo,
  TaskState,
  TaskStatus,
} from '@mesolite/wire';

const LIMIT_MS = 30_000;
const POLL_MS = 10;

/** Resolves when it holds; fails with `what` after 30 s. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
}

export interface LiveOptions {
  readonly roles?: readonly string[];
  readonly capabilities?: readonly FrameworkInfoCapabilityType[];
  readonly suppressedRoles?: readonly string[];
  /** Default 0, as for frameworks that say nothing. */
  readonly failoverTimeoutSeconds?: number;
  /** Called with what is offered, instead of keeping it. */
  readonly onOffers?: (offers: readonly Offer[], framework: LiveFramework) => void;
  readonly onInverseOffers?: (offers: readonly InverseOffer[]) => void;
  readonly onOperation?: (status: OperationStatus) => void;
  readonly onUpdate?: (status: TaskStatus, framework: LiveFramework) => void;
}

export class LiveFramework {
  readonly client: SchedulerClient;
  /** What it holds, by id. */
  readonly offers = new Map<string, Offer>();
  readonly states = new Map<string, TaskState>();
  readonly statuses: TaskStatus[] = [];

  private constructor(client: SchedulerClient, options: LiveOptions) {
    this.client = client;
    client.start({
      offers: (offers) => {
        if (options.onOffers !== undefined) options.onOffers(offers, this);
        else for (const offer of offers) this.offers.set(offer.id.value, offer);
      },
      inverseOffers: (offers) => options.onInverseOffers?.(offers),
      updateOperationStatus: (status) => options.onOperation?.(status),
      rescind: (offerId) => this.offers.delete(offerId),
      update: (status) => {
        this.states.set(status.task_id.value, status.state);
        this.statuses.push(status);
        options.onUpdate?.(status, this);
      },
    });
  }

  static async subscribe(
    master: string | readonly string[],
    name: string,
    options: LiveOptions = {},
  ): Promise<LiveFramework> {
    const capabilities = options.capabilities ?? ['MULTI_ROLE', 'RESERVATION_REFINEMENT'];
    const framework: FrameworkInfo = {
      name,
      user: userInfo().username,
      roles: [...(options.roles ?? ['*'])],
      capabilities: capabilities.map((type) => ({ type })),
      failover_timeout: options.failoverTimeoutSeconds,
    };
    const client = new SchedulerClient({ master, framework, suppressedRoles: options.suppressedRoles ?? [] });
    const live = new LiveFramework(client, options);
    await until(`${name} is subscribed`, () => client.connected);
    return live;
  }

  get id(): string {
    return this.client.frameworkId!;
  }

  /** Sum over the offers it holds. */
  offered(name: string): number {
    return [...this.offers.values()].reduce((sum, { resources }) => sum + scalarOf(resources, name), 0);
  }

  async launch(offer: Offer, tasks: readonly TaskInfo[], refuseSeconds = 0): Promise<void> {
    this.offers.delete(offer.id.value);
    const answer = await this.client.launch(offer, tasks, { refuse_seconds: refuseSeconds });
    if (!answer.ok) throw answer.error;
  }

  /** Everything it holds. */
  async decline(refuseSeconds = 0): Promise<void> {
    const held = [...this.offers.values()];
    this.offers.clear();
    const answer = held.length === 0 ? undefined : await this.client.decline(held, refuseSeconds);
    if (answer?.ok === false) throw answer.error;
  }

  async suppress(): Promise<void> {
    const answer = await this.client.suppress();
    if (!answer.ok) throw answer.error;
  }

  /** Waits until as many of its tasks as it has launched are in `state`. */
  async untilAll(state: TaskState, count: number): Promise<void> {
    await until(`${count} tasks are ${state}: ${JSON.stringify([...this.states])}`, () => {
      return [...this.states.values()].filter((one) => one === state).length >= count;
    });
  }

  close(): Promise<void> {
    return this.client.close({ teardown: true });
  }
}

/** Goes on until it is killed. */
export const sleeper = (id: string, resources: TaskInfo['resources']): TaskInfo => ({
  ...task({ id, command: 'exec sleep 1000' }),
  resources,
});
