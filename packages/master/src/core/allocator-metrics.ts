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
  /** Metric names by role. */
  readonly #ofRoles = new Map<string, readonly string[]>();
  #roleChanges = -1;

  constructor(metrics: Metrics, allocator: Allocator) {
    this.#metrics = metrics;
    this.#allocator = allocator;
    metrics.gauge(`${PREFIX}/allocation_runs`, () => allocator.runs);
    metrics.family(`${PREFIX}/resources/`, () => this.#ofResources());
    for (const queue of ['allocator', PREFIX]) metrics.gauge(`${queue}/event_queue_dispatches`, () => 0);
  }

  /** To be called now and then; costs nothing while no role came or went. */
  refresh(): void {
    const { roleChanges } = this.#allocator;
    if (roleChanges !== this.#roleChanges) this.#refreshRoles();
    this.#roleChanges = roleChanges;
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

  /** Of the resources that there are, and always of the usual ones. */
  *#ofResources(): Iterable<readonly [suffix: string, value: number]> {
    const scalars = this.#allocator.scalars();
    for (const name of new Set(['cpus', 'mem', 'disk', ...scalars.keys()])) {
      const { total, held } = scalars.get(name) ?? { total: 0, held: 0 };
      yield [`${name}/total`, total];
      yield [`${name}/offered_or_allocated`, held];
    }
  }
}
