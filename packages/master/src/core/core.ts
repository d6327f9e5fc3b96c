/**
 * The master's core: a directory from input kind to handler. No rules here.
 *
 * Never: reads a clock, sends, or lets a handler see anything but the context.
 */

import { type Allocator, createAllocator, type RoleExplanation } from '@mesolite/allocator';
import { type FrameworkId, seededRandom } from '@mesolite/base';
import { AllocatorMetrics } from './allocator-metrics.ts';
import {
  deactivateAgentAsked,
  deactivationWritten,
  drainAgentAsked,
  drainWritten,
  reactivateAgentAsked,
  reactivationWritten,
} from './capabilities/agent-drain/drain-agent.ts';
import { markAgentGone } from './capabilities/agent-drain/mark-agent-gone.ts';
import { linkExited } from './capabilities/agent-lifecycle/agent-link.ts';
import { agentUnreachable } from './capabilities/agent-lifecycle/give-up-agents.ts';
import { pongReceived } from './capabilities/agent-lifecycle/ping-agents.ts';
import { agentsPruned } from './capabilities/agent-lifecycle/prune-agents.ts';
import { registration, unlessOutdated } from './capabilities/agent-membership/outdated-messages.ts';
import { agentAdmitted, registerAgent } from './capabilities/agent-membership/register-agent.ts';
import { agentReadmitted, reregisterAgent } from './capabilities/agent-membership/reregister-agent.ts';
import { unregisterAgent } from './capabilities/agent-membership/unregister-agent.ts';
import { updateAgent } from './capabilities/agent-membership/update-agent.ts';
import {
  authenticatedAgent,
  clientAuthenticated,
  clientRefused,
} from './capabilities/authentication/authenticate-client.ts';
import { executorExited, messageFramework } from './capabilities/executor-messages/executors.ts';
import { registryAnswer } from './capabilities/leadership/registry-answer.ts';
import { startLeading } from './capabilities/leadership/start-leading.ts';
import {
  maintenanceWritten,
  startMaintenance,
  stopMaintenance,
  updateMaintenanceSchedule,
} from './capabilities/maintenance/maintenance.ts';
import { allocateInTurn, turnCame } from './capabilities/offers/allocation-cycle.ts';
import { whitelistRead } from './capabilities/offers/whitelist.ts';
import { operationStatusUpdated } from './capabilities/operation-feedback/operation-status.ts';
import { operateAgent } from './capabilities/operations/operate-agent.ts';
import { quotaWritten, removeQuota, setQuota, updateQuota } from './capabilities/roles-quota-weights/quota.ts';
import { seedWeightsWritten, updateWeights, weightsWritten } from './capabilities/roles-quota-weights/weights.ts';
import { streamClosed } from './capabilities/subscriptions/scheduler-streams.ts';
import { subscribeScheduler } from './capabilities/subscriptions/subscribe.ts';
import { teardownFramework } from './capabilities/subscriptions/teardown.ts';
import { statusUpdated } from './capabilities/tasks/status-update.ts';
import { checkAllocator } from './check-allocator.ts';
import type { Handler, MasterContext } from './context.ts';
import { timerFired } from './deadlines.ts';
import { DRIVER_HANDLERS, exitHandler } from './driver-handlers.ts';
import type { MasterEffect } from './effects.ts';
import type { MasterInput, MasterInputKind } from './inputs.ts';
import { declareGauges, MasterCounters } from './master-counters.ts';
import type { MasterOptions } from './options.ts';
import { Outbox } from './outbox.ts';
import { QuotaMetrics } from './quota-metrics.ts';
import { callScheduler } from './scheduler-calls.ts';
import { MasterState } from './state/state.ts';
import type { Now } from './time.ts';
import { agentDrained } from './transitions/agent-drain.ts';
import { agentGone } from './transitions/agent-gone.ts';
import { agentRemovalWritten } from './transitions/agent-removal.ts';
import { frameworkRemembered } from './transitions/framework-memory.ts';

const HANDLERS: { readonly [K in MasterInputKind]: Handler<K> } = {
  'started': startLeading,
  'timer-fired': timerFired,
  'turn-came': turnCame,
  'link-exited': exitHandler(linkExited),
  'pong-received': pongReceived,
  'registry-written': registryAnswer({
    'admit-agent': agentAdmitted,
    'readmit-agent': agentReadmitted,
    'mark-unreachable': agentUnreachable,
    'remove-agent': agentRemovalWritten,
    'drain-agent': drainWritten,
    'agent-drained': agentDrained,
    'deactivate-agent': deactivationWritten,
    'reactivate-agent': reactivationWritten,
    'mark-gone': agentGone,
    'prune-agents': agentsPruned,
    'remember-framework': frameworkRemembered,
    'update-weights': weightsWritten,
    'seed-weights': seedWeightsWritten,
    'update-quota': quotaWritten,
    'maintenance': maintenanceWritten,
  }),
  'register-agent': registration(authenticatedAgent(registerAgent)),
  'reregister-agent': registration(authenticatedAgent(reregisterAgent)),
  'unregister-agent': unlessOutdated(unregisterAgent),
  'update-agent': unlessOutdated(updateAgent),
  'status-updated': unlessOutdated(statusUpdated),
  'executor-exited': unlessOutdated(executorExited),
  'message-framework': unlessOutdated(messageFramework),
  'operation-status-updated': unlessOutdated(operationStatusUpdated),
  ...DRIVER_HANDLERS,
  'client-authenticated': clientAuthenticated,
  'client-refused': clientRefused,
  'subscribe-scheduler': subscribeScheduler,
  'call-scheduler': callScheduler,
  'stream-closed': streamClosed,
  'teardown-framework': teardownFramework,
  'operate-agent': operateAgent,
  'drain-agent': drainAgentAsked,
  'deactivate-agent': deactivateAgentAsked,
  'reactivate-agent': reactivateAgentAsked,
  'mark-agent-gone': markAgentGone,
  'update-weights': updateWeights,
  'whitelist-read': whitelistRead,
  'update-quota': updateQuota,
  'set-quota': setQuota,
  'remove-quota': removeQuota,
  'update-maintenance-schedule': updateMaintenanceSchedule,
  'start-maintenance': startMaintenance,
  'stop-maintenance': stopMaintenance,
};

export class MasterCore {
  readonly options: MasterOptions;
  /** For reads; only handlers change it. */
  readonly state: MasterState;
  readonly #context: MasterContext;
  readonly #allocatorMetrics: AllocatorMetrics;
  readonly #quotaMetrics: QuotaMetrics;
  /** The wish last told. */
  #wakeMs: number | undefined;

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
        region: options.info.domain?.fault_domain?.region.name,
        filterGpuResources: options.filterGpuResources,
        roleSorter: options.roleSorter,
        frameworkSorter: options.frameworkSorter,
        agentRecoveryFactor: options.agentRecoveryFactor,
        recoveryTimeoutMs: options.recoveryTimeoutMs,
      }),
      counters: new MasterCounters(options.metrics),
      now: { wallMs: 0, monotonicMs: 0 },
    };
    declareGauges(options.metrics, this.state, () => this.#context.now.wallMs);
    this.#allocatorMetrics = new AllocatorMetrics(options.metrics, this.#context.allocator);
    this.#quotaMetrics = new QuotaMetrics(options.metrics, this.#context.allocator, this.state.roleSettings);
  }

  /** Takes one input in; what follows from it waits in the outbox. */
  step(input: MasterInput, now: Now): void {
    this.#context.now = now;
    // A timer may fire a little early, or be used up by an answer that changed nothing: ask again.
    if (input.kind === 'timer-fired') this.#wakeMs = undefined;
    (HANDLERS[input.kind] as Handler<MasterInputKind>)(this.#context, input);
  }

  /**
   * Hands out what is to be done, in order, and forgets it. Called once a turn, after all inputs that were there: what
   * they have in common (a slice of an allocation, the next wish to be woken) is done once.
   */
  drain(): MasterEffect[] {
    allocateInTurn(this.#context);
    this.#allocatorMetrics.refresh();
    this.#quotaMetrics.refresh();
    const wakeMs = this.state.deadlines.nextMs;
    if (wakeMs !== undefined && wakeMs !== this.#wakeMs)
      this.#context.outbox.push({ kind: 'wake-at', monotonicMs: wakeMs });
    this.#wakeMs = wakeMs;
    return this.#context.outbox.drain();
  }

  /** The last answers of frameworks to inverse offers, by agent. */
  inverseOfferStatuses(): ReturnType<Allocator['inverseOfferStatuses']> {
    return this.#context.allocator.inverseOfferStatuses();
  }

  /** Cycles of the allocator so far, and whether one is under way: for whoever measures them. */
  get allocation(): { readonly runs: number; readonly underWay: boolean } {
    const { runs, cycling } = this.#context.allocator;
    return { runs, underWay: cycling };
  }

  /** Why the allocator does, or does not, offer agents in a role, to a framework if one is named. Good until a step. */
  explanations(now: Now): (role: string, frameworkId?: FrameworkId) => RoleExplanation | undefined {
    return (role, frameworkId) => this.#context.allocator.explain(role, now.monotonicMs, frameworkId);
  }

  /** Throws AssertionError when a table contradicts another. */
  check(): void {
    this.state.check();
    this.#context.allocator.check();
    checkAllocator(this.state, this.#context.allocator.books());
  }
}
