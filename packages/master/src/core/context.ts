/** What every handler is given: tables, outbox, allocator, counters and the time of the step. */
import type { Allocator } from '@mesolite/allocator';
import type { InputOf, MasterInputKind } from './inputs.ts';
import type { MasterCounters } from './master-counters.ts';
import type { MasterOptions } from './options.ts';
import type { Outbox } from './outbox.ts';
import type { DeadlineKind, DeadlineOf } from './state/deadlines.ts';
import type { MasterState } from './state/state.ts';
import type { Now } from './time.ts';

export interface MasterContext {
  readonly options: MasterOptions;
  readonly state: MasterState;
  readonly outbox: Outbox;
  readonly allocator: Allocator;
  readonly counters: MasterCounters;
  now: Now;
}

export type Handler<K extends MasterInputKind> = (context: MasterContext, input: InputOf<K>) => void;

export type DeadlineHandler<K extends DeadlineKind> = (context: MasterContext, deadline: DeadlineOf<K>) => void;
