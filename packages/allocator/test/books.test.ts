import type { AgentId, FrameworkId } from '@mesolite/base';
import { AssertionError } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import { describe, expect, it } from 'vitest';
import { AgentRow } from '../src/agent-row.ts';
import { ScalarNames } from '../src/amounts.ts';
import { Client } from '../src/client.ts';
import { RoleQuota } from '../src/quota-book.ts';
import { RefusalBook } from '../src/refusal-book.ts';
import { type ShareNode, ShareTree } from '../src/share-tree.ts';
import { resourcesOf } from './script.ts';

describe('the share tree', () => {
  /** Roles a and a/b with two and one frameworks; cpus is name 0, mem name 1. */
  function tree(): { tree: ShareTree<string>; leaves: ShareNode<string>[] } {
    const names = new ScalarNames();
    for (const name of ['cpus', 'mem', 'gpus']) names.index(name);
    const tree = new ShareTree<string>(names, ['gpus']);
    tree.addTotals([8000, 1000, 2000], 1);
    const leaves = [tree.addLeaf('a', 'f1', 'f1'), tree.addLeaf('a', 'f2', 'f2'), tree.addLeaf('a/b', 'f3', 'f3')];
    for (const leaf of leaves) tree.setActive(leaf, true);
    tree.refresh();
    tree.add(leaves[0]!, [2000, 100], 1, true);
    tree.add(leaves[1]!, [1000, 500, 2000], 1, true);
    return { tree, leaves };
  }
  const totals = [8000, 1000, 2000];

  it('takes the largest fraction for the share, at every level, without excluded names', () => {
    const { tree: shares, leaves } = tree();
    expect(leaves.map((leaf) => leaf.share)).toEqual([0.25, 0.5, 0]);
    expect(shares.role('a')?.share).toBe(0.6);
    expect(shares.role('a')?.order.map((node) => node.path)).toEqual(['a/b', 'a/.']);
    shares.check(totals);
  });

  it('forgets roles with the last leaf and keeps the rest', () => {
    const { tree: shares, leaves } = tree();
    shares.setActive(leaves[2]!, false);
    shares.removeLeaf(leaves[2]!);
    expect(shares.rolePaths()).toEqual(['a']);
    expect(shares.roleChanges).toBe(3);
    expect(shares.scalars().get('mem')).toEqual({ total: 1, held: 0.6 });
    expect(() => shares.removeLeaf(leaves[0]!)).toThrow(AssertionError);
    shares.check(totals);
  });

  it.each<[string, (leaf: ShareNode<string>, parent: ShareNode<string>) => void]>([
    ['an amount nobody counted', (leaf) => void leaf.amounts.splice(0, 1, 7)],
    [
      'a share out of date',
      (leaf) => {
        leaf.share = 0.9;
      },
    ],
    ['an order out of order', (_, parent) => void parent.order.reverse()],
    ['a count of active leaves', (_, parent) => void parent.activeLeaves++],
    ['an active leaf outside the order', (_, parent) => void parent.order.pop()],
  ])('finds %s', (_, corrupt) => {
    const { tree: shares, leaves } = tree();
    shares.check(totals);
    corrupt(leaves[0]!, leaves[0]!.parent!);
    expect(() => shares.check(totals)).toThrow(AssertionError);
  });

  it('finds totals that are not those of the agents', () => {
    expect(() => tree().tree.check([8000, 1001, 2000])).toThrow('totals of the cluster');
  });
});

describe('the row of an agent', () => {
  function row(): { row: AgentRow; client: Client } {
    const shares = new ShareTree<Client>(new ScalarNames(), []);
    const name = { frameworkId: 'f1' as FrameworkId, role: 'web' };
    const client = new Client(name, 0, new RoleQuota('web'), shares);
    const options = {
      hostname: 'h',
      total: resourcesOf('cpus:4;mem:100'),
      used: new Map(),
      capabilities: new Set<never>(),
      attributes: [],
      active: true,
    };
    const agent = new AgentRow({ id: 'a1' as AgentId, slot: 0 }, options, new RefusalBook(1000));
    agent.take(client, resourcesOf('cpus:1;mem:10').allocate('web'));
    agent.check();
    return { row: agent, client };
  }

  it('knows what is free', () => {
    const { row: agent, client } = row();
    expect(String(agent.available)).toBe('cpus:3; mem:90');
    agent.give(client, resourcesOf('cpus:1').allocate('web'));
    expect(String(agent.available)).toBe('cpus:4; mem:90');
    agent.check();
  });

  it('may have less than is held until that has come back, and not a second time', () => {
    const { row: agent, client } = row();
    agent.setTotal(resourcesOf('cpus:0.5;mem:100'));
    expect(agent.strained).toBe(true);
    agent.check();
    agent.give(client, resourcesOf('cpus:1;mem:10').allocate('web'));
    expect(agent.strained).toBe(false);
    agent.take(client, resourcesOf('cpus:1').allocate('web'));
    expect(() => agent.check()).toThrow('were handed out');
  });

  it.each<[string, (agent: AgentRow, client: Client) => void]>([
    ['a holding nobody took', (agent, client) => void agent.held.set(client, Resources.empty)],
    [
      'more held than there is',
      (agent) => {
        agent.total = resourcesOf('mem:100');
      },
    ],
    ['a holder that does not know the agent', (_, client) => client.agents.clear()],
    [
      'a holding of another role',
      (agent, client) => void agent.held.set(client, agent.held.get(client)!.allocate('x')),
    ],
  ])('finds %s', (_, corrupt) => {
    const { row: agent, client } = row();
    corrupt(agent, client);
    expect(() => agent.check()).toThrow(AssertionError);
  });
});
