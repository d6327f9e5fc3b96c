/**
 * Checks from outside what becomes of each task: it is started at most once, wherever; what its executor says is on the
 * agent's disk before anybody is told or thanked, and what it was thanked for is heard in the end; its executor's word on
 * its end is one, and nothing new comes after it.
 */
import type { AgentEffect, AgentInput } from '@mesolite/agent/core';
import { StatusUpdateMessage, StatusUpdateRecord, type TaskStatus, wireName } from '@mesolite/wire';
import { recordsOf } from './agent-memory.ts';
import { look } from './opened-messages.ts';
import { isEnd } from './task-states.ts';
import { Violation } from './violation.ts';

const UPDATE = wireName(StatusUpdateMessage);

interface Fate {
  /** Uuids the framework has heard of. */
  readonly heard: Set<string>;
  /** How it ended, by the word of its executor or of its agent. */
  end: { readonly uuid: string; readonly state: string } | undefined;
}

export class TaskLedger {
  readonly #running = new Map<string, string>();
  readonly #started = new Map<string, string>();
  /** Uuids of updates that are on disk. */
  readonly #written = new Set<string>();
  /** Of executors whose updates must be written before they are acknowledged to them. */
  readonly #toThank = new Map<string, string>();
  /** Updates executors were thanked for and no framework has heard yet: task and agent, by uuid. */
  readonly #owed = new Map<string, { readonly task: string; readonly name: string }>();
  /** Agents that end with all they have. */
  readonly #leaving = new Set<string>();
  /** Frameworks whose tasks outlive their agent's process. */
  readonly #careful = new Set<string>();
  readonly #fates = new Map<string, Fate>();

  taskStarted(where: string, frameworkId: string, taskId: string): void {
    const task = `${frameworkId} ${taskId}`;
    const earlier = this.#started.get(task);
    if (earlier !== undefined)
      throw new Violation(`task ${task} is started on ${where}, and has been on ${earlier} before`);
    this.#started.set(task, where);
    this.#running.set(task, where);
  }

  taskStopped(_where: string, frameworkId: string, taskId: string): void {
    this.#running.delete(`${frameworkId} ${taskId}`);
  }

  /** What really runs, with where. */
  get running(): ReadonlyMap<string, string> {
    return this.#running;
  }

  agentStarted(name: string, recovered: boolean): void {
    this.#leaving.delete(name);
    if (recovered) return;
    for (const [uuid, owed] of this.#owed) if (owed.name === name) this.#owed.delete(uuid);
  }

  agentInput(name: string, input: AgentInput): void {
    if (input.kind === 'run-task') {
      const { framework } = input.message;
      if (framework.checkpoint === true) this.#careful.add(framework.id?.value ?? '');
    } else if (input.kind === 'shutdown-agent') this.#leaving.add(name);
    else if (input.kind === 'shutdown-framework') {
      // Nobody waits for what is left to be said.
      this.#careful.delete(input.message.framework_id.value);
      this.#forgive(input.message.framework_id.value);
    } else if (input.kind === 'executor-called' && this.#careful.has(input.call.framework_id.value)) {
      const { update, subscribe } = input.call;
      for (const { status } of [
        ...(update === undefined ? [] : [update]),
        ...(subscribe?.unacknowledged_updates ?? []),
      ])
        this.#toThank.set(hex(status.uuid), input.call.framework_id.value);
    }
  }

  #forgive(frameworkId: string): void {
    for (const [uuid, framework] of this.#toThank) if (framework === frameworkId) this.#toThank.delete(uuid);
    for (const [uuid, { task }] of this.#owed) if (task.startsWith(`${frameworkId} `)) this.#owed.delete(uuid);
  }

  agentEffect(name: string, effect: AgentEffect): void {
    if (this.#leaving.has(name)) return;
    switch (effect.kind) {
      case 'append-file':
        if (effect.path.endsWith('/task.updates'))
          for (const record of recordsOf(Buffer.from(effect.data)).records) {
            const { update } = StatusUpdateRecord.decode(record);
            if (update !== undefined) this.#written.add(hex(update.uuid));
          }
        return;
      case 'send': {
        if (effect.name !== UPDATE) return;
        const { framework_id, status, uuid } = look(StatusUpdateMessage, effect.body).update;
        if (status.source !== 'SOURCE_EXECUTOR' || !this.#careful.has(framework_id.value)) return;
        if (!this.#written.has(hex(uuid ?? status.uuid)))
          throw new Violation(`${name} tells ${status.state} of ${status.task_id.value} before it is on disk`);
        return;
      }
      case 'stream-event': {
        const { acknowledged } = effect.event;
        const uuid = hex(acknowledged?.uuid);
        if (acknowledged !== undefined && this.#toThank.has(uuid) && !this.#written.has(uuid))
          throw new Violation(`${name} acknowledges an update of ${acknowledged.task_id.value} before it is on disk`);
        const frameworkId = this.#toThank.get(uuid);
        this.#toThank.delete(uuid);
        if (acknowledged === undefined || frameworkId === undefined) return;
        const task = `${frameworkId} ${acknowledged.task_id.value}`;
        if (this.#fates.get(task)?.heard.has(uuid) !== true) this.#owed.set(uuid, { task, name });
        return;
      }
      default:
        return;
    }
  }

  frameworkUpdated(frameworkId: string, status: TaskStatus): void {
    if (status.uuid === undefined) return;
    const uuid = hex(status.uuid);
    const task = `${frameworkId} ${status.task_id.value}`;
    this.#owed.delete(uuid);
    const fate = this.#fates.get(task) ?? { heard: new Set<string>(), end: undefined };
    this.#fates.set(task, fate);
    if (fate.heard.has(uuid)) return;
    fate.heard.add(uuid);
    // That an agent does not know a task any more it says as often as it is asked.
    if (status.source !== 'SOURCE_EXECUTOR' && fate.end !== undefined) return;
    const { state = '' } = status;
    if (fate.end !== undefined)
      throw new Violation(`task ${task} has ended as ${fate.end.state} and is said to be ${state} by a new update`);
    if (isEnd(state)) fate.end = { uuid, state };
  }

  /** How a task has ended by the word of an agent, if it has. */
  endOf(frameworkId: string, taskId: string): string | undefined {
    return this.#fates.get(`${frameworkId} ${taskId}`)?.end?.state;
  }

  /** Tasks with an update an executor was thanked for and the framework has never heard. */
  unheard(): string[] {
    return [...this.#owed.values()].map(({ task, name }) => `${task} on ${name}`);
  }

  frameworkGone(frameworkId: string): void {
    this.#forgive(frameworkId);
    for (const task of [...this.#fates.keys()]) if (task.startsWith(`${frameworkId} `)) this.#fates.delete(task);
  }
}

function hex(uuid: Uint8Array | undefined): string {
  return Buffer.from(uuid ?? []).toString('hex');
}
