/**
 * What masters share and what outlives them: the registry, held by one master at a time. Whoever opens it shuts out
 * whoever held it before. Requests and answers take their time; a write may fail, be lost, or lose its answer.
 */
import type { RandomStream } from '@mesolite/base';
import { type RecoveredRegistry, RegistryContents, type RegistryOperation } from '@mesolite/master/core';
import type { World } from './world.ts';

export interface RegistryObserver {
  registryOpened(holder: number, registry: RecoveredRegistry): void;
  /** It is durable from now on. */
  registryApplied(holder: number, operation: RegistryOperation): void;
  /** The holder has been told so. */
  registryAnswered(holder: number, operation: RegistryOperation): void;
}

export interface ShelfOptions {
  readonly delayMs: { readonly min: number; readonly max: number };
  readonly observer: RegistryObserver;
}

/** Ways in which the next write goes wrong. */
export type ShelfFault = 'fail' | 'lose-answer';

export class RegistryShelf {
  readonly #world: World;
  readonly #random: RandomStream;
  readonly #options: ShelfOptions;
  readonly #contents = new RegistryContents();
  #holder = 0;
  #fault: ShelfFault | undefined;
  /** Everything takes so many times longer. */
  slowness = 1;

  constructor(world: World, options: ShelfOptions) {
    this.#world = world;
    this.#random = world.random.fork();
    this.#options = options;
  }

  get registry(): RecoveredRegistry {
    return this.#contents.read();
  }

  /** Who may write. */
  get holder(): number {
    return this.#holder;
  }

  /** The next write does not become durable, or does and nobody hears. */
  spoil(fault: ShelfFault): void {
    this.#fault = fault;
  }

  /** A new holder's number, and what there is. Nothing, as in ZooKeeper, when its session ends before it is asked. */
  open(hasSession: () => boolean, opened: (holder: number, registry: RecoveredRegistry) => void): void {
    this.#later(() => {
      if (!hasSession()) return;
      const holder = ++this.#holder;
      const registry = this.#contents.read();
      this.#options.observer.registryOpened(holder, registry);
      this.#later(() => opened(holder, registry));
    });
  }

  /** Milliseconds of a message to or from the store. */
  delayMs(): number {
    const { min, max } = this.#options.delayMs;
    return (min + this.#random.next() * (max - min)) * 0.5 * this.slowness;
  }

  /** A write arrives at the store, whose answer is what went wrong, if anything. */
  write(holder: number, operation: RegistryOperation): string | undefined {
    const { observer } = this.#options;
    if (holder !== this.#holder) {
      this.#world.hit('registry fenced');
      return 'somebody else has taken hold of the store: another master leads';
    }
    const fault = this.#fault;
    this.#world.hit(`registry ${fault ?? operation.kind}`);
    this.#fault = undefined;
    if (fault === 'fail') return 'the disk is full';
    this.#contents.apply(operation);
    observer.registryApplied(holder, operation);
    return fault === 'lose-answer' ? 'nothing was heard of the store in time' : undefined;
  }

  /** The holder has been told that it is durable. */
  answered(holder: number, operation: RegistryOperation): void {
    this.#options.observer.registryAnswered(holder, operation);
  }

  #later(act: () => void): void {
    this.#world.after(this.delayMs(), act);
  }
}
