import { describe, expect, it } from 'vitest';
import { parseResources, parseThresholds, Resources, reachesThreshold } from '../src/index.ts';

function parsed(text: string): string[] | string {
  const thresholds = parseThresholds(text);
  return thresholds.ok ? thresholds.value.map((one) => one.toString()) : thresholds.error;
}

describe('thresholds', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['|', []],
    ['cpus:0.01|mem:32', ['cpus:0.01', 'mem:32']],
    [' cpus:1 ; mem:32 | ports:10 ', ['cpus:1; mem:32', 'ports:10']],
    ['cpus:1;cpus:1', ['cpus:2']],
    // Whatever is there, this is met.
    ['cpus:0', ['{}']],
  ])('of %j', (text, thresholds) => {
    expect(parsed(text)).toEqual(thresholds);
  });

  it.each([
    ['cpus', "Failed to parse 'cpus': missing or extra ':'"],
    ['cpus:1| ', "Failed to parse ' ': missing or extra ':'"],
    ['cpus:x', "Failed to parse 'x' to quantity: only scalar values are allowed"],
    ['ports:[31000-31009]', "Failed to parse '[31000-31009]' to quantity: only scalar values are allowed"],
    ['mem:32|racks:{a}', "Failed to parse '{a}' to quantity: only scalar values are allowed"],
  ])('are not of %j', (text, error) => {
    expect(parsed(text)).toBe(error);
  });

  it.each<[string, string, boolean]>([
    ['cpus:0.01|mem:32', 'cpus:0.005;mem:31', false],
    ['cpus:0.01|mem:32', 'cpus:0.005;mem:32', true],
    ['cpus:1;mem:32', 'cpus:1', false],
    ['ports:10', 'ports:[1-9]', false],
    ['ports:10', 'ports:[1-5,11-15]', true],
    ['cpus:2.007', 'cpus:2.007', true],
    ['', 'cpus:0.001', true],
  ])('%j: is %j worth an offer? %j', (text, free, worth) => {
    const resources = parseResources(free, '*');
    const thresholds = parseThresholds(text);
    if (!resources.ok || !thresholds.ok) throw new Error('cannot be parsed');
    expect(reachesThreshold(Resources.from(resources.value), thresholds.value)).toBe(worth);
  });
});
