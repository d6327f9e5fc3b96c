/**
 * What the agent remembers of its resources, on disk and in mind. The change is one effect: a target is written, volumes
 * are made and removed, the target is renamed to what counts. A crash before the target changes nothing; after it, the
 * next start finishes the work. Whatever follows the effect waits for all of that.
 */
import { checkpointedPart, type Resources } from '@mesolite/resources';
import { Resource, ResourceState } from '@mesolite/wire';
import { metaFiles, metaRoot } from '../paths.ts';
import type { AgentState } from '../state/agent-state.ts';
import { volumeChanges } from '../volumes.ts';
import { checkpointRecord, downgradeResources } from './checkpoints.ts';

/** Takes over `total` and writes down its remembered part with the operations as they are now; `discard` goes last. */
export function checkpointResources(state: AgentState, total: Resources, discard: readonly string[] = []): void {
  const meta = metaRoot(state);
  const before = state.checkpointed;
  const after = checkpointedPart(total);
  const resources = after.toProto();
  const operations = state.operations.messages();
  state.total = total;
  state.checkpointed = after;
  state.effect({
    kind: 'commit-resources',
    // In this order: once the last target is there, so are all.
    files: [
      {
        path: metaFiles.resources(meta),
        target: metaFiles.resourcesTarget(meta),
        data: Buffer.concat(downgradeResources(resources).map((resource) => checkpointRecord(Resource, resource))),
      },
      {
        path: metaFiles.resourceState(meta),
        target: metaFiles.resourceStateTarget(meta),
        data: checkpointRecord(ResourceState, { operations, resources }),
      },
    ],
    volumes: volumeChanges(state.options.workDirectory, before, after),
    discard,
  });
}
