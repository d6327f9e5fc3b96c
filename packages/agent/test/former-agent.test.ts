import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentId } from '@mesolite/base';
import { SystemDisk } from '@mesolite/daemon';
import { silentLog } from '@mesolite/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AgentIdentity, type FormerAgent, formerAgent, formerSelf } from '../src/host/former-agent.ts';
import { resources } from './tasks.ts';

const NOTHING = { info: undefined, operations: { ok: true, value: { operations: [], discard: [] } } };

describe('what a former agent left', () => {
  let directory: string;
  const disk = new SystemDisk();
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'agent-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('is nothing in a fresh directory', async () => {
    expect(await formerAgent(directory, [], disk, silentLog)).toBeUndefined();
  });

  it('is its id, and the runs whose end nobody recorded', async () => {
    const agent = join(directory, 'meta/slaves/M-S7');
    for (const id of ['open', 'ended']) {
      const runs = join(agent, 'frameworks/F/executors', id, 'runs');
      await mkdir(join(runs, 'c1'), { recursive: true });
      await symlink(join(runs, 'c1'), join(runs, 'latest'));
    }
    await writeFile(join(agent, 'frameworks/F/executors/ended/runs/c1/executor.sentinel'), '');
    await symlink(agent, join(directory, 'meta/slaves/latest'));
    expect(await formerAgent(directory, [], disk, silentLog)).toEqual({ agentId: 'M-S7', ...NOTHING, openRuns: 1 });
  });

  it('is no obstacle when its directory is gone', async () => {
    await mkdir(join(directory, 'meta/slaves'), { recursive: true });
    await symlink(join(directory, 'nowhere/M-S7'), join(directory, 'meta/slaves/latest'));
    expect(await formerAgent(directory, [], disk, silentLog)).toEqual({ agentId: 'M-S7', ...NOTHING, openRuns: 0 });
  });
});

describe('a restarted agent', () => {
  const offered = resources(4, 1024).map(({ allocation_info: _role, ...resource }) => resource);
  const now: AgentIdentity = {
    hostname: 'h',
    port: 5051,
    resources: offered,
    attributes: [
      { name: 'rack', type: 'TEXT', text: { value: 'a' } },
      { name: 'os', type: 'TEXT', text: { value: 'b' } },
    ],
  };
  const former: FormerAgent = {
    agentId: 'M-S7' as AgentId,
    openRuns: 0,
    info: { ...now, id: { value: 'M-S7' }, resources: [...offered], attributes: [...now.attributes].reverse() },
    operations: { ok: true, value: { operations: [], discard: ['old'] } },
  };
  const continued = (changes: Partial<FormerAgent>, as: Partial<AgentIdentity> = {}): [unknown, string] => {
    const lines: string[] = [];
    const log = { ...silentLog, warning: (text: string) => void lines.push(text) };
    const result = formerSelf({ ...former, ...changes }, { ...now, ...as }, log);
    return [result.ok ? result.value?.agentId : result.error, lines.join()];
  };

  it('goes on as the same one when nothing of it runs and nothing has changed', () => {
    expect(continued({})).toEqual(['M-S7', '']);
    expect(formerSelf(undefined, now, silentLog)).toEqual({ ok: true, value: undefined });
  });

  it('does not start when the records of its operations are spoiled', () => {
    expect(continued({ operations: { ok: false, error: 'spoiled' } })).toEqual(['spoiled', '']);
  });

  it.each<[string, Partial<FormerAgent>, Partial<AgentIdentity>]>([
    ['2 of its executors', { openRuns: 2 }, {}],
    ["cannot be read in its 'slave.info'", { info: undefined }, {}],
    ['Its hostname was h and is i', {}, { hostname: 'i' }],
    ['Its port was 5051 and is 5052', {}, { port: 5052 }],
    ['Its resources were cpus:4; mem:1024 and are {}', {}, { resources: [] }],
    ['Its attributes were', {}, { attributes: [] }],
    ['Its domain was none and is {', {}, { domain: { fault_domain: { region: { name: 'r' }, zone: { name: 'z' } } } }],
  ])('is a new one otherwise: %s', (why, changes, as) => {
    const [agentId, text] = continued(changes, as);
    expect(agentId).toBeUndefined();
    expect(text).toContain(why);
    // Spoiled records of the former are nobody's trouble then.
    expect(continued({ ...changes, operations: { ok: false, error: 'spoiled' } }, as)[0]).toBeUndefined();
  });
});
