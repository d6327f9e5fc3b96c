import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemDisk } from '@mesolite/daemon';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formerAgent } from '../src/host/former-agent.ts';

describe('what a former agent left', () => {
  let directory: string;
  const disk = new SystemDisk();
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'agent-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('is nothing in a fresh directory', async () => {
    expect(await formerAgent(directory, disk)).toBeUndefined();
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
    expect(await formerAgent(directory, disk)).toEqual({ agentId: 'M-S7', openRuns: 1 });
  });

  it('is no obstacle when its directory is gone', async () => {
    await mkdir(join(directory, 'meta/slaves'), { recursive: true });
    await symlink(join(directory, 'nowhere/M-S7'), join(directory, 'meta/slaves/latest'));
    expect(await formerAgent(directory, disk)).toEqual({ agentId: 'M-S7', openRuns: 0 });
  });
});
