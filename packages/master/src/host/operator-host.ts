/** What the operator's endpoints need of the host. */
import type { HttpReply, ProcessFacts } from '@mesolite/daemon';
import type { MasterIdentity } from '../core/capabilities/reads/legacy-bodies.ts';
import type { ConnectionId, MasterCore, MasterInput, Now } from '../core/index.ts';

export interface OperatorHost {
  readonly core: MasterCore;
  readonly identity: MasterIdentity;
  readonly facts: ProcessFacts;
  /** For reads that tell how long something lasts. */
  readonly now: () => Now;
  /** Asks the core for something; resolves with what it answers. */
  readonly demand: (make: (connection: ConnectionId) => MasterInput) => Promise<HttpReply>;
}
