/** What the operator's endpoints need of the host. */
import type { FrameworkId } from '@mesolite/base';
import type { HttpReply, ProcessFacts } from '@mesolite/daemon';
import type { MasterIdentity } from '../core/capabilities/reads/legacy-bodies.ts';
import type { MasterCore } from '../core/index.ts';

export interface OperatorHost {
  readonly core: MasterCore;
  readonly identity: MasterIdentity;
  readonly facts: ProcessFacts;
  /** Ends a framework; resolves with what the core answers. */
  teardown(frameworkId: FrameworkId): Promise<HttpReply>;
}
