/** A v0 driver without sockets, at a master core: what it sends is an input, what it gets is decoded from effects. */
import {
  FrameworkErrorMessage,
  type FrameworkInfo,
  FrameworkRegisteredMessage,
  FrameworkReregisteredMessage,
  type MessageType,
  type Offer,
  ResourceOffersMessage,
  type V0SchedulerCall,
} from '@mesolite/wire';
import type { DriverMessageInput, MasterEffect } from '../src/core/index.ts';
import { type CoreHarness, frameworkInfo, sent } from './core-harness.ts';

type Kind = DriverMessageInput['kind'];
type MessageOf<K extends Kind> = Extract<DriverMessageInput, { readonly kind: K }>['message'];

export class CoreDriver {
  readonly pid: string;
  readonly #master: CoreHarness;
  id = '';

  constructor(master: CoreHarness, pid = 'scheduler-1@127.0.0.1:9001') {
    this.#master = master;
    this.pid = pid;
  }

  send<K extends Kind>(kind: K, message: MessageOf<K>): MasterEffect[] {
    return this.#learn(this.#master.step({ kind, from: this.pid, message } as DriverMessageInput));
  }

  call(call: V0SchedulerCall): MasterEffect[] {
    return this.send('call-as-driver', { ...call, framework_id: call.framework_id ?? { value: this.id } });
  }

  subscribe(
    info: FrameworkInfo = frameworkInfo(),
    more: { force?: boolean; suppressed?: string[] } = {},
  ): MasterEffect[] {
    const { force, suppressed } = more;
    return this.send('call-as-driver', {
      type: 'SUBSCRIBE',
      framework_id: info.id,
      subscribe: { framework_info: info, force, suppressed_roles: suppressed },
    });
  }

  exited(): MasterEffect[] {
    return this.#master.step({ kind: 'link-exited', pid: this.pid });
  }

  /** Of one type, in what was just caused, or in all that ever was. */
  got<M extends object>(type: MessageType<M>, effects: readonly MasterEffect[] = this.#master.effects): M[] {
    return sent(effects, this.pid, type);
  }

  errors(effects: readonly MasterEffect[] = this.#master.effects): string[] {
    return this.got(FrameworkErrorMessage, effects).map(({ message }) => message);
  }

  /** Names of all messages, without their package. */
  names(effects: readonly MasterEffect[]): string[] {
    return effects.flatMap((effect) =>
      effect.kind === 'send' && effect.to === this.pid ? [effect.name.replace('mesos.internal.', '')] : [],
    );
  }

  /** Those that are out, after a batch. */
  offers(): Offer[] {
    this.#master.advanceAlive(1000);
    return this.got(ResourceOffersMessage)
      .flatMap(({ offers }) => offers ?? [])
      .filter(({ id }) => this.#master.core.state.offers.get(id.value as never));
  }

  get framework() {
    return this.#master.core.state.frameworks.registered.get(this.id as never);
  }

  #learn(effects: MasterEffect[]): MasterEffect[] {
    for (const type of [FrameworkRegisteredMessage, FrameworkReregisteredMessage])
      for (const { framework_id } of this.got<{ framework_id: { value: string } }>(type as never, effects))
        this.id = framework_id.value;
    return effects;
  }
}

/** Names of what was sent to a pid. */
export function namesTo(effects: readonly MasterEffect[], pid: string): string[] {
  return effects.flatMap((effect) => (effect.kind === 'send' && effect.to === pid ? [effect.name] : []));
}
