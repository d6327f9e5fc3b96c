/**
 * Checks from outside that a master gives nothing away twice: an agent's offers that are out and the tasks launched on it
 * never come to more than it has. Reads only what goes into the master's core and comes out of it.
 *
 * Never: looks into tables. An agent that left is forgotten until it comes back.
 */

import type { MasterEffect, MasterInput } from '@mesolite/master/core';
import { Resources } from '@mesolite/resources';
import {
  type AgentInfoV0,
  type Offer,
  type ReregisterAgentMessage,
  RunTaskMessage,
  type SchedulerCall,
  type SchedulerEvent,
  ShutdownFrameworkMessage,
  wireName,
} from '@mesolite/wire';
import { look } from './opened-messages.ts';
import { isEnd } from './task-states.ts';
import { Violation } from './violation.ts';

interface Row {
  total: Resources;
  readonly offers: Map<string, Resources>;
  readonly tasks: Map<string, Resources>;
  readonly executors: Map<string, Resources>;
}

const RUN_TASK = wireName(RunTaskMessage);
const SHUTDOWN_FRAMEWORK = wireName(ShutdownFrameworkMessage);

const LEAVES: ReadonlySet<string> = new Set(['mark-agent-unreachable', 'remove-agent', 'mark-agent-gone']);

export class OfferLedger {
  readonly #rows = new Map<string, Row>();
  /** Agent and stream of each offer that is out. */
  readonly #offers = new Map<string, { readonly agentId: string; readonly connection: number }>();
  /** Offers ever made by this master. */
  readonly #made = new Set<string>();
  readonly #endedFrameworks = new Set<string>();
  /** Agents on their way out, by the write that is waited for. */
  readonly #leaving = new Map<number, string>();

  /** A new master knows nothing of the offers of the one before. */
  masterStarted(): void {
    this.#rows.clear();
    this.#offers.clear();
    this.#endedFrameworks.clear();
    this.#leaving.clear();
  }

  masterInput(input: MasterInput): void {
    switch (input.kind) {
      case 'reregister-agent':
        this.#returned(input.message);
        return;
      case 'executor-exited': {
        const { agent_id, framework_id, executor_id } = input.message;
        this.#rows.get(agent_id.value)?.executors.delete(taskKey(framework_id.value, executor_id.value));
        return;
      }
      case 'status-updated': {
        const { status, framework_id } = input.message.update;
        if (!isEnd(status.state) && !isEnd(input.message.update.latest_state ?? '')) return;
        const agentId = status.agent_id?.value ?? '';
        this.#rows.get(agentId)?.tasks.delete(taskKey(framework_id.value, status.task_id.value));
        return;
      }
      case 'registry-written': {
        // Nothing is offered of an agent that has been given up; that it may come back is a new beginning.
        const agentId = this.#leaving.get(input.pending);
        if (agentId !== undefined && input.error === undefined) this.#rows.delete(agentId);
        this.#leaving.delete(input.pending);
        return;
      }
      case 'call-scheduler':
        this.#called(input.call);
        return;
      case 'stream-closed':
        this.#streamEnded(input.connection);
        return;
      default:
        return;
    }
  }

  masterEffect(effect: MasterEffect): void {
    switch (effect.kind) {
      case 'stream-event':
        this.#event(effect.connection, effect.event);
        return;
      case 'close-stream':
        this.#streamEnded(effect.connection);
        return;
      case 'write-registry': {
        const { operation } = effect;
        if (LEAVES.has(operation.kind) && 'agentId' in operation) this.#leaving.set(effect.pending, operation.agentId);
        else if (operation.kind === 'admit-agent') this.#row(operation.info.id?.value ?? '', operation.info);
        return;
      }
      case 'send':
        if (effect.name === RUN_TASK) this.#launched(look(RunTaskMessage, effect.body));
        else if (effect.name === SHUTDOWN_FRAMEWORK)
          this.#frameworkEnded(look(ShutdownFrameworkMessage, effect.body).framework_id.value);
        return;
      default:
        return;
    }
  }

  #event(connection: number, event: SchedulerEvent): void {
    for (const offer of event.offers?.offers ?? []) this.#offered(connection, offer);
    if (event.rescind !== undefined) this.#ended(event.rescind.offer_id.value);
  }

  #offered(connection: number, offer: Offer): void {
    const id = offer.id.value;
    if (this.#made.has(id)) throw new Violation(`offer ${id} is made a second time`);
    this.#made.add(id);
    const agentId = offer.agent_id.value;
    const row = this.#rows.get(agentId);
    if (row === undefined) throw new Violation(`offer ${id} is of agent ${agentId}, which has left or never came`);
    const role = offer.allocation_info?.role;
    const resources = Resources.from(offer.resources);
    if (resources.isEmpty || resources.someKind((kind) => kind.allocationRole !== role))
      throw new Violation(`offer ${id} of ${resources} is not allocated to role ${role}`);
    row.offers.set(id, resources.unallocate());
    this.#offers.set(id, { agentId, connection });
    this.#weigh(agentId, row, `offer ${id}`);
  }

  #launched(message: RunTaskMessage): void {
    const { task } = message;
    const row = this.#rows.get(task.agent_id.value);
    if (row === undefined) return;
    const frameworkId = message.framework.id?.value ?? '';
    row.tasks.set(taskKey(frameworkId, task.task_id.value), Resources.from(task.resources).unallocate());
    if (task.executor !== undefined && message.launch_executor === true)
      row.executors.set(
        taskKey(frameworkId, task.executor.executor_id.value),
        Resources.from(task.executor.resources).unallocate(),
      );
    this.#weigh(task.agent_id.value, row, `the launch of ${task.task_id.value}`);
  }

  #returned({ agent, tasks, executor_infos: executors }: ReregisterAgentMessage): void {
    const row = this.#row(agent.id?.value ?? '', agent);
    row.tasks.clear();
    row.executors.clear();
    for (const { framework_id: framework, task_id, state, resources } of tasks ?? [])
      if (!isEnd(state) && !this.#endedFrameworks.has(framework.value))
        row.tasks.set(taskKey(framework.value, task_id.value), Resources.from(resources).unallocate());
    for (const { framework_id: framework, executor_id, resources } of executors ?? [])
      if (!this.#endedFrameworks.has(framework?.value ?? ''))
        row.executors.set(taskKey(framework?.value ?? '', executor_id.value), Resources.from(resources).unallocate());
  }

  #row(id: string, info: Pick<AgentInfoV0, 'resources'>): Row {
    const total = Resources.from(info.resources);
    const row = this.#rows.get(id) ?? { total, offers: new Map(), tasks: new Map(), executors: new Map() };
    row.total = total;
    this.#rows.set(id, row);
    return row;
  }

  #called({ accept, decline }: SchedulerCall): void {
    for (const id of accept?.offer_ids ?? decline?.offer_ids ?? []) this.#ended(id.value);
  }

  /** Agents are told to shut it down; the master takes what it held for free from then on. */
  #frameworkEnded(frameworkId: string): void {
    this.#endedFrameworks.add(frameworkId);
    for (const { tasks, executors } of this.#rows.values())
      for (const held of [tasks, executors])
        for (const key of [...held.keys()]) if (key.startsWith(`["${frameworkId}",`)) held.delete(key);
  }

  #streamEnded(connection: number): void {
    for (const [id, offer] of this.#offers) if (offer.connection === connection) this.#ended(id);
  }

  #ended(id: string): void {
    const offer = this.#offers.get(id);
    if (offer === undefined) return;
    this.#offers.delete(id);
    this.#rows.get(offer.agentId)?.offers.delete(id);
  }

  #weigh(agentId: string, row: Row, by: string): void {
    const given = Resources.sum([...row.offers.values(), ...row.tasks.values(), ...row.executors.values()]);
    if (!row.total.contains(given))
      throw new Violation(`agent ${agentId} has ${row.total}; with ${by}, ${given} of it are given away`);
  }
}

function taskKey(frameworkId: string, taskId: string): string {
  return JSON.stringify([frameworkId, taskId]);
}
