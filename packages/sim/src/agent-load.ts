/**
 * Checks from outside that no agent is made to run more than it has: the tasks it was told to run and has not yet said
 * to have ended never come to more than its resources. What a double launch or a double offer would lead to.
 */
import type { AgentEffect, AgentInput } from '@mesolite/agent/core';
import { Resources } from '@mesolite/resources';
import { ReregisterAgentMessage, StatusUpdateMessage, wireName } from '@mesolite/wire';
import { look } from './opened-messages.ts';
import { isEnd } from './task-states.ts';
import { Violation } from './violation.ts';

const UPDATE = wireName(StatusUpdateMessage);
const REREGISTER = wireName(ReregisterAgentMessage);

export class AgentLoad {
  readonly #totals: ReadonlyMap<string, Resources>;
  readonly #tasks = new Map<string, Map<string, Resources>>();
  /** The master each agent listens to. */
  readonly #leaders = new Map<string, string | undefined>();

  /** What each agent has, by name. */
  constructor(totals: ReadonlyMap<string, Resources>) {
    this.#totals = totals;
  }

  agentStarted(name: string): void {
    this.#tasks.set(name, new Map());
    this.#leaders.delete(name);
  }

  agentInput(name: string, input: AgentInput): void {
    if (input.kind === 'shutdown-framework') {
      // The master counts on it at once, without waiting for the end of each task.
      const of = `${input.message.framework_id.value} `;
      for (const id of this.remaining(name)) if (id.startsWith(of)) this.#tasks.get(name)?.delete(id);
      return;
    }
    if (input.kind === 'leader-detected') this.#leaders.set(name, input.leader?.pid);
    // An agent does not do what another master wants, which may have led before.
    if (input.kind !== 'run-task' || input.from !== this.#leaders.get(name)) return;
    const tasks = this.#tasks.get(name) ?? new Map<string, Resources>();
    this.#tasks.set(name, tasks);
    const { task, framework } = input.message;
    const id = `${framework.id?.value} ${task.task_id.value}`;
    if (tasks.has(id)) throw new Violation(`agent ${name} is told to run ${id} twice`);
    tasks.set(id, Resources.from(task.resources).unallocate());
    const sum = Resources.sum(tasks.values());
    const total = this.#totals.get(name) ?? Resources.empty;
    if (!total.contains(sum)) throw new Violation(`agent ${name} has ${total} and is made to run ${sum} by ${id}`);
  }

  agentEffect(name: string, effect: AgentEffect): void {
    if (effect.kind !== 'send') return;
    if (effect.name === REREGISTER) {
      // All there is: what it does not tell of is no more.
      const tasks = new Map<string, Resources>();
      for (const { framework_id: framework, task_id, state, resources } of look(ReregisterAgentMessage, effect.body)
        .tasks ?? [])
        if (!isEnd(state)) tasks.set(`${framework.value} ${task_id.value}`, Resources.from(resources).unallocate());
      this.#tasks.set(name, tasks);
      return;
    }
    if (effect.name !== UPDATE) return;
    const { update } = look(StatusUpdateMessage, effect.body);
    if (isEnd(update.status.state) || isEnd(update.latest_state ?? ''))
      this.#tasks.get(name)?.delete(`${update.framework_id.value} ${update.status.task_id.value}`);
  }

  /** A launch the agent refused before it made a task of it leaves by its update; nothing else may remain. */
  remaining(name: string): readonly string[] {
    return [...(this.#tasks.get(name)?.keys() ?? [])];
  }
}
