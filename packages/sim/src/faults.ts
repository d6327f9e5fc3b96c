/**
 * What is to go wrong in a run: a plan, made from the seed before the run begins, of faults with their times. Each carries
 * its own seed, so that leaving out one does not change another.
 */
import { type RandomStream, seededRandom } from '@mesolite/base';

/** How often each fault strikes, relative to the others; 0: never. */
export interface FaultWeights {
  /** The network: one connection, two hosts, one half of all hosts from the other, one host that is far away. */
  readonly breakLink: number;
  readonly partition: number;
  readonly partGroups: number;
  readonly slowHost: number;
  /** Connections of schedulers: broken, silent for a while, calls that arrive twice. */
  readonly dropScheduler: number;
  readonly stallScheduler: number;
  readonly stutter: number;
  readonly failOverScheduler: number;
  readonly tearDown: number;
  /** Agents: the process, the machine, another machine in its place. */
  readonly crashAgent: number;
  readonly rebootAgent: number;
  readonly replaceAgent: number;
  readonly slowDisk: number;
  readonly fullDisk: number;
  readonly crashContainer: number;
  readonly dropExecutor: number;
  /** Masters: the process, all of them, cut off from the ensemble, told late who leads, a session that ends. */
  readonly crashMaster: number;
  readonly crashMasters: number;
  readonly partMaster: number;
  readonly lateNews: number;
  readonly expireLeader: number;
  /** One write of the registry fails, or its answer is lost: the master has to end. */
  readonly failRegistry: number;
  readonly loseAnswer: number;
  readonly slowRegistry: number;
  /** Clocks of masters and agents: the wall clock jumps, the monotonic one runs fast or slow. */
  readonly jumpClock: number;
  readonly driftClock: number;
  /** An operator plans, starts or ends maintenance; drains, deactivates, reactivates agents, or says that one is gone. */
  readonly maintain: number;
  readonly operateAgent: number;
  /** For a while, what was sent before a connection broke arrives all the same, late and beside the next one. */
  readonly lateData: number;
}

export type FaultKind = keyof FaultWeights;

export const NO_FAULTS: FaultWeights = {
  breakLink: 0,
  partition: 0,
  partGroups: 0,
  slowHost: 0,
  dropScheduler: 0,
  stallScheduler: 0,
  stutter: 0,
  failOverScheduler: 0,
  tearDown: 0,
  crashAgent: 0,
  rebootAgent: 0,
  replaceAgent: 0,
  slowDisk: 0,
  fullDisk: 0,
  crashContainer: 0,
  dropExecutor: 0,
  crashMaster: 0,
  crashMasters: 0,
  partMaster: 0,
  lateNews: 0,
  expireLeader: 0,
  failRegistry: 0,
  loseAnswer: 0,
  slowRegistry: 0,
  jumpClock: 0,
  driftClock: 0,
  maintain: 0,
  operateAgent: 0,
  lateData: 0,
};

export interface Fault {
  readonly atMs: number;
  readonly kind: FaultKind;
  readonly seed: number;
}

/** Faults at random times, one each `meanMs` on average, until `untilMs`. */
export function planFaults(
  weights: FaultWeights,
  { meanMs, untilMs, random }: { readonly meanMs: number; readonly untilMs: number; readonly random: RandomStream },
): Fault[] {
  const bag = (Object.keys(weights) as FaultKind[]).flatMap((name) =>
    Array.from({ length: weights[name] }, () => name),
  );
  const plan: Fault[] = [];
  if (bag.length === 0) return plan;
  for (let atMs = random.next() * 2 * meanMs; atMs < untilMs; atMs += random.next() * 2 * meanMs)
    plan.push({ atMs, kind: bag[random.below(bag.length)]!, seed: random.below(2 ** 31) });
  return plan;
}

/** About half of the kinds that `most` allows, each as often as it likes. */
export function someFaults(most: FaultWeights, random: RandomStream): FaultWeights {
  const some = Object.fromEntries(
    (Object.keys(most) as FaultKind[]).map((name) => [
      name,
      most[name] > 0 && random.below(2) === 0 ? 1 + random.below(most[name]) : 0,
    ]),
  );
  return some as unknown as FaultWeights;
}

/** For the plan of a seed alone: that of the world goes on whatever is left out of the plan. */
export function planRandom(seed: number): RandomStream {
  return seededRandom(seed ^ 0x5eed);
}
