/** Whether an operation on resources makes sense on an agent, whoever asks. Answers the words clients see, or nothing. */
import {
  type Asker,
  checkpointedPart,
  createError,
  destroyError,
  growVolumeError,
  reserveError,
  shrinkVolumeError,
  unreserveError,
} from '@mesolite/resources';
import type { OfferOperation } from '@mesolite/wire';
import type { AgentRecord } from '../../state/agents.ts';

/** The operation has its part, with valid resources in the post-refinement format. */
export function exchangeError(operation: OfferOperation, asker: Asker, agent: AgentRecord): string | undefined {
  const { capabilities } = agent;
  const checkpointed = checkpointedPart(agent.total);
  const { reserve, unreserve, create, destroy, grow_volume: grow, shrink_volume: shrink } = operation;
  switch (operation.type) {
    case 'RESERVE':
      return reserve && reserveError(reserve, asker, capabilities);
    case 'UNRESERVE':
      return unreserve && unreserveError(unreserve);
    case 'CREATE':
      return create && createError(create, asker, { checkpointed, capabilities });
    case 'DESTROY':
      return destroy && destroyError(destroy, { checkpointed, used: agent.used.values() });
    case 'GROW_VOLUME':
      return grow && growVolumeError(grow, capabilities);
    case 'SHRINK_VOLUME':
      return shrink && shrinkVolumeError(shrink, capabilities);
    default:
      return `${operation.type} is not supported by this master`;
  }
}
