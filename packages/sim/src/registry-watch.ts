/**
 * Checks from outside what masters promise by the registry: only whoever opened it last changes it; what a master was
 * answered to be durable is there for the next one; an agent is told that it is registered only when its admission is
 * durable, and never again once it is gone.
 *
 * Never: uses the registry's own rules. Of each agent only what was last said of it is remembered, in one word.
 */
import type { MasterEffect, RecoveredRegistry, RegistryOperation } from '@mesolite/master/core';
import { AgentRegisteredMessage, AgentReregisteredMessage, wireName } from '@mesolite/wire';
import type { MasterObserver } from './master-observer.ts';
import { look } from './opened-messages.ts';
import type { RegistryObserver } from './registry-shelf.ts';
import { Violation } from './violation.ts';

type Word = 'admitted' | 'unreachable' | 'gone' | 'nothing';

const REGISTERED = wireName(AgentRegisteredMessage);
const REREGISTERED = wireName(AgentReregisteredMessage);

export class RegistryWatch implements RegistryObserver {
  /** Of the last holder. */
  #holder = 0;
  /** What some master was told is durable. */
  readonly #promised = new Map<string, Word>();
  /** Durable, and nobody was told. */
  readonly #untold = new Map<string, Word>();
  /** For ever, or until that is forgotten. */
  readonly #gone = new Set<string>();
  /** What each holder has read or was told. */
  readonly #views = new Map<number, Map<string, Word>>();

  registryOpened(holder: number, registry: RecoveredRegistry): void {
    if (holder <= this.#holder) throw new Violation(`holder ${holder} opens the registry after ${this.#holder}`);
    this.#holder = holder;
    const found = wordsOf(registry);
    for (const [agentId, word] of this.#promised) {
      const is = found.get(agentId) ?? 'nothing';
      if (is !== word && is !== this.#untold.get(agentId))
        throw new Violation(`the registry has agent ${agentId} as ${is}, and a master was told that it is ${word}`);
    }
    this.#promised.clear();
    for (const [agentId, word] of found) this.#promised.set(agentId, word);
    this.#untold.clear();
    this.#views.set(holder, new Map(found));
    for (const old of [...this.#views.keys()].slice(0, -4)) this.#views.delete(old);
  }

  registryApplied(holder: number, operation: RegistryOperation): void {
    if (holder !== this.#holder)
      throw new Violation(`holder ${holder} writes ${operation.kind}, and ${this.#holder} holds the registry`);
    for (const [agentId, word] of saysOf(operation)) {
      if (word === 'gone') this.#gone.add(agentId);
      else if (word === 'nothing') this.#gone.delete(agentId);
      else if (this.#gone.has(agentId))
        throw new Violation(`agent ${agentId} is gone for ever, and ${operation.kind} is written of it`);
      this.#untold.set(agentId, word);
    }
  }

  registryAnswered(holder: number, operation: RegistryOperation): void {
    const view = this.#views.get(holder);
    for (const [agentId, word] of saysOf(operation)) {
      view?.set(agentId, word);
      if (holder === this.#holder) this.#promised.set(agentId, word);
    }
  }

  /** For one master. */
  observer(): Partial<MasterObserver> {
    let holder = 0;
    return {
      masterStarted: (number) => {
        holder = number;
      },
      masterEffect: (effect) => this.#effect(holder, effect),
    };
  }

  #effect(holder: number, effect: MasterEffect): void {
    if (effect.kind !== 'send') return;
    let agentId: string;
    if (effect.name === REGISTERED) agentId = look(AgentRegisteredMessage, effect.body).agent_id.value;
    else if (effect.name === REREGISTERED) agentId = look(AgentReregisteredMessage, effect.body).agent_id.value;
    else return;
    const word = this.#views.get(holder)?.get(agentId) ?? 'nothing';
    if (word !== 'admitted')
      throw new Violation(`${effect.to} is told that it is registered as ${agentId}, which is ${word} in the registry`);
  }
}

function wordsOf(registry: RecoveredRegistry): Map<string, Word> {
  const words = new Map<string, Word>();
  for (const { id } of registry.admitted) words.set(id?.value ?? '', 'admitted');
  for (const { agentId } of registry.unreachable) words.set(agentId, 'unreachable');
  for (const { agentId } of registry.gone) words.set(agentId, 'gone');
  return words;
}

function saysOf(operation: RegistryOperation): [string, Word][] {
  switch (operation.kind) {
    case 'admit-agent':
    case 'mark-agent-reachable':
    case 'update-agent':
      return [[operation.info.id?.value ?? '', 'admitted']];
    case 'mark-agent-unreachable':
      return [[operation.agentId, 'unreachable']];
    case 'remove-agent':
      return [[operation.agentId, 'nothing']];
    case 'mark-agent-gone':
      return [[operation.agentId, 'gone']];
    case 'prune-agents':
      return [...operation.unreachable, ...operation.gone].map((agentId) => [agentId, 'nothing']);
    default:
      return [];
  }
}
