/** One shard: a volume, and tasks that are run on it until each has finished once. */
import {
  createVolumes,
  destroyVolumes,
  fits,
  launchTasks,
  type ReservationOptions,
  reserve,
  reserved,
  reservedOf,
  resources,
  shell,
  task,
  unreserve,
  unreservedOf,
  volume,
  volumeIdOf,
} from '@mesolite/sdk';
import type { Offer, OfferOperation, Resource } from '@mesolite/wire';

/** Of one task. */
const NEEDS = { cpus: 0.1, mem: 32 };
const VOLUME_MB = 16;
/** Tasks of a shared volume that run at the same time. */
const TOGETHER = 2;

/** Fails unless all tasks BEFORE have left their mark; leaves that of TASK; waits, 20 s at most, for those BESIDE it. */
const COMMAND = `
  for n in $BEFORE; do test -e data/$n || exit 1; done
  touch data/$TASK
  tries=0
  for n in $BESIDE; do
    until test -e data/$n; do
      tries=$((tries + 1)); test $tries -lt 400 || exit 1
      sleep 0.05
    done
  done`;

export interface ShardOptions {
  readonly reservation: ReservationOptions;
  /** How many tasks it has. */
  readonly tasks: number;
  readonly shared?: boolean;
}

export class Shard {
  readonly name: string;
  /** Where its volume is. It never moves, but its agent may come back under another id. */
  #agent: string | undefined;
  /** Its end has been asked for. */
  #isFreed = false;
  #isGone = false;
  readonly #tasks: number;
  readonly #atOnce: number;
  readonly #reservation: ReservationOptions;
  readonly #reserved: readonly Resource[];
  readonly #volume: Resource;
  readonly #finished = new Set<number>();
  /** Task ids, and which of the shard's tasks each is. */
  readonly #running = new Map<string, number>();
  #launched = 0;

  constructor(name: string, { reservation, tasks, shared = false }: ShardOptions) {
    this.name = name;
    this.#tasks = tasks;
    this.#atOnce = shared ? TOGETHER : 1;
    // By its label each shard knows what is its own.
    this.#reservation = { ...reservation, labels: { ...reservation.labels, shard: name } };
    this.#reserved = reserved(resources({ ...times(this.#atOnce), disk: VOLUME_MB }), this.#reservation);
    this.#volume = volume({ id: name, size: VOLUME_MB, containerPath: 'data', reservation: this.#reservation, shared });
  }

  get isNew(): boolean {
    return this.#agent === undefined;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  get finished(): number {
    return this.#finished.size;
  }

  runs(taskId: string): boolean {
    return this.#running.has(taskId);
  }

  ended(taskId: string, well: boolean): void {
    const number = this.#running.get(taskId);
    this.#running.delete(taskId);
    if (well && number !== undefined) this.#finished.add(number);
  }

  /** What to do with an offer; nothing when it does not concern this shard. */
  next(offer: Offer): OfferOperation[] {
    if (this.isGone || this.#running.size > 0) return [];
    const held = reservedOf(offer.resources, this.#reservation);
    if (held.some((resource) => volumeIdOf(resource) === this.name)) {
      this.#agent = offer.agent_id.value;
      return this.#use(held);
    }
    if (this.#agent === offer.agent_id.value) {
      if (this.#isFreed) this.#isGone = true;
      return [];
    }
    const unreserved = unreservedOf(offer.resources);
    if (!this.isNew || !fits(unreserved, { ...times(this.#atOnce), disk: VOLUME_MB })) return [];
    this.#agent = offer.agent_id.value;
    return [reserve(this.#reserved), createVolumes([this.#volume]), this.#launch()];
  }

  /** A shared volume is offered at any time; what its tasks used may come in several offers. Then we wait for one of all. */
  #use(held: readonly Resource[]): OfferOperation[] {
    if (this.finished < this.#tasks) return fits(held, times(this.#nextTasks().length)) ? [this.#launch()] : [];
    if (!fits(held, times(this.#atOnce))) return [];
    this.#isFreed = true;
    return freeing(held);
  }

  /** Those of the tasks that have not finished that run next, at the same time. */
  #nextTasks(): number[] {
    const all = Array.from({ length: this.#tasks }, (_, i) => i);
    return all.filter((number) => !this.#finished.has(number)).slice(0, this.#atOnce);
  }

  #launch(): OfferOperation {
    const numbers = this.#nextTasks();
    const own = [...reserved(resources(NEEDS), this.#reservation), this.#volume];
    const tasks = numbers.map((number) => {
      const id = `${this.name}-task-${number + 1}-${++this.#launched}`;
      this.#running.set(id, number);
      const env = { BEFORE: [...this.#finished].join(' '), TASK: `${number}`, BESIDE: numbers.join(' ') };
      return task({ id, command: shell(COMMAND, { env }), resources: own });
    });
    return launchTasks(tasks);
  }
}

/** For so many tasks. */
function times(count: number): { cpus: number; mem: number } {
  return { cpus: NEEDS.cpus * count, mem: NEEDS.mem * count };
}

/** Destroys the volumes in `held`, with their data, and gives up the reservations. */
export function freeing(held: readonly Resource[]): OfferOperation[] {
  const volumes = held.filter((resource) => volumeIdOf(resource) !== undefined);
  // A destroyed volume is the reserved disk again that it was made of.
  const rest = held.map((resource) => {
    const { disk: _, shared: __, ...disk } = resource;
    return volumes.includes(resource) ? disk : resource;
  });
  return [...(volumes.length > 0 ? [destroyVolumes(volumes)] : []), ...(rest.length > 0 ? [unreserve(rest)] : [])];
}
