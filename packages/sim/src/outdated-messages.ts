/**
 * Which messages between agents and masters are outdated when they arrive: sent before a registration that was answered, over
 * a connection that broke meanwhile. Nothing may come of them, so checkers are not told of them.
 */
import type { AgentInput } from '@mesolite/agent/core';
import type { MasterInput } from '@mesolite/master/core';
import type { MasterObserver } from './master-observer.ts';

/** Shields observers of one master. */
export function unlessOutdated(observer: MasterObserver): MasterObserver {
  const registeredOver = new Map<string, number>();
  return {
    masterStarted: (holder) => {
      registeredOver.clear();
      observer.masterStarted(holder);
    },
    masterInput: (input: MasterInput) => {
      if ('connection' in input && 'from' in input && input.connection !== undefined) {
        if (input.connection < (registeredOver.get(input.from) ?? 0)) return;
        if (input.kind === 'register-agent' || input.kind === 'reregister-agent')
          registeredOver.set(input.from, input.connection);
      }
      observer.masterInput(input);
    },
    masterEffect: (effect) => observer.masterEffect(effect),
    masterRested: () => observer.masterRested(),
  };
}

interface View {
  leader: string | undefined;
  /** By the leader. */
  registered: boolean;
  connection: number;
}

/** Of all agents, by name. */
export class AgentViews {
  readonly #views = new Map<string, View>();

  agentStarted(name: string): void {
    this.#views.set(name, { leader: undefined, registered: false, connection: 0 });
  }

  /** Whether nothing may come of this input. Launches count only while the agent is registered. */
  isOutdated(name: string, input: AgentInput): boolean {
    const view = this.#views.get(name);
    if (view === undefined) return false;
    if (input.kind === 'leader-detected') {
      view.leader = input.leader?.pid;
      view.registered = false;
    }
    if (!('connection' in input && 'from' in input) || input.from !== view.leader) return false;
    const { connection = view.connection } = input;
    if (view.registered && connection < view.connection) return true;
    if (input.kind === 'agent-registered' || input.kind === 'agent-reregistered') {
      view.registered = true;
      view.connection = connection;
    }
    return !view.registered && (input.kind === 'run-task' || input.kind === 'run-task-group');
  }
}
