/** Reckons all books anew from what agents say and compares. Scans everything: for tests and simulation. */
import { assert, toMillis } from '@mesolite/base';
import { topLevelRole } from '@mesolite/resources';
import type { AgentRow } from './agent-row.ts';
import { type Amounts, accumulate, add, type ScalarNames, same } from './amounts.ts';
import type { Client } from './client.ts';
import type { Clients } from './clients.ts';
import type { QuotaBook } from './quota-book.ts';
import type { RefusalBook } from './refusal-book.ts';
import type { ShareTree } from './share-tree.ts';
import { countedTwice } from './shared-volumes.ts';

export interface Books {
  readonly agents: readonly AgentRow[];
  readonly clients: Clients;
  readonly tree: ShareTree<Client>;
  readonly quotas: QuotaBook;
  readonly names: ScalarNames;
  readonly refusals: RefusalBook;
}

/** Throws AssertionError when the books contradict each other. */
export function checkBooks({ agents, clients, tree, quotas, names, refusals }: Books): void {
  const totals: Amounts = [];
  const free: Amounts = [];
  const consumed = new Map<string, Amounts>();
  const held = new Map<Client, Amounts>();
  const counted = new Map<number, number>();
  const consume = (role: string, amounts: Amounts): void => {
    const top = topLevelRole(role);
    if (!consumed.has(top)) consumed.set(top, []);
    accumulate(consumed.get(top)!, amounts);
  };
  for (const agent of agents) {
    agent.check();
    accumulate(totals, names.amountsOf(agent.total));
    accumulate(free, quotas.amountsOf(agent.total));
    for (const resource of agent.total.reserved().toProto()) {
      if (resource.type !== 'SCALAR') continue;
      const amounts: Amounts = [];
      add(amounts, names.index(resource.name), toMillis(resource.scalar?.value ?? 0));
      consume(resource.reservations?.at(-1)?.role ?? '', amounts);
    }
    for (const [client, resources] of agent.held) {
      const amounts = held.get(client) ?? [];
      accumulate(amounts, names.amountsOf(resources));
      held.set(client, amounts);
      accumulate(free, quotas.amountsOf(resources), -1);
      consume(client.role, quotas.amountsOf(resources));
    }
    agent.refusals.forEachSlot((slot) => counted.set(slot, (counted.get(slot) ?? 0) + 1));
  }
  for (const client of clients.all()) {
    const name = `framework ${client.frameworkId} in role ${client.role}`;
    assert(same(client.node.amounts, held.get(client) ?? []), `the share of ${name} counts other than it holds`);
    assert(client.node.activeLeaves === (client.wantsOffers ? 1 : 0), `${name} is active iff it wants offers`);
    assert(client.subscribed || client.agents.size > 0, `${name} has no reason to be known`);
    assert(client.framework === clients.frameworks.get(client.frameworkId), `${name} has the wrong framework`);
    assert(
      refusals.countOf(client.slot) === (counted.get(client.slot) ?? 0),
      `the count of refusals of ${name} is wrong`,
    );
    held.delete(client);
  }
  assert(held.size === 0, 'an agent is held by a client that is gone');
  tree.check(totals, countedTwice(agents, names));
  quotas.check(free, consumed);
}
