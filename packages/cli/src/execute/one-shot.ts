/**
 * A framework for one task: waits for an offer that fits, launches, follows states and output to the end.
 *
 * Never: writes anywhere; it tells a listener. The last update is acknowledged only after the output was read to its end,
 * so that the agent keeps the sandbox until then.
 */
import type { Result } from '@mesolite/base';
import { AgentClient, type Codec, type DaemonAddress, isTerminal, MasterClient, SchedulerClient } from '@mesolite/sdk';
import type { FrameworkInfo, Offer, Resource, TaskInfo, TaskStatus } from '@mesolite/wire';
import { UNREACHABLE_HINT } from '../describe-api-error.ts';
import { FileFollower } from '../sandbox/follow-file.ts';
import { locateSandbox } from '../sandbox/locate-sandbox.ts';
import { claimResources } from './claim-resources.ts';
import { explainOffers, explainSilence } from './explain-waiting.ts';

/** How long nobody needs to be told that there was no offer yet. */
const PATIENCE_MS = 1_500;
const ASK_AGAIN_MS = 5_000;
/** How long a first connection may take before the master counts as unreachable. */
const CONNECT_LIMIT_MS = 3_000;
/** How long the last lines of output may take after the task's end. */
const LAST_OUTPUT_MS = 10_000;

export interface OneShotOptions {
  readonly master: DaemonAddress;
  readonly principal?: string | undefined;
  readonly secret?: string | undefined;
  readonly codec: Codec;
  readonly framework: FrameworkInfo;
  /** Its resources say what is needed; which entries of the offer are used is found out. */
  readonly task: TaskInfo;
  /** Kill the task this long after its launch, in milliseconds. */
  readonly killAfterMs?: number | undefined;
  /** Default: the timers of the process. */
  readonly schedule?: Schedule | undefined;
}

/** Calls `fire` once, after `ms` milliseconds; returns how to prevent that. */
export type Schedule = (ms: number, fire: () => void) => () => void;

const realSchedule: Schedule = (ms, fire) => {
  const timer = setTimeout(fire, ms);
  return () => clearTimeout(timer);
};

export type OneShotEvent =
  | { readonly kind: 'subscribed'; readonly frameworkId: string }
  | { readonly kind: 'waiting'; readonly reason: string }
  | { readonly kind: 'launched'; readonly agentId: string; readonly hostname: string; readonly agentAddress: string }
  | { readonly kind: 'status'; readonly status: TaskStatus }
  | { readonly kind: 'output'; readonly stream: 'stdout' | 'stderr'; readonly data: Uint8Array }
  | { readonly kind: 'notice'; readonly text: string };

/** How it ended: with the task's last status, or without because of `message`. */
export type OneShotEnd =
  | { readonly kind: 'ended'; readonly status: TaskStatus }
  | { readonly kind: 'failed'; readonly message: string };

export class OneShot {
  readonly #options: OneShotOptions;
  readonly #tell: (event: OneShotEvent) => void;
  readonly #scheduler: SchedulerClient;
  readonly #master: MasterClient;
  #agent: AgentClient | undefined;
  #followers: FileFollower[] = [];
  #launched: { offer: Offer } | undefined;
  readonly #reasons = new Set<string>();
  readonly #schedule: Schedule;
  readonly #timers: (() => void)[] = [];
  #end: OneShotEnd | undefined;

  constructor(options: OneShotOptions, tell: (event: OneShotEvent) => void) {
    this.#options = options;
    this.#tell = tell;
    this.#schedule = options.schedule ?? realSchedule;
    const { master, principal, secret, codec, framework } = options;
    this.#scheduler = new SchedulerClient({ master, principal, secret, codec, framework });
    this.#master = new MasterClient(master, { principal, secret, codec });
  }

  /** Resolves when the task has ended and its output was told, or when it cannot be run. */
  async run(): Promise<OneShotEnd> {
    const startedMs = performance.now();
    let subscribed = false;
    this.#scheduler.start({
      subscribed: ({ frameworkId }) => {
        subscribed = true;
        this.#tell({ kind: 'subscribed', frameworkId });
        this.#after(PATIENCE_MS, () => void this.#askWhy());
      },
      disconnected: (reason) => {
        if (subscribed) this.#tell({ kind: 'notice', text: `${reason}; connecting again` });
        else if (performance.now() - startedMs > CONNECT_LIMIT_MS) this.#fail(`${reason}\n${UNREACHABLE_HINT}`);
      },
      offers: (offers) => this.#offers(offers),
      update: (status) => this.#update(status),
    });
    const end = await this.#scheduler.ended;
    for (const cancel of this.#timers) cancel();
    for (const follower of this.#followers) follower.stop();
    await Promise.all([this.#agent?.close(), this.#master.close()]);
    return this.#end ?? { kind: 'failed', message: end.message };
  }

  /** Kills the task; without one, gives up at once. Gives up, too, when its end is not heard of within `limitMs`. */
  kill(limitMs?: number): void {
    if (this.#launched === undefined) {
      this.#fail('interrupted before the task was launched');
      return;
    }
    if (limitMs !== undefined)
      this.#after(limitMs, () => this.#fail(`the task was not heard to end within ${limitMs / 1000} s`));
    const taskId = this.#options.task.task_id.value;
    void this.#scheduler.kill({ taskId, agentId: this.#launched.offer.agent_id.value });
  }

  #offers(offers: readonly Offer[]): void {
    const needs = this.#options.task.resources ?? [];
    let unused = offers;
    if (this.#launched === undefined) {
      for (const offer of offers) {
        const claim = claimResources(offer.resources ?? [], needs);
        if (!claim.ok) continue;
        this.#launch(offer, claim.value);
        unused = offers.filter((other) => other !== offer);
        break;
      }
      if (this.#launched === undefined) this.#wait(explainOffers(offers, needs));
    }
    if (unused.length > 0) void this.#scheduler.decline(unused);
  }

  #launch(offer: Offer, resources: Resource[]): void {
    this.#launched = { offer };
    void this.#launchOn(offer, { ...this.#options.task, resources });
    void this.#scheduler.suppress();
    const address = offer.url?.address;
    const agentAddress = `${address?.ip ?? address?.hostname ?? offer.hostname}:${address?.port ?? 5051}`;
    const { principal, secret } = this.#options;
    this.#agent = new AgentClient(agentAddress, { principal, secret });
    this.#tell({ kind: 'launched', agentId: offer.agent_id.value, hostname: offer.hostname, agentAddress });
    const { killAfterMs } = this.#options;
    if (killAfterMs !== undefined) {
      this.#after(killAfterMs, () => {
        this.#tell({ kind: 'notice', text: 'time is up: killing the task' });
        this.kill();
      });
    }
  }

  async #launchOn(offer: Offer, task: TaskInfo): Promise<void> {
    const result: Result<void, Error> = await this.#scheduler.launch(offer, [task]);
    if (!result.ok) this.#fail(`the task could not be launched: ${result.error.message}`);
  }

  async #update(status: TaskStatus): Promise<void> {
    if (this.#end !== undefined) return;
    const executorId = status.executor_id?.value;
    const ran = executorId !== undefined && status.state !== 'TASK_STAGING';
    if (ran && this.#followers.length === 0) this.#follow(executorId);
    if (!isTerminal(status.state)) {
      this.#tell({ kind: 'status', status });
      return;
    }
    this.#end = { kind: 'ended', status };
    // What the task wrote comes before the news of its end.
    await this.#drain();
    this.#tell({ kind: 'status', status });
    // The client acknowledges when this returns; only then the framework may go.
    this.#after(0, () => void this.#scheduler.close({ teardown: true }));
  }

  #follow(executorId: string): void {
    const frameworkId = this.#scheduler.frameworkId;
    const agent = this.#agent;
    if (frameworkId === undefined || agent === undefined) return;
    const executor = { frameworkId, executorId };
    this.#followers = (['stdout', 'stderr'] as const).map(
      (stream) =>
        new FileFollower({
          files: agent,
          path: async () => {
            const sandbox = await locateSandbox(agent, executor);
            return sandbox.ok ? `${sandbox.value}/${stream}` : undefined;
          },
          data: (data) => this.#tell({ kind: 'output', stream, data }),
        }),
    );
  }

  async #drain(): Promise<void> {
    const all = Promise.all(this.#followers.map((follower) => follower.finish()));
    const limit = new Promise<undefined>((resolve) => this.#after(LAST_OUTPUT_MS, () => resolve(undefined)));
    const failures = await Promise.race([all, limit]);
    if (failures === undefined)
      this.#tell({ kind: 'notice', text: 'the agent does not hand out the rest of the output' });
    // A task that could not be started may have no output, or no sandbox at all.
    for (const failure of failures ?? [])
      if (failure !== undefined && failure.status !== 404)
        this.#tell({ kind: 'notice', text: `output is missing: ${failure.message}` });
  }

  async #askWhy(): Promise<void> {
    if (this.#launched !== undefined || this.#end !== undefined) return;
    const agents = await this.#master.getAgents();
    if (this.#launched !== undefined || this.#end !== undefined) return;
    this.#wait(explainSilence(agents, this.#options.task.resources ?? []));
    this.#after(ASK_AGAIN_MS, () => void this.#askWhy());
  }

  /** Says each reason once. */
  #wait(reason: string): void {
    if (this.#reasons.has(reason)) return;
    this.#reasons.add(reason);
    this.#tell({ kind: 'waiting', reason });
  }

  #fail(message: string): void {
    this.#end ??= { kind: 'failed', message };
    void this.#scheduler.close({ teardown: this.#scheduler.connected });
  }

  #after(ms: number, fire: () => void): void {
    this.#timers.push(this.#schedule(ms, fire));
  }
}
