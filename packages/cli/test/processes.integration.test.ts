/** The command as users have it: daemons in processes of their own, clients that are killed, Ctrl-C. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MasterClient } from '@mesolite/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandProcess, freePort } from './command-process.ts';

let directory: string;
const started: CommandProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mesolite-processes-'));
});

afterEach(async () => {
  for (const command of started.splice(0).reverse()) await command.stop();
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
});

function start(...args: string[]): CommandProcess {
  const command = new CommandProcess(args);
  started.push(command);
  return command;
}

async function daemon(program: 'master' | 'agent', name: string, flags: readonly string[]): Promise<string> {
  const port = await freePort();
  const own = [`--ip=127.0.0.1`, `--port=${port}`, `--work_dir=${join(directory, name)}`];
  mkdirSync(join(directory, 'nothing'), { recursive: true });
  const command = start(program, ...own, `--config_root=${join(directory, 'nothing')}`, ...flags);
  await command.until(async () => {
    const response = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
    return response?.ok === true;
  });
  return `127.0.0.1:${port}`;
}

async function clusterOfTwo(): Promise<string> {
  const master = await daemon('master', 'master', []);
  for (const name of ['one', 'two'])
    await daemon('agent', name, [
      `--master=${master}`,
      `--runtime_dir=${join(directory, name, 'runtime')}`,
      '--resources=cpus:2;mem:1024;disk:1024',
      '--registration_backoff_factor=1ms',
    ]);
  return master;
}

/** Command lines of processes that mention `text`, ours excepted. */
function processesMentioning(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes(text));
}

describe('a master and two agents', () => {
  it('run a task whose output and exit status are those of execute', async () => {
    const master = await clusterOfTwo();
    const execute = start('execute', `--master=${master}`, '--name=x', '--command=echo hi; exit 3');
    expect([await execute.ended, execute.out]).toEqual([3, 'hi\n']);
  });

  it('tear down the framework of a client that was killed', async () => {
    const master = await clusterOfTwo();
    const mark = `sleep 98${process.pid}`;
    const execute = start('execute', `--master=${master}`, `--command=echo up; ${mark}`);
    await execute.until(() => execute.out === 'up\n');
    expect(await execute.stop('SIGKILL')).toBe('SIGKILL');
    const client = new MasterClient(master);
    await execute.until(async () => {
      const frameworks = await client.getFrameworks();
      return frameworks.ok && (frameworks.value.frameworks ?? []).length === 0;
    });
    await execute.until(() => processesMentioning(mark).length === 0);
    await client.close();
  });
});

describe('local --demo', () => {
  it('shows a first task to its end, and leaves nothing behind on Ctrl-C', async () => {
    const [port, agentPort] = [await freePort(), await freePort()];
    const local = start('local', '--demo', `--port=${port}`, `--agent_port=${agentPort}`, `--work_dir=${directory}`);
    await local.until(() => local.out.includes('Ctrl-C ends the cluster'));
    expect(local.out).toMatch(/TASK_STARTING[\s\S]*TASK_RUNNING[\s\S]*TASK_FINISHED/);
    const output = /its output lies in (\S+)/.exec(local.out)?.[1];
    expect(readFileSync(output ?? '', 'utf8')).toMatch(/^Hello from first-task.*\nDone\.\n$/);
    for (const daemonPort of [port, agentPort])
      expect((await fetch(`http://127.0.0.1:${daemonPort}/state`)).status).toBe(200);
    const mark = `sleep 97${process.pid}`;
    const execute = start('execute', `--master=127.0.0.1:${port}`, `--command=echo up; ${mark}`);
    await execute.until(() => execute.out === 'up\n');
    expect(await local.stop('SIGINT')).toBe(0);
    // Told that its framework was removed, or still looking for the master when nobody was left to tell it.
    await execute.stop('SIGKILL');
    // The agent's watchdog looks once a second whether anything is left for it.
    await local.until(() => processesMentioning(directory).length + processesMentioning(mark).length === 0);
  });

  it('says that a port is taken', async () => {
    const port = await freePort();
    const first = start('local', `--port=${port}`, '--agent_port=0', `--work_dir=${directory}`);
    await first.until(() => first.out.includes('Ctrl-C ends the cluster'));
    const second = start('local', `--port=${port}`);
    expect(await second.ended).toBe(1);
    expect(second.err).toContain(`port ${port} of 127.0.0.1, meant for the master, is in use`);
  });
});
