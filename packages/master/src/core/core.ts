/**
 * The master's core: a directory from input kind to handler. No rules here.
 *
 * Never: reads a clock, sends, or lets a handler see anything but the context.
 */

import { createAllocator } from '@mesolite/allocator';
import { seededRandom } from '@mesolite/base';
import type { Handler, MasterContext } from './context.ts';
import type { MasterEffect } from './effects.ts';
import type { MasterInput, MasterInputKind } from './inputs.ts';
import { declareGauges, MasterCounters } from './master-counters.ts';
import type { MasterOptions } from './options.ts';
import { Outbox } from './outbox.ts';
import { MasterState } from './state/state.ts';
import type { Now } from './time.ts';

const HANDLERS: { readonly [K in MasterInputKind]?: Handler<K> } = {};

export class MasterCore {
  readonly options: MasterOptions;
  /** For reads; only handlers change it. */
  readonly state: MasterState;
  readonly #context: MasterContext;

  constructor(options: MasterOptions) {
    this.options = options;
    this.state = new MasterState(options);
    const seed = options.random.bytes(4);
    this.#context = {
      options,
      state: this.state,
      outbox: new Outbox(),
      allocator: createAllocator({
        random: seededRandom(new DataView(seed.buffer, seed.byteOffset, 4).getUint32(0)),
        allocationIntervalMs: options.allocationIntervalMs,
        minAllocatable: options.minAllocatable,
        excludedResourceNames: options.fairSharingExcludedResourceNames,
        filterGpuResources: options.filterGpuResources,
      }),
      counters: new MasterCounters(options.metrics),
      now: { wallMs: 0, monotonicMs: 0 },
    };
    declareGauges(options.metrics, this.state, () => this.#context.now.wallMs);
  }

  /** Takes one input in; what follows from it waits in the outbox. */
  step(input: MasterInput, now: Now): void {
    this.#context.now = now;
    const handler = HANDLERS[input.kind] as Handler<MasterInputKind> | undefined;
    handler?.(this.#context, input);
  }

  /** Hands out what is to be done, in order, and forgets it. */
  drain(): MasterEffect[] {
    return this.#context.outbox.drain();
  }

  /** Throws AssertionError when a table contradicts another. */
  check(): void {
    this.state.check();
    this.#context.allocator.check();
  }
}
