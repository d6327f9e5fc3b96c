/** What operators changed on a stock cluster, asked again of a whole master: the same answers, in the same words. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { capturesDirectory, readExchange } from '../../../conformance/captured-traffic.mjs';
import { post, startTestMaster, TestAgent } from './running-master.ts';

const captures = capturesDirectory();
if (captures === undefined) console.log('skipped: no captures here (set MESOLITE_CAPTURES)');
const directory = join(captures ?? '', 'operator-mutations-and-errors');

const FIRST = 39;
const LAST = 58;

/** Lists of roles come from hash tables there. */
function comparable(text: string): unknown {
  if (!/^[[{]/.test(text)) return text;
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
  };
  return sorted(JSON.parse(text));
}

describe.skipIf(captures === undefined)('what operators changed', () => {
  it('is answered as it was', async () => {
    const master = await startTestMaster();
    await TestAgent.register(master);
    let replayed = 0;
    for (const name of readdirSync(directory).sort()) {
      const number = Number(/^(\d{3})_.*\.http$/.exec(name)?.[1]);
      if (!(number >= FIRST && number <= LAST)) continue;
      const { request, response } = readExchange(join(directory, name));
      const [method = '', path = ''] = request?.start.split(' ') ?? [];
      const headers = Object.fromEntries(
        Object.entries(request?.headers ?? {}).filter(([key]) => key === 'content-type' || key === 'accept'),
      );
      const answer = await post(master.port, request?.body ?? '', headers, { method, path });
      const told = { status: Number(response?.start.split(' ')[1]), body: comparable(String(response?.body)) };
      expect({ status: answer.status, body: comparable(answer.text) }, name).toEqual(told);
      replayed++;
    }
    expect(replayed).toBe(20);
  });
});
