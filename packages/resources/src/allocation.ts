/** To whom resources are allocated, where a message leaves it out. */
import type { Resource } from '@mesolite/wire';
import { toPostRefinement } from './reservation-format.ts';

/**
 * In the post-refinement format. What says nothing of an allocation is taken to be allocated to `role`: frameworks may
 * leave it out, and peers from before multi-role frameworks do not know it.
 */
export function allocatedTo(role: string, list: readonly Resource[] | undefined): Resource[] {
  return toPostRefinement(list).map((resource) =>
    resource.allocation_info === undefined ? { ...resource, allocation_info: { role } } : resource,
  );
}
