/** Many containers at once: none lost, none mixed up, and what they cost. Figures are printed. */
import { readFileSync } from 'node:fs';
import type { ContainerId } from '@mesolite/base';
import { afterAll, describe, expect, it } from 'vitest';
import { createPosixContainerizer } from '../src/index.ts';
import { until, workplace } from './workplace.ts';

const place = workplace();
afterAll(() => place.remove());

describe('many containers', () => {
  it('runs 200 at once, each to its own end', async () => {
    const containerizer = createPosixContainerizer();
    const latencies: number[] = [];
    const began = performance.now();
    const ends = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const spec = place.spec(`many-${index}`, `echo ${index}; exit ${index % 100}`);
        const asked = performance.now();
        const launched = await containerizer.launch(spec);
        latencies.push(performance.now() - asked);
        expect(launched.ok).toBe(true);
        return containerizer.wait(spec.containerId);
      }),
    );
    const seconds = (performance.now() - began) / 1000;
    console.log(`200 commands at once: ${(200 / seconds).toFixed(0)} per second`);
    for (const [index, end] of ends.entries()) {
      expect(end.exitCode).toBe(index % 100);
      expect(place.read(`many-${index}`, 'stdout')).toBe(`${index}\n`);
    }
    expect(containerizer.containers()).toEqual([]);
    await containerizer.close();
  });

  it('starts one after the other within milliseconds', async () => {
    const containerizer = createPosixContainerizer();
    const times: number[] = [];
    for (let index = 0; index < 50; index++) {
      const spec = place.spec(`one-${index}`, 'true');
      const began = performance.now();
      await containerizer.launch(spec);
      times.push(performance.now() - began);
      await containerizer.wait(spec.containerId);
    }
    times.sort((a, b) => a - b);
    console.log(`launch: p50 ${times[25]?.toFixed(2)} ms, p90 ${times[45]?.toFixed(2)} ms`);
    expect(times[25]).toBeLessThan(50);
    await containerizer.close();
  });

  it('holds a running command with less than 600 KiB of its own', async () => {
    const containerizer = createPosixContainerizer();
    const count = 60;
    const supervisors: number[] = [];
    for (let index = 0; index < count; index++) {
      const launched = await containerizer.launch(place.spec(`held-${index}`, 'exec sleep 1000'));
      if (launched.ok) supervisors.push(launched.value.pid);
    }
    expect(supervisors).toHaveLength(count);
    await until(() => supervisors.every((pid) => childrenOf(pid).length === 1), 'every command runs');
    const kib = supervisors.reduce((sum, pid) => sum + proportionalKib(pid), 0) / count;
    const began = performance.now();
    const ids = containerizer.containers().map((container) => container.containerId);
    await Promise.all(ids.map((id: ContainerId) => containerizer.destroy(id)));
    console.log(
      `supervisor: ${kib.toFixed(0)} KiB each; ${count} destroyed in ${(performance.now() - began).toFixed(0)} ms`,
    );
    expect(kib).toBeLessThan(600);
    await containerizer.close();
  });
});

function childrenOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter((word) => word !== '');
}

function proportionalKib(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]);
}
