/**
 * Shared volumes in the shares: however often a volume is held on an agent at or below a node, it counts once there. What
 * else is held adds up, so that only these need a look at who else holds what.
 */
import { toMillis } from '@mesolite/base';
import type { Resources } from '@mesolite/resources';
import type { AgentRow } from './agent-row.ts';
import { type Amounts, accumulate, add, type ScalarNames } from './amounts.ts';
import type { Client } from './client.ts';
import type { ShareNode } from './share-tree.ts';

type Node = ShareNode<Client>;

/** What `resources`, which `client` has just taken or given back on `agent`, change of what a node above it counts. */
export function changeAt(
  agent: AgentRow,
  client: Client,
  resources: Resources,
  before: Resources | undefined,
  sign: 1 | -1,
  names: ScalarNames,
): (node: Node) => Amounts {
  const rest = names.amountsOf(resources.nonShared());
  // Only what the client has the first copy of, or gave the last one back, can change anything.
  const fewer = sign === 1 ? before : agent.held.get(client);
  const volumes = volumesIn(resources).filter((volume) => fewer === undefined || volumesIn(fewer).count(volume) === 0);
  return (node) => {
    const amounts = [...rest];
    for (const volume of volumes.toProto()) {
      const others = [...agent.held].some(
        ([other, held]) => other !== client && isBelow(other.node, node) && volumesIn(held).count(volume) > 0,
      );
      if (!others) add(amounts, names.index(volume.name), toMillis(volume.scalar?.value ?? 0));
    }
    return amounts;
  };
}

/** By node, what the sum over its children counts too often because several of them hold the same volume. */
export function countedTwice(agents: Iterable<AgentRow>, names: ScalarNames): Map<Node, Amounts> {
  const twice = new Map<Node, Amounts>();
  for (const agent of agents) {
    const shared = new Map<Node, Resources>();
    for (const [client, resources] of agent.held) {
      const volumes = volumesIn(resources);
      if (volumes.isEmpty) continue;
      for (let node: Node | undefined = client.node; node !== undefined; node = node.parent)
        shared.set(node, shared.get(node)?.plus(volumes) ?? volumes);
    }
    for (const [node, volumes] of shared) {
      // The parent counts what its children do, less what it counts once instead of once for each.
      const { parent } = node;
      if (parent !== undefined) twice.set(parent, plus(twice.get(parent), names.amountsOf(volumes), 1));
      if (node.item === undefined) twice.set(node, plus(twice.get(node), names.amountsOf(volumes), -1));
    }
  }
  return twice;
}

/** The same volume whoever holds it: without allocation. */
function volumesIn(resources: Resources): Resources {
  return resources.shared().unallocate();
}

function plus(sum: Amounts | undefined, amounts: Amounts, sign: 1 | -1): Amounts {
  const all = sum ?? [];
  accumulate(all, amounts, sign);
  return all;
}

function isBelow(leaf: Node, node: Node): boolean {
  for (let above: Node | undefined = leaf; above !== undefined; above = above.parent) if (above === node) return true;
  return false;
}
