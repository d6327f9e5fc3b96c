/** The client commands against a real master and a real agent in this process. */
import { must } from '@mesolite/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../src/command-line.ts';
import { LocalCluster } from '../src/daemons/local-cluster.ts';
import { recordedTerminal, screenOf } from './recorded-terminal.ts';

let cluster: LocalCluster;

beforeAll(async () => {
  const started = await LocalCluster.start({ resources: 'cpus:4;mem:4096;disk:1024;ports:[31000-31009]' });
  if (!started.ok) throw new Error(started.error);
  cluster = started.value;
});

afterAll(async () => {
  await cluster?.stop();
});

async function mesolite(...argv: string[]) {
  const terminal = recordedTerminal();
  const code = await run([argv[0]!, `--master=${cluster.master}`, ...argv.slice(1)], terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

/** Waits for a condition, with a deadline. */
async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((wake) => setTimeout(wake, 10));
  }
}

describe('execute', () => {
  it('prints the output of the task and exits with its status', async () => {
    const { code, out, err } = await mesolite('execute', '--name=x', '--command=echo hi; echo oops >&2; exit 3');
    expect(out).toBe('hi\n');
    expect(code).toBe(3);
    expect(err).toContain('oops\n');
    expect(err).toMatch(/TASK_STARTING\nTASK_RUNNING\n/);
    expect(err).toContain('TASK_FAILED  Command exited with status 3');
  });

  it('reads output to its end, however long', async () => {
    const { code, out } = await mesolite('execute', '--quiet', '--command=seq 1 60000');
    expect(code).toBe(0);
    expect(out.split('\n')).toHaveLength(60_001);
    expect(out.endsWith('59999\n60000\n')).toBe(true);
  });

  it('answers 128 and the number of a signal', async () => {
    expect((await mesolite('execute', '--quiet', '--command=kill -9 $$')).code).toBe(137);
  });

  it('hands over environment, user and arguments, in JSON too', async () => {
    const { code, out } = await mesolite(
      'execute',
      '--content_type=json',
      '--json',
      '--no-shell',
      '--command=printenv GREETING',
      '--env={"GREETING": "good day"}',
    );
    expect(code).toBe(0);
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; data?: string });
    expect(events.map(({ kind }) => kind)).toContain('launched');
    expect(events.filter(({ kind }) => kind === 'output').map(({ data }) => data)).toEqual(['good day\n']);
  });

  it('kills the task after a while when told to', async () => {
    const { code, err } = await mesolite('execute', '--kill_after=200ms', '--command=sleep 1000');
    expect(err).toContain('TASK_KILLED');
    expect(code).toBe(143);
  });

  it('kills the task on Ctrl-C', async () => {
    const terminal = recordedTerminal();
    const running = run(['execute', `--master=${cluster.master}`, '--command=echo up; sleep 1000'], terminal);
    await until(() => terminal.out().includes('up'));
    terminal.press();
    expect(await running).toBe(130);
    expect(terminal.err()).toContain('TASK_KILLED');
  });

  it('says why it waits, and ends on Ctrl-C without having launched', async () => {
    const terminal = recordedTerminal();
    const running = run(
      ['execute', `--master=${cluster.master}`, '--command=true', '--resources=cpus:64;mem:32;ports:[40000-40001]'],
      terminal,
    );
    await until(() => terminal.err().includes('needed'));
    expect(terminal.err()).toContain('cpus 64 needed, 4 there; ports [40000-40001] needed, [31000-31009] there');
    terminal.press();
    expect(await running).toBe(130);
  });

  it('takes a whole task', async () => {
    const task = {
      name: 'whole',
      task_id: { value: 'whole-1' },
      resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } }],
      command: { value: 'echo whole' },
    };
    const { code, out } = await mesolite('execute', '--quiet', `--task=${JSON.stringify(task)}`);
    expect([code, out]).toEqual([0, 'whole\n']);
  });

  it('shows the reason of a task the master refuses', async () => {
    const { code, err } = await mesolite(
      'execute',
      '--task={"name":"n","task_id":{"value":"n"},"resources":[{"name":"cpus","type":"SCALAR","scalar":{"value":0.1}}]}',
    );
    expect(code).toBe(1);
    expect(err).toContain('TASK_ERROR');
  });
});

describe('ps, cat and tail', () => {
  it('list tasks and show their files', async () => {
    await mesolite('execute', '--quiet', '--name=letters', '--command=printf "a\\nb\\nc\\n"; echo e >&2');
    expect((await mesolite('ps', '--all')).out).toMatch(/letters +FINISHED +mesolite execute/);
    const rows = JSON.parse((await mesolite('ps', '--all', '--json')).out) as { id: string; state: string }[];
    expect(rows.find(({ id }) => id === 'letters')?.state).toBe('TASK_FINISHED');
    expect((await mesolite('cat', 'letters')).out).toBe('a\nb\nc\n');
    expect((await mesolite('cat', 'letters', 'stderr')).out).toBe('e\n');
    expect((await mesolite('cat', '--task=letters', '--file=stderr')).out).toBe('e\n');
    expect((await mesolite('tail', '-n', '1', 'letters')).out).toBe('c\n');
    expect((await mesolite('tail', '-f', 'letters')).out).toBe('a\nb\nc\n');
  });

  it('give a long id no more room than a screen has, and whole to programs', async () => {
    const id = `long-${'x'.repeat(250)}`;
    await mesolite('execute', '--quiet', `--name=${id}`, '--command=true');
    const screen = screenOf(recordedTerminal(), 72);
    expect(await run(['ps', '--all', `--master=${cluster.master}`], screen)).toBe(0);
    expect(screen.out()).toMatch(/^long-x+… +FINISHED/m);
    expect(
      Math.max(
        ...screen
          .out()
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(72);
    expect((await mesolite('ps', '--all')).out).toContain(`${id}  FINISHED`);
    expect((await mesolite('ps', '--all', '--json')).out).toContain(`"${id}"`);
  });

  it('say when the address is that of an agent', async () => {
    for (const argv of [['ps'], ['cat', 'letters'], ['tail', 'letters'], ['execute', '--command=true']]) {
      const terminal = recordedTerminal();
      expect(await run([argv[0]!, `--master=${cluster.agents[0]}`, ...argv.slice(1)], terminal)).toBe(1);
      expect(terminal.err()).toContain(`http://${cluster.agents[0]} is an agent, not a master`);
    }
  });

  it('say what they cannot find', async () => {
    expect(await mesolite('cat', 'nowhere')).toMatchObject({
      code: 1,
      err: expect.stringContaining("no task 'nowhere'"),
    });
    expect(await mesolite('cat', 'letters', 'nothing')).toMatchObject({
      code: 1,
      err: expect.stringContaining("no file 'nothing'"),
    });
  });

  it('tail follows a task until it ends', async () => {
    const executing = run(
      ['execute', '--quiet', `--master=${cluster.master}`, '--name=slow', '--command=echo one; sleep 2; echo two'],
      recordedTerminal(),
    );
    const terminal = recordedTerminal();
    await until(() => cluster.agents.length === 1);
    let following: Promise<number> | undefined;
    const deadline = Date.now() + 20_000;
    while (following === undefined) {
      if (Date.now() > deadline) throw new Error('the task never showed');
      const rows = JSON.parse((await mesolite('ps', '--json')).out) as { id: string; state: string }[];
      if (rows.some(({ id, state }) => id === 'slow' && state === 'TASK_RUNNING'))
        following = run(['tail', '-f', `--master=${cluster.master}`, 'slow'], terminal);
    }
    await until(() => terminal.out() === 'one\n');
    expect(await executing).toBe(0);
    expect(await must(following, 'tail')).toBe(0);
    expect(terminal.out()).toBe('one\ntwo\n');
  });
});
