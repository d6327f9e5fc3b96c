/** "Why is my task not running?", asked on the command line of a cluster of real processes. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MasterClient } from '@mesolite/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandProcess, freePort } from './command-process.ts';
import { LiveFramework, type LiveOptions, sleeper, until } from './live-framework.ts';

let directory: string;
const started: CommandProcess[] = [];
const frameworks: LiveFramework[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mesolite-explain-'));
});

afterEach(async () => {
  for (const one of frameworks.splice(0)) await one.close();
  for (const command of started.splice(0).reverse()) await command.stop();
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
});

async function daemon(program: 'master' | 'agent', name: string, flags: readonly string[]): Promise<string> {
  const port = await freePort();
  const nothing = join(directory, 'nothing');
  mkdirSync(nothing, { recursive: true });
  const own = ['--ip=127.0.0.1', `--port=${port}`, `--work_dir=${join(directory, name)}`, `--config_root=${nothing}`];
  const command = new CommandProcess([program, ...own, ...flags]);
  started.push(command);
  await command.until(async () => {
    const response = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
    return response?.ok === true;
  });
  return `127.0.0.1:${port}`;
}

function master(...flags: string[]): Promise<string> {
  return daemon('master', 'master', ['--allocation_interval=100ms', ...flags]);
}

async function agent(at: string, name: string, resources = 'cpus:2;mem:1024;disk:1024'): Promise<void> {
  await daemon('agent', name, [
    `--master=${at}`,
    `--hostname=${name}`,
    `--runtime_dir=${join(directory, name, 'runtime')}`,
    `--resources=${resources}`,
    '--registration_backoff_factor=1ms',
  ]);
  const client = new MasterClient(at);
  await until(`${name} is registered`, async () => {
    const agents = await client.getAgents();
    return agents.ok && (agents.value.agents ?? []).some(({ agent_info: info }) => info.hostname === name);
  });
  await client.close();
}

async function framework(at: string, name: string, options: LiveOptions = {}): Promise<LiveFramework> {
  const live = await LiveFramework.subscribe(at, name, options);
  frameworks.push(live);
  return live;
}

async function mesolite(...args: string[]): Promise<{ code: number | string; out: string; err: string }> {
  const command = new CommandProcess(args);
  started.push(command);
  const code = await command.ended;
  return { code, out: command.out, err: command.err };
}

/** The lines of what `mesolite explain` prints; the first one is the verdict. */
async function explain(at: string, ...args: string[]): Promise<string[]> {
  const { code, out, err } = await mesolite('explain', `--master=${at}`, ...args);
  expect([code, err]).toEqual([0, '']);
  return out.split('\n');
}

describe('mesolite explain', () => {
  it('says what is too large, who uses the agents, and that room is there', async () => {
    const at = await master();
    expect((await explain(at, '--cpus=1'))[0]).toBe('Not running because no agent is registered.');
    await agent(at, 'h1');
    await agent(at, 'h2', 'cpus:4;mem:512;disk:512');
    const large = await explain(at, '--cpus=8', '--mem=64');
    expect(large[0]).toBe(
      'Not running because 2 of 2 agents are too small for it (h2: has cpus 4, mem 512; missing cpus 4).',
    );
    expect(large.join('\n')).toMatch(/REASON +AGENTS +THEY ARE\ntoo-small +2 +too small for it\n/);
    expect(large.slice(-3).join('\n')).toBe('What can be done:\n  Ask for less, or add larger agents.\n');
    expect((await explain(at, '--cpus=2'))[0]).toBe('It would fit: 2 of 2 agents have room for it now.');

    const batch = await framework(at, 'batch');
    await until('batch has both agents', () => batch.offers.size === 2);
    for (const [i, offer] of [...batch.offers.values()].entries())
      await batch.launch(
        offer,
        [
          sleeper(
            `t${i}`,
            (offer.resources ?? []).filter(({ name }) => name !== 'ports'),
          ),
        ],
        3600,
      );
    await batch.untilAll('TASK_RUNNING', 2);
    await framework(at, 'web');
    const used = await explain(at, 'web', '--cpus=1', '--mem=64');
    expect(used[0]).toMatch(
      /^Not running because 2 of 2 agents are in use by tasks \(h\d: used by batch \(1 task: cpus /,
    );
    expect((await explain(at, '--cpus=1'))[0]).toMatch(/^Not running because 2 of 2 agents are in use by tasks/);
  });

  it('says whose offers hold the agents since when, and offers lists them', async () => {
    const at = await master();
    expect((await mesolite('offers', `--master=${at}`)).out).toBe('no offers are out\n');
    await agent(at, 'h1');
    const hoarder = await framework(at, 'hoarder');
    await until('the hoarder has its offer', () => hoarder.offers.size === 1);
    const web = await framework(at, 'web');
    const [offerId] = hoarder.offers.keys();
    const held = await explain(at, web.id);
    expect(held[0]).toContain(
      `1 of 1 agent is in offers to other frameworks (h1: held by offer ${offerId} to framework hoarder`,
    );
    expect(held.join('\n')).toContain('mesolite offers shows who holds them');
    const { out } = await mesolite('offers', `--master=${at}`);
    expect(out).toMatch(/^FRAMEWORK +ID +OFFERS +CPUS +MEM +SHARE +OLDEST\nhoarder +\S+ +1 +2 +1024 +100% +\d+s\n/);
    expect(out).toContain(`${offerId}  hoarder    *     h1    2     1024  `);
    const json = JSON.parse((await mesolite('offers', `--master=${at}`, 'hoarder', '--json')).out) as { total: number };
    expect(json.total).toBe(1);
    expect((await mesolite('offers', `--master=${at}`, 'web')).out).toBe('no offers are out\n');
  });

  it('takes offers back that are hoarded', async () => {
    const at = await master('--offer_timeout=500ms');
    await agent(at, 'h1');
    const hoarder = await framework(at, 'hoarder');
    await until('the hoarder has its offer', () => hoarder.offers.size === 1);
    const web = await framework(at, 'web');
    await until('the other one has it', () => web.offers.size === 1);
  });

  it('says until when the framework filtered agents by which decline, and that it suppressed offers', async () => {
    const at = await master();
    await agent(at, 'h1');
    const web = await framework(at, 'web');
    await until('web has its offer', () => web.offers.size === 1);
    const [offerId] = web.offers.keys();
    await web.decline(600);
    const refused = async () => (await explain(at, 'web', '--cpus=1', '--mem=64'))[0]!;
    await until('the refusal is in force', async () => (await refused()).includes('refused by the framework itself'));
    expect(await refused()).toMatch(
      new RegExp(
        `^Not running because 1 of 1 agent is refused by the framework itself \\(h1: filtered until \\S+Z by its decline of offer ${offerId} ` +
          'at \\S+Z \\(refuse_seconds 600\\)\\)\\.$',
      ),
    );
    const answer = JSON.parse((await mesolite('explain', `--master=${at}`, 'web', '--json')).out) as {
      agents: { refused_until: number; declined: { offer_id: string; at: number; refuse_seconds: number } }[];
    };
    const [row] = answer.agents;
    expect(row?.declined).toMatchObject({ offer_id: offerId, refuse_seconds: 600 });
    expect(row!.refused_until - row!.declined.at).toBeCloseTo(600, 0);
    await web.suppress();
    await until('the role is suppressed', async () => (await explain(at, 'web'))[0]!.includes('suppressed'));
    expect((await explain(at, 'web'))[0]).toBe('Not running because it has suppressed offers for role *.');
  });

  it('says that the quota limit is reached, and what is reserved for others', async () => {
    const at = await master();
    await agent(at, 'h1');
    await agent(at, 'h2', 'cpus(db):2;mem(db):512;disk(db):512');
    const client = new MasterClient(at);
    const limits = { cpus: { value: 0.5 }, mem: { value: 64 } };
    const set = await client.updateQuota([{ role: 'web', limits }], { force: true });
    expect(set.ok).toBe(true);
    await client.close();
    const web = await framework(at, 'web', { roles: ['web'] });
    const lines = await explain(at, 'web', '--cpus=1', '--mem=64');
    expect(lines[0]).toContain(
      '1 of 2 agents is kept from it by the quota limit of its role (h1: role web may still get ',
    );
    expect(lines[0]).toContain('; 1 is reserved for other roles.');
    // The offer that it gets, and another framework does not, is cut to the limit: offers are not the reason.
    await until('web has its offer', () => web.offers.size === 1);
    await framework(at, 'late', { roles: ['web'] });
    for (const name of ['web', 'late']) {
      const [verdict] = await explain(at, name, '--cpus=1', '--mem=10');
      expect(verdict).toContain(
        '1 of 2 agents is kept from it by the quota limit of its role (h1: role web may still get ',
      );
      expect(verdict).toContain('cpus 0.5, mem 64 within its limit, with what is in offers of this agent)');
    }
    expect((await explain(at, 'web', '--cpus=0.5', '--mem=64'))[0]).toContain('offered to it already');
  });

  it('refuses what it cannot answer, by name', async () => {
    const at = await master();
    const nobody = await mesolite('explain', `--master=${at}`, 'nobody');
    expect([nobody.code, nobody.err]).toEqual([1, "error: No framework is known by the id or name 'nobody'\n"]);
    const nothing = await mesolite('explain', `--master=${at}`);
    expect(nothing.code).toBe(2);
    expect(nothing.err).toContain('say for whom: a framework, or a size such as --cpus=1 --mem=64');
    const many = await mesolite('explain', `--master=${at}`, '--cpus=many');
    expect(many.code).toBe(2);
    expect(many.err).toContain("option '--cpus <number>' argument 'many' is invalid");
    const response = await fetch(`http://${at}/api/v2/explain?cpus=1`, { method: 'POST' });
    expect(response.status).toBe(405);
    const bad = await fetch(`http://${at}/master/api/v2/explain?cpus=x`);
    expect([bad.status, await bad.text()]).toEqual([
      400,
      "Invalid 'cpus' query parameter 'x': expecting a number from 0 to 9007199254740",
    ]);
  });
});
