/**
 * Agents that were lost long ago are forgotten, in the registry first: by age, and when there are too many the ones lost
 * first. Who comes back after that is taken for an agent nobody knew.
 */
import type { AgentId } from '@mesolite/base';
import type { DeadlineHandler, MasterContext } from '../../context.ts';
import { MAX_PENDING, REGISTRY_GC } from '../../options.ts';
import type { Pending } from '../../state/pending.ts';
import { forgetUnreachable } from '../../transitions/tasks.ts';

export const pruneDue: DeadlineHandler<'prune-agents'> = (context) => {
  const { agents, pending } = context.state;
  const { registryGcIntervalMs = REGISTRY_GC.intervalMs } = context.options;
  context.state.deadlines.set(context.now.monotonicMs + registryGcIntervalMs, { kind: 'prune-agents' });
  if (agents.pruning) return;
  const unreachable = forgettable(context, agents.unreachable.entries());
  const gone = forgettable(context, agents.gone.entries());
  // Later is soon enough.
  if ((unreachable.length === 0 && gone.length === 0) || pending.size >= MAX_PENDING) return;
  agents.pruning = true;
  context.outbox.push({
    kind: 'write-registry',
    pending: pending.add({ kind: 'prune-agents', unreachable, gone }),
    operation: { kind: 'prune-agents', unreachable, gone },
  });
};

/** `lost`: the one lost first comes first. */
function forgettable(context: MasterContext, lost: Iterable<[AgentId, { readonly wallMs: number }]>): AgentId[] {
  const {
    registryMaxAgentAgeMs: maxAgeMs = REGISTRY_GC.maxAgeMs,
    registryMaxAgentCount: maxCount = REGISTRY_GC.maxCount,
  } = context.options;
  const all = [...lost];
  return all.flatMap(([id, { wallMs }], index) =>
    all.length - index > maxCount || context.now.wallMs - wallMs > maxAgeMs ? [id] : [],
  );
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
}
