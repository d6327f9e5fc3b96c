/**
 * Checks from outside what a master owes at the end of a turn: when the connection to an agent broke, the offers of that
 * agent are rescinded; when a known agent returns with tasks that were to be killed, it is told to kill them; an agent
 * that has been silent for too long is given up.
 */
import type { MasterEffect, MasterInput } from '@mesolite/master/core';
import type { Clock } from '@mesolite/ports';
import {
  AgentRegisteredMessage,
  AgentReregisteredMessage,
  KillTaskMessage,
  PingAgentMessage,
  RunTaskMessage,
  ShutdownFrameworkMessage,
  wireName,
} from '@mesolite/wire';
import { look } from './opened-messages.ts';
import { isEnd } from './task-states.ts';
import { Violation } from './violation.ts';

const REGISTERED = wireName(AgentRegisteredMessage);
const REREGISTERED = wireName(AgentReregisteredMessage);
const PING = wireName(PingAgentMessage);
const KILL_TASK = wireName(KillTaskMessage);
const RUN_TASK = wireName(RunTaskMessage);
const SHUTDOWN_FRAMEWORK = wireName(ShutdownFrameworkMessage);

const LEAVES: ReadonlySet<string> = new Set(['mark-agent-unreachable', 'remove-agent', 'mark-agent-gone']);

/** Five pings of 15 s without an answer, one under way, and time to write it down. */
const LONGEST_SILENCE_MS = 100_000;

export class MasterDues {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  /** When each address was last heard of, for agents that are registered. */
  readonly #heardMs = new Map<string, number>();
  /** The address each observer pings. */
  readonly #observed = new Map<string, string>();
  /** The agent at each address, once admitted or back. */
  readonly #agentAt = new Map<string, string>();
  /** Offers that are out, each with its agent and the stream it went out on. */
  readonly #offers = new Map<string, { readonly agentId: string; readonly connection: number }>();
  /** Tasks this master has launched or heard of, and that have not ended for it. */
  readonly #live = new Set<string>();
  /** Frameworks that have, or had, such tasks. */
  readonly #frameworks = new Set<string>();
  /** Tasks of frameworks that do not checkpoint. */
  readonly #careless = new Set<string>();
  /** Of these the ones their framework wants killed, by agent. */
  readonly #kills = new Map<string, Set<string>>();
  /** What a returning agent has told it runs, until it is answered. */
  readonly #reported = new Map<string, { readonly agentId: string; readonly keys: readonly string[] }>();
  #lookAgainMs = 0;
  #owedRescinds = new Set<string>();
  #owedKills = new Set<string>();

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  masterStarted(): void {
    for (const memory of [this.#heardMs, this.#observed, this.#agentAt, this.#offers, this.#kills, this.#reported])
      memory.clear();
    this.#live.clear();
    this.#frameworks.clear();
    this.#owedRescinds.clear();
    this.#owedKills.clear();
  }

  masterInput(input: MasterInput): void {
    switch (input.kind) {
      case 'link-exited':
        for (const [id, { agentId }] of this.#offers)
          if (agentId === this.#agentAt.get(input.pid)) this.#owedRescinds.add(id);
        // The master gives up tasks of frameworks that do not checkpoint; they may have nobody to be told.
        for (const key of [...(this.#kills.get(this.#agentAt.get(input.pid) ?? '') ?? [])])
          if (this.#careless.has(key)) this.#taskEnded(key);
        return;
      case 'pong-received': {
        const address = this.#observed.get(`slave-observer(${input.observer})`);
        if (address !== undefined && this.#heardMs.has(address)) this.#heardMs.set(address, this.#clock.monotonicMs());
        return;
      }
      case 'stream-closed':
        this.#streamEnded(input.connection);
        return;
      case 'call-scheduler': {
        const { accept, decline, kill, framework_id } = input.call;
        for (const id of accept?.offer_ids ?? decline?.offer_ids ?? []) this.#offerEnded(id.value);
        const killed = taskKey(framework_id?.value, kill?.task_id.value ?? '');
        if (kill?.agent_id !== undefined && this.#live.has(killed)) addTo(this.#kills, kill.agent_id.value, killed);
        return;
      }
      case 'status-updated': {
        const { status, framework_id } = input.message.update;
        if (!isEnd(status.state) && !isEnd(input.message.update.latest_state ?? '')) return;
        this.#taskEnded(taskKey(framework_id.value, status.task_id.value));
        return;
      }
      case 'reregister-agent': {
        const { agent, tasks, frameworks } = input.message;
        const live = (tasks ?? []).filter(({ state }) => !isEnd(state));
        const keys = live.map(({ framework_id: framework, task_id }) => taskKey(framework.value, task_id.value));
        const careless = new Set(
          (frameworks ?? []).filter((info) => info.checkpoint !== true).map((info) => info.id?.value),
        );
        for (const { framework_id: framework } of live) this.#frameworks.add(framework.value);
        for (const { framework_id: framework, task_id } of live)
          if (careless.has(framework.value)) this.#careless.add(taskKey(framework.value, task_id.value));
        this.#reported.set(input.from, { agentId: agent.id?.value ?? '', keys });
        return;
      }
      default:
        return;
    }
  }

  masterEffect(effect: MasterEffect): void {
    switch (effect.kind) {
      case 'stream-event': {
        const { offers, rescind, update } = effect.event;
        for (const { id, agent_id } of offers?.offers ?? [])
          this.#offers.set(id.value, { agentId: agent_id.value, connection: effect.connection });
        if (rescind !== undefined) this.#offerEnded(rescind.offer_id.value);
        // Given up by the master itself: what was to be killed may come back as something to be asked for again.
        if (update !== undefined && update.status.uuid === undefined && isGivenUp(update.status.state))
          this.#givenUp(update.status.task_id.value);
        return;
      }
      case 'close-stream':
        this.#streamEnded(effect.connection);
        return;
      case 'write-registry': {
        const { operation } = effect;
        // An agent that is given up comes back, if at all, as one nobody wanted anything of.
        if (LEAVES.has(operation.kind) && 'agentId' in operation) this.#agentLeft(operation.agentId);
        return;
      }
      case 'send':
        if (effect.name === PING) this.#observed.set(effect.from, effect.to);
        this.#sent(effect.to, effect.name, effect.body);
        return;
      default:
        return;
    }
  }

  /** All effects of a turn are out. */
  masterRested(): void {
    const [offer] = this.#owedRescinds;
    if (offer !== undefined) throw new Violation(`offer ${offer} stays out although its agent is disconnected`);
    const [kill] = this.#owedKills;
    if (kill !== undefined) throw new Violation(`the agent is back and not told to kill ${kill}`);
    this.#findSilent(this.#clock.monotonicMs());
  }

  /** Looked for now and then: there may be thousands of agents. */
  #findSilent(nowMs: number): void {
    if (nowMs < this.#lookAgainMs) return;
    this.#lookAgainMs = nowMs + 1000;
    for (const [address, heardMs] of this.#heardMs)
      if (nowMs - heardMs > LONGEST_SILENCE_MS)
        throw new Violation(`${address} has been silent for ${nowMs - heardMs} ms and is not given up`);
  }

  #sent(to: string, name: string, body: Uint8Array): void {
    if (name === REGISTERED || name === REREGISTERED) this.#heardMs.set(to, this.#clock.monotonicMs());
    if (name === REGISTERED) this.#agentAt.set(to, look(AgentRegisteredMessage, body).agent_id.value);
    else if (name === REREGISTERED) {
      this.#agentAt.set(to, look(AgentReregisteredMessage, body).agent_id.value);
      const { agentId = '', keys = [] } = this.#reported.get(to) ?? {};
      for (const key of keys) if (this.#kills.get(agentId)?.has(key)) this.#owedKills.add(key);
      for (const key of keys) this.#live.add(key);
      this.#reported.delete(to);
    } else if (name === RUN_TASK) {
      const { framework, task } = look(RunTaskMessage, body);
      const key = taskKey(framework.id?.value, task.task_id.value);
      this.#live.add(key);
      this.#frameworks.add(framework.id?.value ?? '');
      if (framework.checkpoint !== true) this.#careless.add(key);
    } else if (name === SHUTDOWN_FRAMEWORK) {
      // Its tasks end with it, wherever they run.
      const of = ` of framework ${look(ShutdownFrameworkMessage, body).framework_id.value}`;
      for (const key of [...this.#live]) if (key.endsWith(of)) this.#taskEnded(key);
    } else if (name === KILL_TASK) {
      const { framework_id: framework, task_id } = look(KillTaskMessage, body);
      this.#owedKills.delete(taskKey(framework.value, task_id.value));
    }
  }

  #agentLeft(agentId: string): void {
    this.#kills.delete(agentId);
    for (const [address, id] of this.#agentAt) if (id === agentId) this.#heardMs.delete(address);
  }

  #taskEnded(key: string): void {
    this.#live.delete(key);
    for (const kills of this.#kills.values()) kills.delete(key);
  }

  #givenUp(taskId: string): void {
    for (const frameworkId of this.#frameworks) {
      const key = taskKey(frameworkId, taskId);
      if (this.#live.has(key)) this.#taskEnded(key);
    }
  }

  #offerEnded(id: string): void {
    this.#owedRescinds.delete(id);
    this.#offers.delete(id);
  }

  #streamEnded(connection: number): void {
    for (const [id, offer] of this.#offers) if (offer.connection === connection) this.#offerEnded(id);
  }
}

function isGivenUp(state: string): boolean {
  return isEnd(state) || state === 'TASK_UNREACHABLE';
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key) ?? new Set<string>();
  sets.set(key, set.add(value));
}

function taskKey(frameworkId: string | undefined, taskId: string): string {
  return `task ${taskId} of framework ${frameworkId ?? '?'}`;
}
