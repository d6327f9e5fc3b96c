/** Frameworks enter the tables (new, or recovered from what an agent tells of them) and leave them for good. */

import { type FrameworkOptions, type MinAllocatable, OfferConstraints } from '@mesolite/allocator';
import { assert, type FrameworkId } from '@mesolite/base';
import { type FrameworkInfo, type SchedulerOfferConstraints, ShutdownFrameworkMessage } from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import { PATTERN_LIMITS } from '../options.ts';
import { capabilitiesOf, rolesOf } from '../rules/framework-info.ts';
import { type FrameworkRecord, newFramework, type SchedulerLink } from '../state/frameworks.ts';
import { noticeDrained } from './agent-drain.ts';
import { removeExecutors } from './executors.ts';
import { deactivate } from './framework-connection.ts';
import { forgetFramework, rememberFramework } from './framework-memory.ts';
import { metricsPrefix, publishMetrics, withdrawMetrics } from './framework-metrics.ts';
import { masterStatus } from './master-status.ts';
import { applyStatus, removeTask } from './tasks.ts';

/** `constraints` must have been found valid. */
export function allocatorOptions(
  context: MasterContext,
  info: FrameworkInfo,
  suppressedRoles: Iterable<string>,
  constraints: SchedulerOfferConstraints | undefined,
): FrameworkOptions {
  const { patternLimits = PATTERN_LIMITS } = context.options;
  const compiled = constraints === undefined ? undefined : OfferConstraints.create(constraints, patternLimits);
  assert(compiled?.ok !== false, 'offer constraints that were valid');

  const minAllocatable = new Map<string, MinAllocatable>();
  for (const [role, { min_allocatable_resources: minimum }] of Object.entries(info.offer_filters ?? {}))
    if (minimum !== undefined)
      minAllocatable.set(
        role,
        (minimum.quantities ?? []).map(({ quantities }) =>
          Object.fromEntries(Object.entries(quantities ?? {}).map(([name, { value }]) => [name, value])),
        ),
      );
  return {
    roles: rolesOf(info),
    suppressedRoles: [...suppressedRoles],
    capabilities: capabilitiesOf(info),
    minAllocatable,
    constraints: compiled?.value,
  };
}

/** A framework nobody knew, with a scheduler (active) or without (recovered). `info.id` is set. */
export function addFramework(
  context: MasterContext,
  info: FrameworkInfo,
  connection?: {
    readonly scheduler: SchedulerLink;
    readonly suppressedRoles: readonly string[];
    readonly offerConstraints: SchedulerOfferConstraints | undefined;
  },
): FrameworkRecord {
  const { options, state } = context;
  assert(info.id !== undefined, 'a framework needs an id');
  const framework = newFramework(
    {
      id: info.id.value as FrameworkId,
      info,
      capabilities: capabilitiesOf(info),
      roles: rolesOf(info),
      suppressedRoles: new Set(connection?.suppressedRoles),
      offerConstraints: connection?.offerConstraints,
      state: connection === undefined ? 'recovered' : 'active',
      scheduler: connection?.scheduler,
      registeredWallMs: connection === undefined ? undefined : context.now.wallMs,
      metricsPrefix: metricsPrefix(info.name, info.id.value),
    },
    {
      completedTasks: options.maxCompletedTasksPerFramework,
      unreachableTasks: options.maxUnreachableTasksPerFramework,
    },
  );
  state.frameworks.add(framework);
  if (info.principal !== undefined) context.counters.principalCame(info.principal);
  publishMetrics(context, framework);
  context.allocator.addFramework(
    framework.id,
    allocatorOptions(context, info, framework.suppressedRoles, framework.offerConstraints),
    connection !== undefined,
  );
  if (connection !== undefined) rememberFramework(context, framework);
  return framework;
}

/**
 * Ends a framework: every agent is told to shut it down, its tasks count as killed, nobody is told of them, and its id
 * stays refused for as long as it is remembered. Its stream is closed; a driver is not told.
 */
export function removeFramework(context: MasterContext, framework: FrameworkRecord): void {
  const { state } = context;
  context.options.log.info(`Removing framework ${framework.id} (${framework.info.name})`);
  deactivate(context, framework, 'discard');
  const shutdown = ShutdownFrameworkMessage.encode({ framework_id: { value: framework.id } });
  for (const agent of state.agents.registered.values())
    context.outbox.sendEncoded(agent.pid, ShutdownFrameworkMessage, shutdown);
  const emptied = new Set([...framework.tasks.values()].map(({ agentId }) => agentId));
  for (const task of [...framework.tasks.values(), ...framework.unreachableTasks.values()]) {
    const status = masterStatus(context, {
      taskId: task.id,
      agentId: task.agentId,
      executorId: task.executorId,
      state: 'TASK_KILLED',
      message: `Framework ${framework.id} removed`,
      reason: 'REASON_FRAMEWORK_REMOVED',
    });
    applyStatus(context, task, status);
    framework.unreachableTasks.delete(task.id);
    removeTask(context, task, 'completed');
  }
  for (const agentId of [...framework.executors.keys()]) {
    const agent = state.agents.registered.get(agentId);
    if (agent !== undefined) removeExecutors(context, agent, framework);
  }
  for (const agent of state.agents.registered.values()) agent.killedTasks.delete(framework.id);
  if (framework.scheduler?.kind === 'stream')
    context.outbox.push({ kind: 'close-stream', connection: framework.scheduler.connection });
  if (framework.pid !== undefined) state.clients.forget(framework.pid);
  if (framework.info.principal !== undefined) context.counters.principalWent(framework.info.principal);
  framework.unregisteredWallMs = context.now.wallMs;
  state.operations.forgetNames(framework.id);
  completeFramework(context, framework);
  if (state.frameworks.completed.has(framework.id)) rememberFramework(context, framework);
  for (const agentId of emptied) {
    const agent = state.agents.registered.get(agentId);
    if (agent !== undefined) noticeDrained(context, agent);
  }
}

/** It holds nothing any more. From now on only its id is refused, until as many others have ended after it. */
export function completeFramework(context: MasterContext, framework: FrameworkRecord): void {
  const forgotten = context.state.frameworks.complete(framework);
  context.allocator.removeFramework(framework.id);
  if (forgotten === undefined) return;
  withdrawMetrics(context, forgotten);
  forgetFramework(context, forgotten);
}
