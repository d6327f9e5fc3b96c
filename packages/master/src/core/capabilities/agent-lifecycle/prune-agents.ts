/**
 * Agents that were lost long ago are forgotten, in the registry first: by age, and when there are too many the ones lost
 * first. Who comes back after that is taken for an agent nobody knew.
 */
import type { AgentId } from '@mesolite/base';
import type { DeadlineHandler, MasterContext } from '../../context.ts';
import { MAX_PENDING, MAX_PRUNED_AT_ONCE, REGISTRY_GC } from '../../options.ts';
import type { Pending } from '../../state/pending.ts';
import { forgetUnreachable } from '../../transitions/tasks.ts';

export const pruneDue: DeadlineHandler<'prune-agents'> = (context) => {
  const { registryGcIntervalMs = REGISTRY_GC.intervalMs } = context.options;
  context.state.deadlines.set(context.now.monotonicMs + registryGcIntervalMs, { kind: 'prune-agents' });
  if (!context.state.agents.pruning) prune(context);
};

function prune(context: MasterContext): void {
  const { agents, pending } = context.state;
  const unreachable = forgettable(context, agents.unreachable, MAX_PRUNED_AT_ONCE);
  const gone = forgettable(context, agents.gone, MAX_PRUNED_AT_ONCE - unreachable.length);
  // Later is soon enough.
  if ((unreachable.length === 0 && gone.length === 0) || pending.size >= MAX_PENDING) return;
  agents.pruning = true;
  context.outbox.push({
    kind: 'write-registry',
    pending: pending.add({ kind: 'prune-agents', unreachable, gone }),
    operation: { kind: 'prune-agents', unreachable, gone },
  });
}

/** `lost`: the one lost first comes first. No more than `most`. */
function forgettable(
  context: MasterContext,
  lost: { readonly size: number; entries(): Iterable<[AgentId, { readonly wallMs: number }]> },
  most: number,
): AgentId[] {
  const {
    registryMaxAgentAgeMs: maxAgeMs = REGISTRY_GC.maxAgeMs,
    registryMaxAgentCount: maxCount = REGISTRY_GC.maxCount,
  } = context.options;
  const chosen: AgentId[] = [];
  let left = lost.size;
  for (const [id, { wallMs }] of lost.entries()) {
    if (chosen.length >= most) break;
    if (left-- > maxCount || context.now.wallMs - wallMs > maxAgeMs) chosen.push(id);
  }
  return chosen;
}

/** Some may have come back, or gone for good, while it was written: those stay as they are, here as in the registry. */
export function agentsPruned(
  context: MasterContext,
  { unreachable, gone }: Extract<Pending, { kind: 'prune-agents' }>,
): void {
  const { agents, frameworks } = context.state;
  agents.pruning = false;
  let count = 0;
  for (const id of unreachable) {
    const agent = agents.unreachable.get(id);
    if (agent === undefined) continue;
    for (const [frameworkId, tasks] of agent.tasks) {
      const framework = frameworks.registered.get(frameworkId);
      for (const task of framework === undefined ? [] : tasks)
        if (framework?.unreachableTasks.get(task)?.agentId === id) forgetUnreachable(context, framework, task);
    }
    agents.unreachable.delete(id);
    agents.deactivated.delete(id);
    count++;
  }
  for (const id of gone) if (agents.gone.delete(id)) count++;
  context.options.log.info(`Forgot ${count} agents that were lost long ago`);
  // There may be more of them than one change takes.
  prune(context);
}
