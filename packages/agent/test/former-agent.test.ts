/** Who a starting agent is: the one before it, a new one, or nobody. */
import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentId } from '@mesolite/base';
import { SystemDisk } from '@mesolite/daemon';
import { silentLog } from '@mesolite/ports';
import type { Attribute, DomainInfo, Resource } from '@mesolite/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { successor } from '../src/host/former-agent.ts';
import { type AgentIdentity, incompatibility } from '../src/host/recovery/compatibility.ts';
import { findRemains, type RecoveryOptions, takeOver } from '../src/host/recovery/recover-agent.ts';
import { CoreHarness } from './core-harness.ts';
import { resources } from './tasks.ts';
import { BOOT_ID, WrittenTree } from './written-tree.ts';

const plain = (cpus: number, mem: number): Resource[] =>
  resources(cpus, mem).map(({ allocation_info: _role, ...resource }) => resource);
const ports = (begin: number, end: number): Resource => ({
  name: 'ports',
  type: 'RANGES',
  ranges: { range: [{ begin, end }] },
});
const text = (name: string, value: string): Attribute => ({ name, type: 'TEXT', text: { value } });
const range = (name: string, begin: number, end: number): Attribute => ({
  name,
  type: 'RANGES',
  ranges: { range: [{ begin, end }] },
});
const domain = (zone: string): DomainInfo => ({ fault_domain: { region: { name: 'r' }, zone: { name: zone } } });

const before: AgentIdentity = {
  hostname: 'h',
  port: 5051,
  resources: [...plain(4, 1024), ports(100, 200)],
  attributes: [text('rack', 'a'), range('r', 1, 5)],
};
const info = (more: Partial<AgentIdentity> = {}) => {
  const all = { ...before, ...more };
  return { ...all, id: { value: 'M-S0' }, resources: [...all.resources], attributes: [...all.attributes] };
};

describe('a changed configuration', () => {
  it.each<[string, Partial<AgentIdentity>]>([
    ['nothing', {}],
    ['the order of attributes', { attributes: [...before.attributes].reverse() }],
    ['the order of resources', { resources: [...before.resources].reverse() }],
  ])('is none under either policy: %s', (_what, change) => {
    expect(incompatibility(info(), { ...before, ...change }, 'equal')).toBeUndefined();
    expect(incompatibility(info(), { ...before, ...change }, 'additive')).toBeUndefined();
  });

  it.each<[string, Partial<AgentIdentity>]>([
    ['Resources changed from', { resources: [...plain(8, 1024), ports(100, 200)] }],
    ['Resources changed from', { resources: [...plain(4, 1024), ports(50, 300)] }],
    ['Attributes changed from', { attributes: [...before.attributes, text('new', 'x')] }],
    ['Attributes changed from', { attributes: [text('rack', 'a'), range('r', 1, 9)] }],
    ['Domain changed from none to', { domain: domain('z') }],
  ])('that adds is allowed by additive, not by equal: %s', (why, change) => {
    expect(incompatibility(info(), { ...before, ...change }, 'equal')).toContain(
      `Incompatible agent info detected: ${why}`,
    );
    expect(incompatibility(info(), { ...before, ...change }, 'additive')).toBeUndefined();
  });

  it.each<[string, Partial<AgentIdentity>, Partial<AgentIdentity>?]>([
    ['Hostname changed from h to i', { hostname: 'i' }],
    ['Port changed from 5051 to 5052', { port: 5052 }],
    ['Resources decreased', { resources: [...plain(3, 1024), ports(100, 200)] }],
    ['Resources decreased', { resources: [...plain(8, 2048), ports(100, 150)] }],
    ["Couldn't find attribute", { attributes: [range('r', 1, 5)] }],
    ["Value of attribute 'rack' changed", { attributes: [text('rack', 'b'), range('r', 1, 5)] }],
    ["Type of attribute 'r' changed from RANGES to TEXT", { attributes: [text('rack', 'a'), text('r', '1')] }],
    ["Previous value of ranges attribute 'r'", { attributes: [text('rack', 'a'), range('r', 2, 9)] }],
    ['Domain changed from', { domain: domain('y') }, { domain: domain('z') }],
  ])('that takes away is allowed by neither: %s', (why, change, was = {}) => {
    expect(incompatibility(info(was), { ...before, ...was, ...change }, 'equal')).toBeDefined();
    const obstacle = incompatibility(info(was), { ...before, ...was, ...change }, 'additive');
    expect(obstacle).toContain("Configuration change not permitted under 'additive' policy");
    expect(obstacle).toContain(why);
  });
});

describe('a starting agent', () => {
  const former = { agentId: 'M-S0' as AgentId, info: info(), frameworks: [], garbage: [], rebooted: false, errors: 0 };

  it('is the former one, a new one, or refuses', () => {
    expect(successor({ rebooted: false, former: undefined }, before, 'equal', silentLog)).toEqual({
      ok: true,
      value: undefined,
    });
    expect(successor({ rebooted: false, former }, before, 'equal', silentLog)).toEqual({ ok: true, value: former });
    expect(successor({ rebooted: false, former }, { ...before, port: 1 }, 'equal', silentLog)).toMatchObject({
      ok: false,
    });
    expect(successor({ rebooted: true, former }, { ...before, port: 1 }, 'equal', silentLog)).toEqual({
      ok: true,
      value: undefined,
    });
    expect(successor({ rebooted: true, former }, before, 'equal', silentLog)).toEqual({ ok: true, value: former });
  });

  describe('on a work directory', () => {
    let tree: WrittenTree;
    const offered = new CoreHarness().core.options;
    const identity: AgentIdentity = offered;
    beforeEach(() => {
      tree = new WrittenTree();
      tree.registered();
    });
    afterEach(() => tree.remove());
    const options = (more: Partial<RecoveryOptions> = {}): RecoveryOptions => ({
      workDirectory: tree.directory,
      disk: new SystemDisk(),
      log: silentLog,
      strict: true,
      policy: 'equal',
      bootId: BOOT_ID,
      nowMs: Date.now(),
      ...more,
    });
    const start = async (now = identity, more: Partial<RecoveryOptions> = {}) => {
      await tree.read();
      const remains = await findRemains(options(more), now.resources);
      return remains.ok ? takeOver(options(more), remains.value, now) : remains;
    };
    const latest = (): Promise<string> => readlink(join(tree.directory, 'meta/slaves/latest'));

    it('goes on with what is there', async () => {
      const taken = await start();
      expect(taken).toMatchObject({
        ok: true,
        value: {
          former: { agentId: 'M-S0', operations: [] },
          started: { recovered: { agentId: 'M-S0' }, abandoned: [] },
        },
      });
    });

    const grown: AgentIdentity = {
      ...identity,
      attributes: [{ name: 'rack', type: 'TEXT', text: { value: 'a' } }],
    };

    it('names the policy only where it would help', async () => {
      const told = async (now: AgentIdentity, more: Partial<RecoveryOptions> = {}): Promise<string> => {
        const refused = await start(now, more);
        return refused.ok ? '' : refused.error;
      };
      const forbidden = await told({ ...identity, port: 1 });
      expect(forbidden).toContain('To keep the agent and its tasks, undo the change.');
      expect(forbidden).not.toContain('--reconfiguration_policy');
      const additive = await told({ ...grown, resources: [] }, { policy: 'additive' });
      expect(additive).toContain('To keep the agent and its tasks, undo the change.');
      expect(additive).not.toContain('--reconfiguration_policy');
      expect(await told(grown)).toContain('--reconfiguration_policy=additive keeps the agent and its tasks.');
      expect((await start(grown, { policy: 'additive' })).ok).toBe(true);
    });

    it('refuses an incompatible change, says the ways out, and changes nothing', async () => {
      await tree.read();
      const files = tree.snapshot();
      const refused = await start({ ...identity, port: 1 });
      const told = refused.ok ? '' : refused.error;
      expect(told).toContain(
        'Failed to perform recovery: Incompatible agent info detected: Port changed from 5051 to 1',
      );
      expect(told).toContain(`rm -f ${join(tree.directory, 'meta/slaves/latest')}`);
      expect(tree.snapshot()).toEqual(files);
      expect(await latest()).toContain('M-S0');
    });

    it('says the ways out of a spoiled file', async () => {
      await tree.read();
      await new SystemDisk().writeAtomic(tree.path('slave.info'), Buffer.from([9]));
      const refused = await start();
      const told = refused.ok ? '' : refused.error;
      expect(told).toContain(`'${tree.path('slave.info')}'`);
      expect(told).toContain('--no-strict');
      expect(told).toContain('rm -f ');
    });

    it('is a new one after a reboot with an incompatible change, and the old directories can go', async () => {
      const taken = await start({ ...identity, port: 1 }, { bootId: 'boot-2' });
      expect(taken).toMatchObject({ ok: true, value: { former: undefined } });
      expect(taken.ok && taken.value.started.recovered).toBeUndefined();
      expect(taken.ok && taken.value.started.abandoned).toEqual([tree.path()]);
      await expect(latest()).rejects.toThrow('ENOENT');
    });
  });
});
