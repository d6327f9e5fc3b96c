/**
 * Checks from outside that updates of agents reach their framework at least once and in order: per task, the framework
 * never hears one before those the agent sent earlier, and in the end it has heard all. Updates are told apart by uuid;
 * those without one are the master's own and stand outside the order.
 */
import type { AgentEffect, AgentInput } from '@mesolite/agent/core';
import { StatusUpdateMessage, type TaskStatus, wireName } from '@mesolite/wire';
import { look } from './opened-messages.ts';
import { Violation } from './violation.ts';

const UPDATE = wireName(StatusUpdateMessage);

/** Updates of one task by one agent. */
interface Stream {
  readonly task: string;
  /** By an executor: it is on disk. What an agent says of a task it could not launch is not. */
  written: boolean;
  sent: number;
  heard: number;
}

export class UpdateWatch {
  /** By framework and task, by agent: a new agent at an old address starts anew. */
  readonly #streams = new Map<string, Map<string, Stream>>();
  /** Each update ever sent by its uuid, also those of agents that have lost their memory. */
  readonly #sent = new Map<string, { readonly stream: Stream; readonly index: number }>();
  readonly #gone = new Set<string>();

  /** Frameworks whose updates outlive an agent's process. */
  readonly #careful = new Set<string>();

  /** An agent that lost its memory cannot send again what nobody heard. */
  agentStarted(name: string, recovered: boolean): void {
    const streams = this.#streams.get(name);
    if (!recovered) this.#streams.set(name, new Map());
    else
      for (const [task, stream] of [...(streams ?? [])])
        if (!stream.written || !this.#careful.has(task.split(' ', 1)[0] ?? '')) streams?.delete(task);
  }

  agentInput(input: AgentInput): void {
    if (input.kind === 'run-task' && input.message.framework.checkpoint === true)
      this.#careful.add(input.message.framework.id?.value ?? '');
  }

  agentEffect(name: string, effect: AgentEffect): void {
    if (effect.kind !== 'send' || effect.name !== UPDATE) return;
    const { update } = look(StatusUpdateMessage, effect.body);
    const uuid = hex(update.status.uuid ?? update.uuid);
    if (this.#sent.has(uuid) || this.#gone.has(update.framework_id.value)) return;
    const task = `${update.framework_id.value} ${update.status.task_id.value}`;
    const streams = this.#streams.get(name) ?? new Map<string, Stream>();
    this.#streams.set(name, streams);
    const stream = streams.get(task) ?? { task, written: true, sent: 0, heard: 0 };
    streams.set(task, stream);
    if (stream.heard < stream.sent)
      throw new Violation(`${name} sends the next update of ${task} before the last one was acknowledged`);
    stream.written &&= update.status.source === 'SOURCE_EXECUTOR';
    this.#sent.set(uuid, { stream, index: stream.sent++ });
  }

  frameworkUpdated(frameworkId: string, status: TaskStatus): void {
    if (status.uuid === undefined) return;
    const task = `${frameworkId} ${status.task_id.value}`;
    const update = this.#sent.get(hex(status.uuid));
    if (update?.stream.task !== task) throw new Violation(`${task} is told ${status.state}, which nobody sent`);
    const { stream, index } = update;
    if (index > stream.heard) throw new Violation(`${task}: update ${index} is heard before update ${stream.heard}`);
    if (index === stream.heard) stream.heard++;
  }

  /** Nobody is there to hear any more. */
  frameworkGone(frameworkId: string): void {
    this.#gone.add(frameworkId);
    for (const streams of this.#streams.values())
      for (const task of [...streams.keys()]) if (task.startsWith(`${frameworkId} `)) streams.delete(task);
  }

  /** Tasks with an update the framework has never heard. */
  unheard(): string[] {
    return [...this.#streams.values()].flatMap((streams) =>
      [...streams.values()].filter(({ sent, heard }) => heard < sent).map(({ task }) => task),
    );
  }
}

function hex(uuid: Uint8Array | undefined): string {
  return Buffer.from(uuid ?? []).toString('hex');
}
