/**
 * An operator who drains agents, takes them out of service and back, and now and then says that one is gone for ever; in
 * the end all are in service.
 */
import type { AgentId, RandomStream } from '@mesolite/base';
import type { MasterGroup } from './master-group.ts';
import type { World } from './world.ts';

/** Between two looks at what is left to give back. */
const LOOK_MS = 3000;
/** What was asked for last may only now be on its way into the registry: so many looks in a row must find nothing. */
const QUIET_LOOKS = 10;

export class AgentOperator {
  readonly #world: World;
  readonly #masters: MasterGroup;

  constructor(world: World, masters: MasterGroup) {
    this.#world = world;
    this.#masters = masters;
  }

  act(random: RandomStream): void {
    const known = [...(this.#masters.core?.state.agents.registered.keys() ?? [])];
    const agentId = known[random.below(Math.max(1, known.length))];
    if (agentId === undefined) return;
    switch (random.below(8)) {
      case 0:
      case 1:
      case 2: {
        const max_grace_period = { nanoseconds: BigInt(random.below(20)) * 1_000_000_000n };
        const config = { ...(random.below(2) === 0 && { max_grace_period }), mark_gone: random.below(8) === 0 };
        this.#masters.operate({ kind: 'drain-agent', agentId, config });
        return;
      }
      case 3:
        this.#masters.operate({ kind: 'deactivate-agent', agentId });
        return;
      case 4:
        this.#masters.operate({ kind: 'mark-agent-gone', agentId });
        return;
      default: {
        const [out] = this.#outOfService();
        this.#masters.operate({ kind: 'reactivate-agent', agentId: out ?? agentId });
      }
    }
  }

  /** Asks, until it is so, for all agents to be in service. */
  finish(quietLooks = 0): void {
    for (const agentId of this.#outOfService()) this.#masters.operate({ kind: 'reactivate-agent', agentId });
    const quiet = this.isDone ? quietLooks + 1 : 0;
    if (quiet < QUIET_LOOKS) this.#world.after(LOOK_MS, () => this.finish(quiet));
  }

  get isDone(): boolean {
    return this.#masters.core !== undefined && this.#outOfService().length === 0;
  }

  /** Of agents that are here or expected back. */
  #outOfService(): AgentId[] {
    const agents = this.#masters.core?.state.agents;
    if (agents === undefined) return [];
    return [...agents.deactivated.keys()].filter((id) => agents.registered.has(id) || agents.recovered.has(id));
  }
}
