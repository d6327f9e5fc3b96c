/** Launches, signals and destructions in any order and at any moment: every container ends once, nothing is left. */
import { seededRandom } from '@mesolite/base';
import { afterAll, describe, expect, it } from 'vitest';
import type { ContainerSignal } from '../src/index.ts';
import { createPosixContainerizer } from '../src/index.ts';
import { ContainerMarks, readProcessTable } from '../src/posix/process-table.ts';
import { workplace } from './workplace.ts';

const place = workplace();
afterAll(() => place.remove());

const COMMANDS = [
  'exit 0',
  'exec sleep 1000',
  'sleep 0.05; exit 9',
  'setsid sleep 1000 & sleep 1000',
  "trap '' TERM; sleep 1000 & wait",
  'sleep 1000 & exit 1',
];
const SIGNALS: readonly ContainerSignal[] = ['SIGTERM', 'SIGKILL', 'SIGSTOP', 'SIGCONT', 'SIGUSR1'];

describe('a storm', () => {
  it.each([1, 2, 3])('of seed %i leaves nothing behind', async (seed) => {
    const random = seededRandom(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)]!;
    const containerizer = createPosixContainerizer();
    const pause = () => new Promise((resolve) => setTimeout(resolve, random.next() * 30));
    const lives = Array.from({ length: 25 }, async (_, index) => {
      const spec = place.spec(`storm-${seed}-${index}`, pick(COMMANDS));
      await pause();
      const launching = containerizer.launch(spec);
      for (let times = Math.floor(random.next() * 4); times > 0; times--) {
        await pause();
        containerizer.kill(spec.containerId, pick(SIGNALS));
      }
      const ending = containerizer.wait(spec.containerId);
      await pause();
      await Promise.all([containerizer.destroy(spec.containerId), launching]);
      const [first, again] = await Promise.all([ending, containerizer.wait(spec.containerId)]);
      expect(again).toEqual(first);
    });
    await Promise.all(lives);
    expect(containerizer.containers()).toEqual([]);
    const marks = new ContainerMarks();
    const left = [...(await readProcessTable()).values()].filter((stat) => marks.of(stat)?.startsWith(place.root));
    expect(left).toEqual([]);
    await containerizer.close();
  });
});
