/** How many instances fit into a view of the cluster, where, and what is left over. Pure. */
import { fromMillis, seededRandom, toMillis } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import { type Demand, fit, type Refusal, usableResources } from '@mesolite/scheduling';
import type { Offer } from '@mesolite/wire';
import { MAX_INSTANCES } from '../commands/fit.ts';
import type { ClusterView, LeftOut } from './cluster-view.ts';

export const COUNTED = ['cpus', 'mem', 'disk', 'gpus', 'ports'] as const;
/** Units; ports are counted. */
export type Amounts = Readonly<Record<(typeof COUNTED)[number], number>>;

export interface HostForecast {
  readonly agentId: string;
  readonly hostname: string;
  readonly instances: number;
  /** What the role could still take there. */
  readonly left: Amounts;
}

/** What is left over of one resource on all hosts together. */
export interface Fragments {
  readonly total: number;
  /** The most on one host. */
  readonly largest: number;
  /** Hosts with less than an instance needs. */
  readonly tooSmall: number;
}

export interface Forecast {
  readonly asked: number | undefined;
  readonly fits: number;
  /** As many would even if nobody gave back the offers that are out. */
  readonly fitsOutsideOffers: number;
  readonly hosts: readonly HostForecast[];
  readonly fragments: Readonly<Record<(typeof COUNTED)[number], Fragments>>;
  /** What is out in offers of what the role could take, and of how many hosts. */
  readonly held: Amounts;
  readonly hostsHeld: number;
  /** Why no further instance fits, most hosts first; empty when all do. */
  readonly refusals: readonly Refusal[];
  readonly leftOut: readonly LeftOut[];
}

/** `asked`: instances wanted, else all that fit. */
export function forecast(demand: Demand, asked: number | undefined, view: ClusterView): Forecast {
  const all = view.agents.map(({ offer }) => offer);
  const instances = asked ?? MAX_INSTANCES;
  const count = (offers: readonly Offer[]): ReturnType<typeof fit> =>
    fit({
      demand,
      offers,
      instances,
      allowances: view.allowances,
      // Which port is none of a forecast's business; only that there is one.
      options: { random: seededRandom(1), homeRegion: view.homeRegion },
    });
  const result = count(all);
  const outside = view.agents.some(({ offered }) => !offered.isEmpty)
    ? count(view.agents.map(({ offer, offered }) => without(offer, offered))).placed
    : result.placed;
  const hosts = all.map(({ agent_id: agentId, hostname }, i) => ({
    agentId: agentId.value,
    hostname,
    instances: result.counts[i]!,
    left: usableAmounts(result.left[i]!, demand),
  }));
  const held = view.agents.map(({ offered }) => usableAmounts(offered, demand));
  return {
    asked,
    fits: result.placed,
    fitsOutsideOffers: outside,
    hosts,
    fragments: byName((name) => fragmentsOf(hosts, name, needed(demand, name))),
    held: byName((name) => sum(held.map((amounts) => amounts[name]))),
    hostsHeld: held.filter((amounts) => COUNTED.some((name) => amounts[name] > 0)).length,
    refusals: result.refusals,
    leftOut: view.leftOut,
  };
}

function without(offer: Offer, taken: Resources): Offer {
  return { ...offer, resources: Resources.from(offer.resources).minus(taken).toProto() };
}

function usableAmounts(resources: Resources, { roles }: Demand): Amounts {
  const usable = Resources.from(usableResources(resources.toProto(), roles));
  return byName((name) => fromMillis(name === 'ports' ? 1000 * usablePorts(usable) : usable.scalarMillis(name)));
}

function usablePorts(usable: Resources): number {
  return sum(usable.ranges('ports').map(({ begin, end }) => end - begin + 1));
}

function needed(demand: Demand, name: (typeof COUNTED)[number]): number {
  switch (name) {
    case 'cpus':
      return fromMillis(demand.cpuMillis);
    case 'mem':
      return fromMillis(demand.memMillis);
    case 'disk':
      return fromMillis(demand.diskMillis);
    case 'gpus':
      return fromMillis(demand.gpuMillis);
    case 'ports':
      return demand.ports.length;
  }
}

function fragmentsOf(hosts: readonly HostForecast[], name: (typeof COUNTED)[number], need: number): Fragments {
  const pieces = hosts.map(({ left }) => left[name]);
  return {
    total: sum(pieces),
    largest: pieces.reduce((most, piece) => Math.max(most, piece), 0),
    tooSmall: pieces.filter((piece) => piece < need).length,
  };
}

function byName<T>(value: (name: (typeof COUNTED)[number]) => T): Record<(typeof COUNTED)[number], T> {
  return {
    cpus: value('cpus'),
    mem: value('mem'),
    disk: value('disk'),
    gpus: value('gpus'),
    ports: value('ports'),
  };
}

/** Exact to the thousandth. */
function sum(values: readonly number[]): number {
  return fromMillis(values.reduce((total, value) => total + toMillis(value), 0));
}
