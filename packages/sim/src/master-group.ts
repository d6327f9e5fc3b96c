/** The masters of a simulated cluster, and which of them leads. */
import type { MasterCore } from '@mesolite/master/core';
import type { Candidate, Ensemble } from './ensemble.ts';
import type { MasterNode, OperatorDemand } from './master-node.ts';
import type { RegistryShelf } from './registry-shelf.ts';
import type { SchedulerClient, SchedulerSession } from './scheduler-session.ts';

export class MasterGroup {
  readonly nodes: readonly MasterNode[];
  readonly ensemble: Ensemble;
  readonly registry: RegistryShelf;

  constructor(nodes: readonly MasterNode[], ensemble: Ensemble, registry: RegistryShelf) {
    this.nodes = nodes;
    this.ensemble = ensemble;
    this.registry = registry;
  }

  /** The one that holds the registry; others may believe that they do. */
  get leader(): MasterNode | undefined {
    return this.nodes.find(({ core, holder }) => core !== undefined && holder === this.registry.holder);
  }

  get core(): MasterCore | undefined {
    return this.leader?.core;
  }

  /** All that take themselves for the leader. */
  get leading(): readonly MasterNode[] {
    return this.nodes.filter(({ core }) => core !== undefined);
  }

  /** Somebody who was told that `leader` leads connects to it. */
  connect(leader: Pick<Candidate, 'pid'>, client: SchedulerClient): SchedulerSession {
    const node = this.nodes.find(({ pid }) => pid === leader.pid);
    if (node === undefined) throw new Error(`there is no master ${leader.pid}`);
    return node.connect(client);
  }

  operate(demand: OperatorDemand): void {
    this.leader?.operate(demand);
  }
}
