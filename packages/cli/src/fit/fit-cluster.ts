/** `mesolite fit`: asks the master what is free, and tells how many instances that is. */
import type { Refusal } from '@mesolite/scheduling';
import { type FitOptions, MAX_INSTANCES } from '../commands/fit.ts';
import { DOES_NOT_FIT } from '../exit-codes.ts';
import { table } from '../listing/table.ts';
import { reachMaster } from '../reach-master.ts';
import { type Output, paint, type Terminal } from '../terminal.ts';
import { clusterView, readCluster } from './cluster-view.ts';
import { demandOf } from './fit-demand.ts';
import { COUNTED, type Forecast, forecast } from './forecast.ts';

/** Lines of a list for people; programs get all of it. */
const MAX_LINES = 50;

export async function fitCluster(options: FitOptions, terminal: Terminal): Promise<number> {
  const demand = demandOf(options);
  const client = await reachMaster(options);
  try {
    const facts = await readCluster(client);
    const view = clusterView(facts, { role: options.role, gpus: options.gpus > 0 }, Date.now());
    const result = forecast(demand, options.instances, view);
    if (options.json === true) terminal.stdout.write(`${JSON.stringify(documentOf(result), undefined, 2)}\n`);
    else print(result, options, terminal.stdout);
    return result.fits >= (options.instances ?? 1) ? 0 : DOES_NOT_FIT;
  } finally {
    await client.close();
  }
}

/** As `fit --json` prints it. */
function documentOf(result: Forecast): object {
  return {
    instances: result.asked,
    fits: result.fits,
    fits_outside_offers: result.fitsOutsideOffers,
    hosts: result.hosts.map(({ agentId, hostname, instances, left }) => ({
      agent_id: agentId,
      hostname,
      instances,
      left,
    })),
    fragments: Object.fromEntries(
      Object.entries(result.fragments).map(([name, { total, largest, tooSmall }]) => [
        name,
        { total, largest, too_small: tooSmall },
      ]),
    ),
    held_in_offers: { ...result.held, hosts: result.hostsHeld },
    refusals: result.refusals.map(({ offers, ...refusal }) => ({ ...refusal, hosts: offers })),
    left_out: result.leftOut.map(({ agentId, hostname, reason }) => ({ agent_id: agentId, hostname, reason })),
  };
}

function print(result: Forecast, options: FitOptions, stdout: Output): void {
  stdout.write(`${headline(result, stdout)}\n`);
  const inOffers = result.fits - result.fitsOutsideOffers;
  if (result.hostsHeld > 0)
    stdout.write(
      `of which ${inOffers} ${inOffers === 1 ? 'needs' : 'need'} what is held in offers right now ` +
        `(${amounts(result.held)} on ${hosts(result.hostsHeld)})\n`,
    );
  if (result.hosts.length > 0) {
    const shown = COUNTED.filter((name) => result.hosts.some(({ left }) => left[name] > 0) || isWanted(options, name));
    const head = ['HOST', 'INSTANCES', ...shown.map((name) => `${name.toUpperCase()} LEFT`)];
    const listed = result.hosts.slice(0, MAX_LINES);
    const rows = listed.map(({ hostname, instances, left }) => [
      hostname,
      `${instances}`,
      ...shown.map((name) => `${left[name]}`),
    ]);
    stdout.write(`\n${table([head.map((word) => paint(stdout, 'bold', word)), ...rows], stdout.columns)}`);
    writeRest(result.hosts.length - listed.length, stdout);
    stdout.write('\nwhat remains:\n');
    for (const name of shown) {
      const { total, largest, tooSmall } = result.fragments[name];
      const small = tooSmall > 0 ? `; too small for one more on ${hosts(tooSmall)}` : '';
      stdout.write(`  ${name} ${total}, the largest piece ${largest}${small}\n`);
    }
  }
  if (result.refusals.length > 0) {
    stdout.write('\nwhy no more fit:\n');
    for (const refusal of result.refusals) stdout.write(`  ${hosts(refusal.offers)}: ${describe(refusal)}\n`);
  }
  if (result.leftOut.length > 0) {
    stdout.write('\nleft out:\n');
    const listed = result.leftOut.slice(0, MAX_LINES);
    for (const { hostname, agentId, reason } of listed) stdout.write(`  ${hostname} (${agentId}): ${reason}\n`);
    writeRest(result.leftOut.length - listed.length, stdout);
  }
}

function writeRest(count: number, stdout: Output): void {
  if (count > 0) stdout.write(`… and ${hosts(count)} more (--json lists all)\n`);
}

function headline({ asked, fits, hosts: all, leftOut }: Forecast, stdout: Output): string {
  if (all.length === 0)
    return `${paint(stdout, 'red', '0 fit')}: ${leftOut.length === 0 ? 'no agent is registered' : 'no agent can be offered'}`;
  const used = all.filter(({ instances }) => instances > 0).length;
  const where = fits === 0 ? '' : `, on ${hosts(used)}`;
  if (asked === undefined) {
    const words = fits === MAX_INSTANCES ? `${fits} or more fit` : `${fits} fit`;
    return `${paint(stdout, fits > 0 ? 'green' : 'red', words)}${where}`;
  }
  return `${paint(stdout, fits === asked ? 'green' : 'red', `${fits} of ${asked} fit`)}${where}`;
}

function isWanted(options: FitOptions, name: (typeof COUNTED)[number]): boolean {
  return options[name] > 0;
}

function amounts(held: Forecast['held']): string {
  return COUNTED.filter((name) => held[name] > 0)
    .map((name) => `${name} ${held[name]}`)
    .join(', ');
}

function hosts(count: number): string {
  return count === 1 ? '1 host' : `${count} hosts`;
}

function describe({ reason, constraint, resource }: Refusal): string {
  switch (reason) {
    case 'UnfulfilledConstraint':
      return `the constraint ${constraint} would be broken`;
    case 'UnfulfilledRole':
      return 'nothing is left for the role';
    case 'InsufficientCpus':
      return 'too few cpus';
    case 'InsufficientMemory':
      return 'too little memory';
    case 'InsufficientDisk':
      return 'too little disk';
    case 'InsufficientGpus':
      return 'too few gpus';
    case 'InsufficientPorts':
      return 'too few ports';
    case 'QuotaLimit':
      return `the quota of the role allows no more ${resource}`;
    case 'QuotaHeadroom':
      return `${resource} must stay free for the quota guarantees of other roles`;
    default:
      return reason;
  }
}
