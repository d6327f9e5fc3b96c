/**
 * What a master did, in words for golden scripts. Agents and frameworks go by the names the script gave them; pings,
 * heartbeats, wake-ups and replies that only say 202 are left out.
 */
import {
  AgentReregisteredMessage,
  DrainAgentMessage,
  ExecutorToFrameworkMessage,
  FrameworkErrorMessage,
  KillTaskMessage,
  LostAgentMessage,
  type Offer,
  RescindResourceOfferMessage,
  ResourceOffersMessage,
  RunTaskMessage,
  type SchedulerEvent,
  ShutdownMessage,
  StatusUpdateMessage,
  wireName,
} from '@mesolite/wire';
import type { FrameworkMemory, MasterEffect } from '../src/core/index.ts';

export class Trace {
  /** By id and by pid. */
  readonly names = new Map<string, string>();
  /** Names of frameworks by connection. */
  readonly connections = new Map<number, string>();
  readonly #offers = new Map<string, Offer>();
  /** Names of agents by id. */
  readonly #inverseOffers = new Map<string, string>();

  shown(effect: MasterEffect, nowWallMs: number): string[] {
    switch (effect.kind) {
      case 'send':
        return this.#shownMessage(effect);
      case 'stream-event':
        return this.#shownEvent(this.connections.get(effect.connection) ?? '?', effect.event);
      case 'close-stream':
        return [`${this.connections.get(effect.connection)} < end of stream`];
      case 'reply':
        return effect.status === 202 ? [] : [`reply ${effect.status} ${effect.text ?? ''}`];
      case 'write-registry': {
        const { operation } = effect;
        if (operation.kind === 'record-framework')
          return [`registry record-framework ${this.#memory(operation.memory, nowWallMs)}`];
        if (operation.kind === 'forget-framework')
          return [`registry forget-framework ${this.names.get(operation.frameworkId) ?? operation.frameworkId}`];
        if (operation.kind === 'prune-agents')
          return [
            `registry prune-agents ${[...operation.unreachable, ...operation.gone].map((id) => this.names.get(id) ?? id).join(', ')}`,
          ];
        if (!('agentId' in operation) && !('info' in operation)) return [`registry ${operation.kind}`];
        const id = 'agentId' in operation ? operation.agentId : (operation.info.id?.value ?? '');
        return [`registry ${operation.kind} ${this.names.get(id) ?? (id.startsWith('x') ? id : 'new')}`];
      }
      case 'exit':
        return [`exit ${effect.code}: ${effect.text}`];
      default:
        return [];
    }
  }

  #memory({ info, failoverWallMs, removedWallMs }: FrameworkMemory, nowWallMs: number): string {
    if (removedWallMs !== undefined) return `${info.name}: ended`;
    if (failoverWallMs === undefined) return info.name;
    return `${info.name}: back within ${Math.round((failoverWallMs - nowWallMs) / 1000)} s`;
  }

  #shownMessage({ to, name, body }: Extract<MasterEffect, { kind: 'send' }>): string[] {
    const receiver = this.names.get(to) ?? to;
    const short = name.replace('mesos.internal.', '');
    const event = toldDriver(name, body);
    if (event !== undefined) return this.#shownEvent(receiver, event);
    if (short === 'PingSlaveMessage') return [];
    let more = '';
    if (name === wireName(RunTaskMessage)) {
      const run = RunTaskMessage.decode(body);
      more = ` ${run.task.task_id.value}${run.launch_executor === true ? ' on a new executor' : ''}`;
    } else if (name === wireName(ShutdownMessage)) more = ` "${ShutdownMessage.decode(body).message}"`;
    else if (name === wireName(KillTaskMessage)) more = ` ${KillTaskMessage.decode(body).task_id.value}`;
    else if (name === wireName(AgentReregisteredMessage)) {
      const asked = AgentReregisteredMessage.decode(body).reconciliations ?? [];
      const ids = asked.flatMap(({ statuses }) => (statuses ?? []).map(({ task_id }) => task_id.value));
      if (ids.length > 0) more = ` asks about ${ids.join(', ')}`;
    } else if (name === wireName(ExecutorToFrameworkMessage)) more = ' data';
    else if (name === wireName(DrainAgentMessage)) {
      const { max_grace_period: grace, mark_gone: gone } = DrainAgentMessage.decode(body).config;
      more = `${grace === undefined ? '' : ` within ${grace.nanoseconds / 1_000_000_000n} s`}${gone ? ', then it is gone' : ''}`;
    }
    return [`${receiver} < ${short}${more}`];
  }

  #shownEvent(name: string, event: SchedulerEvent): string[] {
    switch (event.type) {
      case 'HEARTBEAT':
        return [];
      case 'OFFERS':
        return (event.offers?.offers ?? []).map((offer) => {
          this.#offers.set(offer.id.value, offer);
          const amounts = (offer.resources ?? []).map(({ name: what, scalar }) => `${what}:${scalar?.value ?? '…'}`);
          const out = offer.unavailability === undefined ? '' : `, out from ${offer.unavailability.start.nanoseconds}`;
          return `${name} < offer ${this.names.get(offer.agent_id.value)} ${amounts.join('; ')}${out}`;
        });
      case 'RESCIND': {
        const offer = this.#offers.get(event.rescind?.offer_id.value ?? '');
        return [`${name} < rescinded ${this.names.get(offer?.agent_id.value ?? '')}`];
      }
      case 'INVERSE_OFFERS':
        return (event.inverse_offers?.inverse_offers ?? []).map(({ id, agent_id, unavailability }) => {
          const agent = this.names.get(agent_id?.value ?? '') ?? '?';
          this.#inverseOffers.set(id.value, agent);
          return `${name} < inverse offer ${agent}, out from ${unavailability.start.nanoseconds}`;
        });
      case 'RESCIND_INVERSE_OFFER':
        return [
          `${name} < rescinded inverse offer ${this.#inverseOffers.get(event.rescind_inverse_offer?.inverse_offer_id.value ?? '')}`,
        ];
      case 'UPDATE': {
        const { task_id, state, source, reason, message } = event.update!.status;
        const why = source === 'SOURCE_MASTER' ? ` ${reason} "${this.#readable(message ?? '')}"` : '';
        return [`${name} < ${task_id.value} ${state}${why}`];
      }
      case 'FAILURE':
        return [
          `${name} < lost ${this.names.get(event.failure?.agent_id?.value ?? '') ?? event.failure?.agent_id?.value}`,
        ];
      case 'ERROR':
        return [`${name} < ERROR ${event.error?.message}`];
      default:
        return [`${name} < ${event.type}`];
    }
  }

  /** Offer ids are random to a reader. */
  #readable(text: string): string {
    let result = text;
    for (const [id, name] of this.names) result = result.replaceAll(id, name);
    return result;
  }
}

/** What a driver is told by another message than agents get, as the event that it means. */
function toldDriver(name: string, body: Uint8Array): SchedulerEvent | undefined {
  switch (name) {
    case wireName(ResourceOffersMessage):
      return { type: 'OFFERS', offers: { offers: ResourceOffersMessage.decode(body).offers } };
    case wireName(RescindResourceOfferMessage):
      return { type: 'RESCIND', rescind: RescindResourceOfferMessage.decode(body) };
    case wireName(StatusUpdateMessage):
      return { type: 'UPDATE', update: { status: StatusUpdateMessage.decode(body).update.status } };
    case wireName(LostAgentMessage):
      return { type: 'FAILURE', failure: LostAgentMessage.decode(body) };
    case wireName(FrameworkErrorMessage):
      return { type: 'ERROR', error: FrameworkErrorMessage.decode(body) };
    default:
      return undefined;
  }
}
