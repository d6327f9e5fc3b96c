/** Persistent volumes in real containers. */
import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ContainerVolume, createPosixContainerizer } from '../src/index.ts';
import { readIfThere, until, workplace } from './workplace.ts';

const root = process.geteuid?.() === 0;
if (!root) console.log('Skipped: running as other users needs root');

const place = workplace();
// As a work directory is: other users get through.
chmodSync(place.root, 0o755);
const containerizer = createPosixContainerizer();
afterAll(async () => {
  await containerizer.close();
  place.remove();
});

function volume(name: string, containerPath = 'data'): ContainerVolume {
  const source = join(place.root, 'volumes', name);
  mkdirSync(source, { recursive: true });
  return { source, containerPath };
}

describe('a volume', () => {
  it('is there for the command and outlives its container', async () => {
    const one = volume('kept');
    const writer = place.spec('writer', 'echo one > data/file', { volumes: [one] });
    await containerizer.launch(writer);
    expect(await containerizer.wait(writer.containerId)).toMatchObject({ exitCode: 0 });
    const reader = place.spec('reader', 'cat other/file', { volumes: [{ ...one, containerPath: 'other' }] });
    await containerizer.launch(reader);
    await containerizer.wait(reader.containerId);
    expect(place.read('reader', 'stdout')).toBe('one\n');
  });

  it('comes and goes while the container runs', async () => {
    const [first, second] = [volume('first', 'a'), volume('second', 'b')];
    const spec = place.spec('changing', 'until [ -d b ]; do sleep 0.02; done; echo late > b/file; ls', {
      volumes: [first],
    });
    await containerizer.launch(spec);
    expect(containerizer.update(spec.containerId, [], [second])).toMatchObject({ ok: true });
    expect(await containerizer.wait(spec.containerId)).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(second.source, 'file'), 'utf8')).toBe('late\n');
    expect(place.read('changing', 'stdout').split('\n')).toEqual(expect.arrayContaining(['b', 'stderr', 'stdout']));
    expect(place.read('changing', 'stdout').split('\n')).not.toContain('a');
  });

  it('whose place is taken keeps the container from starting, and from being updated', async () => {
    const launched = await containerizer.launch(place.spec('taken', 'true', { volumes: [volume('t', 'stdout')] }));
    expect(launched).toMatchObject({ ok: false, error: { message: expect.stringContaining('exists already') } });
    const spec = place.spec('taken-later', 'exec sleep 1000');
    await containerizer.launch(spec);
    expect(containerizer.update(spec.containerId, [], [volume('t', 'stdout')])).toMatchObject({ ok: false });
    await containerizer.destroy(spec.containerId);
    expect(containerizer.update(spec.containerId, [], [volume('t')])).toMatchObject({ ok: true });
  });

  it.skipIf(!root)("belongs to the container's user, but for one that others use too", async () => {
    const shared = volume('shared');
    const first = place.spec('first-user', 'echo mine > data/file && exec sleep 1000', {
      user: 'nobody',
      volumes: [shared],
    });
    await containerizer.launch(first);
    await until(() => readIfThere(join(shared.source, 'file')), 'nobody writes into the volume');
    const nobody = statSync(shared.source).uid;
    expect(nobody).not.toBe(0);
    const second = place.spec('second-user', 'echo theirs > data/other', { user: 'daemon', volumes: [shared] });
    await containerizer.launch(second);
    expect(await containerizer.wait(second.containerId)).not.toMatchObject({ exitCode: 0 });
    expect(statSync(shared.source).uid).toBe(nobody);
    await containerizer.destroy(first.containerId);
    const third = place.spec('third-user', 'echo theirs > data/other', { user: 'daemon', volumes: [shared] });
    await containerizer.launch(third);
    expect(await containerizer.wait(third.containerId)).toMatchObject({ exitCode: 0 });
  });
});
