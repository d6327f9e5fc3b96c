/**
 * A framework that only looks: it takes no offer and gives none back, so that after a while everything that is free lies
 * with it. What it is not offered has got lost on the way.
 */
import { Resources } from '@mesolite/resources';
import type { SchedulerEvent } from '@mesolite/wire';
import type { MasterNode } from './master-node.ts';

export class OfferProbe {
  /** By agent. */
  readonly #offered = new Map<string, Resources>();

  constructor(master: MasterNode) {
    const session = master.connect({
      opened: () => {},
      event: (event) => this.#handle(event),
      replied: () => {},
      closed: () => {},
    });
    const capabilities = [{ type: 'MULTI_ROLE' as const }];
    session.subscribe({ framework_info: { user: 'nobody', name: 'probe', roles: ['probe'], capabilities } });
  }

  /** What it has been offered of an agent, without allocation. */
  offeredOf(agentId: string): Resources {
    return this.#offered.get(agentId) ?? Resources.empty;
  }

  #handle({ offers }: SchedulerEvent): void {
    for (const { agent_id, resources } of offers?.offers ?? [])
      this.#offered.set(agent_id.value, this.offeredOf(agent_id.value).plus(Resources.from(resources).unallocate()));
  }
}
