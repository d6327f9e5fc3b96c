/**
 * Calls a scheduler should not make: of offers it has used, with tasks that do not fit or exist already, about tasks and
 * executors nobody knows. A master answers each of them, and nothing else happens.
 */
import type { RandomStream } from '@mesolite/base';
import type { Offer, SchedulerCall, TaskInfo } from '@mesolite/wire';

/** Offers remembered in order to be used again. */
const MOST_USED = 8;

export interface Misdeed {
  readonly calls: readonly SchedulerCall[];
  /** Tasks the master may have to say something about. */
  readonly ghosts: readonly string[];
}

export class Mischief {
  readonly #name: string;
  readonly #random: RandomStream;
  readonly #used: Offer[] = [];
  #ghosts = 0;

  constructor(name: string, random: RandomStream) {
    this.#name = name;
    this.#random = random;
  }

  /** The offer has been accepted or declined. */
  used(offer: Offer): void {
    this.#used.push(offer);
    if (this.#used.length > MOST_USED) this.#used.shift();
  }

  /** Something to do before `offer` is answered. `known`: ids of tasks that were launched. */
  next(offer: Offer, known: readonly string[]): Misdeed {
    const random = this.#random;
    const agent_id = offer.agent_id;
    const victim = known[random.below(Math.max(1, known.length))];
    const old = this.#used[random.below(Math.max(1, this.#used.length))] ?? offer;
    switch (random.below(8)) {
      case 0: {
        const ghost = this.#ghost();
        return { calls: [launch(old, task(ghost, old, 0.1))], ghosts: [ghost] };
      }
      case 1:
        return {
          calls: [{ type: 'DECLINE', decline: { offer_ids: [old.id, { value: 'no-such-offer' }] } }],
          ghosts: [],
        };
      case 2: {
        const ghost = this.#ghost();
        return {
          calls: [launch({ ...offer, id: { value: 'no-such-offer' } }, task(ghost, offer, 0.1))],
          ghosts: [ghost],
        };
      }
      case 3: {
        if (victim === undefined) return NOTHING;
        const uuid = random.bytes(16);
        return {
          calls: [{ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id: { value: victim }, uuid } }],
          ghosts: [],
        };
      }
      case 4: {
        const ghost = this.#ghost();
        const about = { task_id: { value: ghost } };
        return {
          calls: [
            { type: 'KILL', kill: about },
            { type: 'RECONCILE', reconcile: { tasks: [about] } },
          ],
          ghosts: [ghost],
        };
      }
      case 5: {
        const executor_id = { value: 'no-such-executor' };
        const message = { agent_id, executor_id, data: Buffer.from('hello') };
        return {
          calls: [
            { type: 'SHUTDOWN', shutdown: { agent_id, executor_id } },
            { type: 'MESSAGE', message },
          ],
          ghosts: [],
        };
      }
      case 6:
        return {
          calls: [{ type: 'SUPPRESS' }, { type: 'REQUEST', request: { requests: [] } }, { type: 'REVIVE' }],
          ghosts: [],
        };
      default: {
        const [small, large] = [this.#ghost(), this.#ghost()];
        return { calls: [launch(old, task(small, old, 0.1), task(large, old, 1e6))], ghosts: [small, large] };
      }
    }
  }

  /** Tasks that break rules, to go with good ones on one offer: too large, or the second of their name. */
  badTasks(offer: Offer, good: readonly TaskInfo[]): TaskInfo[] {
    const [first] = good;
    if (first === undefined || this.#random.below(6) > 0) return [];
    return this.#random.below(2) === 0 ? [first] : [task(this.#ghost(), offer, 1e6)];
  }

  #ghost(): string {
    return `${this.#name}-ghost${this.#ghosts++}`;
  }
}

const NOTHING: Misdeed = { calls: [], ghosts: [] };

function task(id: string, offer: Offer, cpus: number): TaskInfo {
  return {
    name: id,
    task_id: { value: id },
    agent_id: offer.agent_id,
    resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: cpus } }],
    command: { value: 'sim: run=100ms' },
  };
}

function launch(offer: Offer, ...tasks: TaskInfo[]): SchedulerCall {
  return {
    type: 'ACCEPT',
    accept: { offer_ids: [offer.id], operations: [{ type: 'LAUNCH', launch: { task_infos: tasks } }] },
  };
}
