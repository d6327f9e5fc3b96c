/** The directory from what a time was kept for to who looks after it. No rules here. */

import {
  recoveredAgentsTimeout,
  removalPermit,
  reregisterTimeout,
} from './capabilities/agent-lifecycle/give-up-agents.ts';
import { pingDue } from './capabilities/agent-lifecycle/ping-agents.ts';
import { pruneDue } from './capabilities/agent-lifecycle/prune-agents.ts';
import { rememberAbsent } from './capabilities/leadership/recover-frameworks.ts';
import { allocationMayGoOn, batchDue } from './capabilities/offers/allocation-cycle.ts';
import { inverseOfferTimeout } from './capabilities/offers/end-inverse-offers.ts';
import { offerTimeout } from './capabilities/offers/end-offers.ts';
import { messagePermitted } from './capabilities/rate-limits/paced.ts';
import { failoverTimeout, heartbeatDue } from './capabilities/subscriptions/scheduler-streams.ts';
import { reconciliationGoesOn } from './capabilities/tasks/reconcile.ts';
import type { DeadlineHandler, Handler } from './context.ts';
import type { DeadlineKind } from './state/deadlines.ts';
import { goOnWorking } from './transitions/operator-work.ts';

const HANDLERS: { readonly [K in DeadlineKind]: DeadlineHandler<K> } = {
  'allocate': batchDue,
  'allocate-again': allocationMayGoOn,
  'heartbeat': heartbeatDue,
  'reconcile-more': reconciliationGoesOn,
  'ping-agent': pingDue,
  'agent-reregister-timeout': reregisterTimeout,
  'recovered-agents-timeout': recoveredAgentsTimeout,
  'agent-removal-permit': removalPermit,
  'prune-agents': pruneDue,
  'absent-frameworks': rememberAbsent,
  'framework-failover-timeout': failoverTimeout,
  'offer-timeout': offerTimeout,
  'inverse-offer-timeout': inverseOfferTimeout,
  'operator-work': goOnWorking,
  'message-permit': messagePermitted,
};

/** Only what is due already: a handler that wants to be called again at once waits for the next turn. */
export const timerFired: Handler<'timer-fired'> = (context) => {
  for (const due of context.state.deadlines.takeAllDue(context.now.monotonicMs))
    (HANDLERS[due.kind] as DeadlineHandler<DeadlineKind>)(context, due);
};
