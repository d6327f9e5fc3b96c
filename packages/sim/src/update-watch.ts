/**
 * Checks from outside that updates of agents reach their framework at least once and in order: per task, the framework
 * never hears one before those the agent sent earlier, and in the end it has heard all. Updates are told apart by uuid;
 * those without one are the master's own and stand outside the order.
 */
import type { AgentEffect } from '@mesolite/agent/core';
import { StatusUpdateMessage, type TaskStatus, wireName } from '@mesolite/wire';
import { Violation } from './violation.ts';

const UPDATE = wireName(StatusUpdateMessage);

interface Stream {
  readonly task: string;
  /** Uuids in the order in which the agent first sent them. */
  readonly sent: string[];
  heard: number;
}

export class UpdateWatch {
  /** By framework and task, by agent: a new agent at an old address starts anew. */
  readonly #streams = new Map<string, Map<string, Stream>>();
  /** Uuids of updates some agent sent, also of those that have lost their memory. */
  readonly #sent = new Set<string>();

  /** An agent that lost its memory cannot send again what nobody heard. */
  agentStarted(name: string): void {
    this.#streams.set(name, new Map());
  }

  agentEffect(name: string, effect: AgentEffect): void {
    if (effect.kind !== 'send' || effect.name !== UPDATE) return;
    const { update } = StatusUpdateMessage.decode(effect.body);
    const key = `${update.framework_id.value} ${update.status.task_id.value}`;
    const streams = this.#streams.get(name) ?? new Map<string, Stream>();
    this.#streams.set(name, streams);
    const stream = streams.get(key) ?? { task: key, sent: [], heard: 0 };
    streams.set(key, stream);
    const uuid = hex(update.status.uuid ?? update.uuid);
    this.#sent.add(uuid);
    if (stream.sent.includes(uuid)) return;
    if (stream.heard < stream.sent.length)
      throw new Violation(`${name} sends the next update of ${key} before the last one was acknowledged`);
    stream.sent.push(uuid);
  }

  frameworkUpdated(frameworkId: string, status: TaskStatus): void {
    if (status.uuid === undefined) return;
    const key = `${frameworkId} ${status.task_id.value}`;
    const uuid = hex(status.uuid);
    if (!this.#sent.has(uuid)) throw new Violation(`${key} is told ${status.state}, which nobody sent`);
    for (const streams of this.#streams.values()) {
      const stream = streams.get(key);
      const index = stream?.sent.indexOf(uuid) ?? -1;
      if (stream === undefined || index < 0) continue;
      if (index > stream.heard) throw new Violation(`${key}: update ${index} is heard before update ${stream.heard}`);
      if (index === stream.heard) stream.heard++;
      return;
    }
  }

  /** Streams with something the framework has never heard. */
  unheard(): string[] {
    return [...this.#streams.values()].flatMap((streams) =>
      [...streams.values()].filter(({ sent, heard }) => heard < sent.length).map(({ task }) => task),
    );
  }
}

function hex(uuid: Uint8Array | undefined): string {
  return Buffer.from(uuid ?? []).toString('hex');
}
