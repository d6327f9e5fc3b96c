/**
 * An operator who plans maintenance of machines, takes them down and brings them up, now and then against the rules, and
 * in the end gives all of them back.
 */
import type { RandomStream } from '@mesolite/base';
import type { MachineID, MaintenanceWindow } from '@mesolite/wire';
import type { AgentNode } from './agent-node.ts';
import type { MasterGroup } from './master-group.ts';
import type { World } from './world.ts';

/** Between two looks at what is left to give back. */
const LOOK_MS = 2000;

export class MaintenanceOperator {
  readonly #world: World;
  readonly #masters: MasterGroup;
  readonly #machines: readonly MachineID[];

  constructor(world: World, masters: MasterGroup, agents: readonly AgentNode[]) {
    this.#world = world;
    this.#masters = masters;
    this.#machines = agents.map(({ name, address }) => ({ hostname: name, ip: address.split(':')[0] }));
  }

  act(random: RandomStream): void {
    const any = (): MachineID => this.#machines[random.below(this.#machines.length)]!;
    const down = this.#inMode('DOWN');
    switch (random.below(4)) {
      case 0:
        this.#masters.operate({ kind: 'start-maintenance', machines: [this.#inMode('DRAINING')[0] ?? any()] });
        return;
      case 1:
        this.#masters.operate({ kind: 'stop-maintenance', machines: [down[0] ?? any()] });
        return;
      default: {
        // A schedule without a machine that is down is refused.
        const kept = random.below(8) === 0 ? [] : down;
        const start = { nanoseconds: BigInt(random.below(1000)) };
        const windows = this.#machines
          .filter((one) => kept.some(({ hostname }) => hostname === one.hostname) || random.below(2) === 0)
          .map((one): MaintenanceWindow => ({ machine_ids: [one], unavailability: { start } }));
        this.#masters.operate({ kind: 'update-maintenance-schedule', schedule: { windows } });
      }
    }
  }

  /** Asks, until it is so, for all machines to be in service. */
  finish(): void {
    const down = this.#inMode('DOWN');
    if (down.length > 0) this.#masters.operate({ kind: 'stop-maintenance', machines: down });
    else if (this.#inMode('DRAINING').length > 0)
      this.#masters.operate({ kind: 'update-maintenance-schedule', schedule: {} });
    if (!this.isDone) this.#world.after(LOOK_MS, () => this.finish());
  }

  /** A master that ends before it has written forgets what it was asked for. */
  get isDone(): boolean {
    return this.#masters.core?.state.maintenance.plan.machines.size === 0;
  }

  #inMode(mode: 'DRAINING' | 'DOWN'): MachineID[] {
    const machines = [...(this.#masters.core?.state.maintenance.asked.machines.values() ?? [])];
    return machines.filter((one) => one.mode === mode).map(({ id }) => id);
  }
}
