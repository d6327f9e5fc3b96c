/** What the operator's endpoints need of the agent's host. */
import type { ContainerId } from '@mesolite/base';
import type { ProcessFacts } from '@mesolite/daemon';
import type { ResourceStatistics } from '@mesolite/wire';
import type { AgentIdentity } from '../core/capabilities/reads/legacy-bodies.ts';
import type { AgentState } from '../core/state/agent-state.ts';

export interface OperatorHost {
  readonly state: AgentState;
  readonly identity: AgentIdentity;
  readonly facts: ProcessFacts;
  /** What a container uses now; nothing for one that is gone. */
  usage(containerId: ContainerId): Promise<ResourceStatistics | undefined>;
}
