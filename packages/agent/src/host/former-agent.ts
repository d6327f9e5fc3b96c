/**
 * Whether this process goes on as the agent that ran in this work directory before. As the original: it does while what it
 * tells of itself is compatible; if not, it refuses to start, unless the machine was started anew meanwhile.
 */
import { err, ok, type Result } from '@mesolite/base';
import type { Log } from '@mesolite/ports';
import type { AgentIdentity } from './recovery/compatibility.ts';
import { incompatibility, type ReconfigurationPolicy } from './recovery/compatibility.ts';
import type { FormerTree, MetaTree } from './recovery/meta-tree.ts';

/** The former agent, if this process is to be it. The error says what has changed. */
export function successor(
  { former, rebooted }: MetaTree,
  now: AgentIdentity,
  policy: ReconfigurationPolicy,
  log: Log,
): Result<FormerTree | undefined> {
  if (former === undefined) return ok(undefined);
  const obstacle = incompatibility(former.info, now, policy);
  if (obstacle === undefined) return ok(former);
  if (!rebooted) return err(obstacle);
  log.warning(
    `Agent ${former.agentId} ran in this work directory before the machine was started anew; this process registers as ` +
      `a new one: ${obstacle}`,
  );
  return ok(undefined);
}

/** `forbidden`: not even the additive policy permits the change. */
export type Trouble = 'spoiled' | 'forbidden' | 'addition';

const FIRST_WAY_OUT: Record<Trouble, string> = {
  spoiled: 'To pass over what cannot be read, start the agent with --no-strict.',
  forbidden: 'To keep the agent and its tasks, undo the change.',
  addition:
    'The configuration only adds to what there was: --reconfiguration_policy=additive keeps the agent and its tasks.',
};

/** Of a change that the policy in force does not permit. */
export function troubleOf(former: FormerTree, now: AgentIdentity): Trouble {
  return incompatibility(former.info, now, 'additive') === undefined ? 'addition' : 'forbidden';
}

/** What an operator can do who meant the change, or whose files are spoiled. `latest` is the link to the former agent. */
export function wayOut(latest: string, trouble: Trouble): string {
  return (
    `${FIRST_WAY_OUT[trouble]}\nTo start as a new agent instead, which ends the executors of the old one:\n` +
    `rm -f ${latest}\nThen start the agent again.`
  );
}
