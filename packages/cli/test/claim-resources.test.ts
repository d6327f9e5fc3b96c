import { parseResources } from '@mesolite/resources';
import type { MasterResponseGetAgents, Offer, Resource } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { claimResources } from '../src/execute/claim-resources.ts';
import { explainOffers, explainSilence } from '../src/execute/explain-waiting.ts';

function resources(text: string): Resource[] {
  const parsed = parseResources(text, '*');
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

function allocated(text: string, role = 'web'): Resource[] {
  return resources(text).map((resource) => ({ ...resource, allocation_info: { role } }));
}

const amounts = (list: readonly Resource[]) =>
  list.map(({ name, scalar, reservations }) => [name, scalar?.value, (reservations ?? []).map(({ role }) => role)]);

describe('claiming resources', () => {
  it('takes what is reserved first, then what is free', () => {
    const claim = claimResources(allocated('cpus:2;cpus(web):0.5;mem:100'), resources('cpus:1;mem:64'));
    expect(claim.ok && amounts(claim.value)).toEqual([
      ['cpus', 0.5, ['web']],
      ['cpus', 0.5, []],
      ['mem', 64, []],
    ]);
  });

  it('counts exactly, in thousandths', () => {
    expect(claimResources(resources('cpus:0.3'), resources('cpus:0.3')).ok).toBe(true);
    expect(claimResources(resources('cpus(a):0.1;cpus(b):0.2'), resources('cpus:0.3')).ok).toBe(true);
    expect(claimResources(resources('cpus:0.299'), resources('cpus:0.3')).ok).toBe(false);
  });

  it('takes ranges and sets', () => {
    const offered = resources('ports:[100-200];disks:{a,b,c}');
    const claim = claimResources(offered, resources('ports:[110-111,150-150];disks:{b}'));
    expect(claim.ok && claim.value.map(({ ranges, set }) => ranges?.range ?? set?.item)).toEqual([
      [
        { begin: 110, end: 111 },
        { begin: 150, end: 150 },
      ],
      ['b'],
    ]);
  });

  it('names everything that is short', () => {
    const claim = claimResources(resources('cpus:2;ports:[31000-31009]'), resources('cpus:4;mem:64;ports:[1-2]'));
    expect(!claim.ok && claim.error).toEqual([
      { name: 'cpus', needed: '4', offered: '2' },
      { name: 'mem', needed: '64', offered: 'none' },
      { name: 'ports', needed: '[1-2]', offered: '[31000-31009]' },
    ]);
  });

  it('leaves volumes and revocable resources alone', () => {
    const [mem] = resources('mem:100');
    expect(claimResources([{ ...mem!, revocable: {} }], resources('mem:1')).ok).toBe(false);
    const volume: Resource = { ...resources('disk:100')[0]!, disk: { persistence: { id: 'v' } } };
    expect(claimResources([volume], resources('disk:1')).ok).toBe(false);
  });

  it('uses special ones that are asked for by name', () => {
    const [reserved] = resources('cpus(web):2');
    const claim = claimResources(allocated('cpus(web):2;cpus:1'), [reserved!]);
    expect(claim.ok && amounts(claim.value)).toEqual([['cpus', 2, ['web']]]);
    expect(claimResources(allocated('cpus:8'), [reserved!]).ok).toBe(false);
  });
});

describe('explaining why a task waits', () => {
  const offer = (hostname: string, text: string): Offer => ({
    id: { value: hostname },
    framework_id: { value: 'f' },
    agent_id: { value: hostname },
    hostname,
    resources: resources(text),
  });

  const agents = (...list: [host: string, total: string, allocated: string][]): MasterResponseGetAgents => ({
    agents: list.map(([hostname, total, used]) => ({
      agent_info: { hostname },
      active: true,
      version: '1.12.0',
      total_resources: resources(total),
      allocated_resources: resources(used),
    })),
  });

  it('shows the offer that comes nearest', () => {
    const text = explainOffers([offer('a', 'cpus:1'), offer('b', 'cpus:1;mem:128')], resources('cpus:2;mem:64'));
    expect(text).toBe('no offer fits: cpus 2 needed, 1 there (b, the nearest of 2)');
  });

  it('tells no agents, small agents and busy agents apart', () => {
    const needs = resources('cpus:2');
    const explain = (value: MasterResponseGetAgents) => explainSilence({ ok: true, value }, needs);
    expect(explain({})).toBe('no agent is registered with the master');
    expect(explain(agents(['a', 'cpus:1', '']))).toBe('no agent is large enough: cpus 2 needed, 1 there (a)');
    expect(explain(agents(['a', 'cpus:4', 'cpus:3']))).toBe('resources are in use: cpus 2 needed, 1 there (a)');
    expect(explain(agents(['a', 'cpus:4', '']))).toBe('enough is free; waiting for the master to offer it');
  });
});
