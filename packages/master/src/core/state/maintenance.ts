/**
 * The maintenance of machines, as it counts and as it will when all that waits for the registry is written.
 *
 * Never: asks the registry, or tells the allocator (transitions do).
 */
import { assert } from '@mesolite/base';
import {
  type MachineKey,
  type MaintenanceOperation,
  type MaintenancePlan,
  NO_MAINTENANCE,
  type PlannedMachine,
  planAfter,
} from './maintenance-plan.ts';

export class Maintenance {
  #plan: MaintenancePlan = NO_MAINTENANCE;
  #asked: MaintenancePlan = NO_MAINTENANCE;
  #waiting = 0;

  /** What counts. */
  get plan(): MaintenancePlan {
    return this.#plan;
  }

  /** What the registry was asked for last: new demands have to fit this one, because writes keep their order. */
  get asked(): MaintenancePlan {
    return this.#asked;
  }

  machine(key: MachineKey): PlannedMachine | undefined {
    return this.#plan.machines.get(key);
  }

  recover(plan: MaintenancePlan): void {
    this.#plan = plan;
    this.#asked = plan;
  }

  ask(operation: MaintenanceOperation): void {
    this.#asked = planAfter(this.#asked, operation);
    this.#waiting++;
  }

  /** Operations are written in the order in which they were asked for. */
  written(operation: MaintenanceOperation): void {
    this.#plan = planAfter(this.#plan, operation);
    this.#waiting--;
    if (this.#waiting === 0) this.#asked = this.#plan;
  }

  check(): void {
    assert(this.#waiting >= 0, 'more maintenance was written than asked for');
    assert(this.#waiting > 0 || this.#asked === this.#plan, 'nothing waits, but other maintenance was asked for');
  }
}
