/**
 * What the allocator knows, under the original's metric names. Roles come and go, and their gauges with them. How long a
 * run takes is measured by the host (host/allocation-stopwatch.ts): cores have no clock.
 */
import type { Allocator } from '@mesolite/allocator';
import type { Metrics } from '@mesolite/ports';

const PREFIX = 'allocator/mesos';

export class AllocatorMetrics {
  readonly #metrics: Metrics;
  readonly #allocator: Allocator;
  /** Metric names by role, and of resources. */
  readonly #ofRoles = new Map<string, readonly string[]>();
  readonly #resources = new Set<string>();
  #roleChanges = -1;
  #runs = -1;

  constructor(metrics: Metrics, allocator: Allocator) {
    this.#metrics = metrics;
    this.#allocator = allocator;
    metrics.gauge(`${PREFIX}/allocation_runs`, () => allocator.runs);
    for (const name of ['cpus', 'mem', 'disk']) this.#addResource(name);
    for (const queue of ['allocator', PREFIX]) metrics.gauge(`${queue}/event_queue_dispatches`, () => 0);
  }

  /** To be called now and then; costs nothing while no cycle has run. */
  refresh(): void {
    const { roleChanges, runs } = this.#allocator;
    if (roleChanges !== this.#roleChanges) this.#refreshRoles();
    if (runs !== this.#runs) this.#refreshResources();
    this.#roleChanges = roleChanges;
    this.#runs = runs;
  }

  #refreshRoles(): void {
    const roles = new Set(this.#allocator.roles());
    for (const [role, names] of this.#ofRoles) {
      if (roles.has(role)) continue;
      for (const name of names) this.#metrics.remove(name);
      this.#ofRoles.delete(role);
    }
    for (const role of roles) {
      if (this.#ofRoles.has(role)) continue;
      const filters = `${PREFIX}/offer_filters/roles/${role}/active`;
      const share = `${PREFIX}/roles/${role}/shares/dominant`;
      this.#ofRoles.set(role, [filters, share]);
      this.#metrics.gauge(filters, () => this.#allocator.offerFilters(role));
      this.#metrics.gauge(share, () => this.#allocator.dominantShare(role));
    }
  }

  #refreshResources(): void {
    for (const name of this.#allocator.scalars().keys()) if (!this.#resources.has(name)) this.#addResource(name);
  }

  #addResource(name: string): void {
    this.#resources.add(name);
    const read = (part: 'total' | 'held'): number => this.#allocator.scalars().get(name)?.[part] ?? 0;
    this.#metrics.gauge(`${PREFIX}/resources/${name}/total`, () => read('total'));
    this.#metrics.gauge(`${PREFIX}/resources/${name}/offered_or_allocated`, () => read('held'));
  }
}
