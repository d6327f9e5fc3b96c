/** What counts as lost and as doubled, and what is told of such a task. */
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Chronicle } from '../chronicle.mjs';
import { Ledger } from '../ledger.mjs';

interface Fate {
  readonly id: string;
}

let directory: string;
let ledger: Ledger;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mesolite-ledger-'));
  mkdirSync(join(directory, 'runs'));
  ledger = new Ledger(directory);
  note('framework F');
});
afterEach(() => rmSync(directory, { recursive: true }));

function note(...lines: string[]): void {
  for (const line of lines) appendFileSync(join(directory, 'journal'), `${line}\n`);
}

function wrote(id: string, ...lines: string[]): void {
  for (const line of lines) appendFileSync(join(directory, 'runs', id), `${line}\n`);
}

function finished(id: string): void {
  note(`launch ${id} 1000 S0`, `end ${id} 3000 TASK_FINISHED S0 SOURCE_EXECUTOR undefined`);
}

function names({ lost, doubled }: { lost: Fate[]; doubled: Fate[] }): string {
  return `lost ${lost.map(({ id }) => id)} doubled ${doubled.map(({ id }) => id)}`;
}

describe('the ledger', () => {
  it('is content with tasks that ran once and were told so, and with those that never ran', () => {
    finished('a');
    wrote('a', 'start /sandbox', 'end');
    note('launch b 1000 S0', 'end b 2000 TASK_GONE S0 SOURCE_MASTER REASON_RECONCILIATION');
    expect(names(ledger.amiss())).toBe('lost  doubled ');
    const { launched, counts, ...verdicts } = ledger.judge();
    expect([launched, counts]).toEqual([2, { TASK_FINISHED: 1, TASK_GONE: 1 }]);
    expect(names(verdicts)).toBe('lost  doubled ');
  });

  it('misses the end of a task that was not told, or told otherwise, and the work of one that is told to be finished', () => {
    note('launch untold 1000 S0', 'launch killed 1000 S0', 'end killed 2000 TASK_LOST S0 SOURCE_MASTER undefined');
    wrote('untold', 'start /sandbox', 'end');
    wrote('killed', 'start /sandbox');
    finished('idle');
    expect(names(ledger.amiss())).toBe('lost killed,idle doubled ');
    expect(names(ledger.judge())).toBe('lost untold,killed,idle doubled ');
  });

  it('sees a task begin twice, also long after its end was told', () => {
    finished('a');
    wrote('a', 'start /one', 'start /two', 'end');
    note('launch b 1000 S0', 'end b 2000 TASK_GONE S0 SOURCE_MASTER undefined');
    expect(names(ledger.amiss())).toBe('lost  doubled a');
    wrote('b', 'start /three');
    expect(names(ledger.amiss())).toBe('lost b doubled ');
    finished('c');
    wrote('c', 'start /four', 'end');
    expect(names(ledger.amiss())).toBe('lost b doubled ');
    wrote('c', 'start /five', 'end');
    expect(names(ledger.judge())).toBe('lost b,c doubled a,c');
  });

  it('reads lines that were half written only once they are whole', () => {
    appendFileSync(join(directory, 'journal'), 'launch a 1000 S0\nend a 2000 TASK_LO');
    wrote('a', 'start /sandbox');
    expect(names(ledger.amiss())).toBe('lost  doubled ');
    note('ST S0 SOURCE_MASTER undefined');
    expect(names(ledger.amiss())).toBe('lost a doubled ');
  });
});

describe('the chronicle', () => {
  it('tells of a task what was heard of it, where it ran and which faults struck meanwhile', () => {
    const chronicle = new Chronicle(join(directory, 'faults'));
    chronicle.begins('agent killed');
    chronicle.inflicted('agent-0');
    chronicle.recovered();
    const now = Date.now();
    note(`launch a ${now} S0`, `heard a ${now} TASK_RUNNING S0 SOURCE_EXECUTOR undefined`);
    note(`end a ${now} TASK_LOST S0 SOURCE_MASTER REASON_X`, `launch b ${now + 3_600_000} S0`);
    wrote('a', 'start /sandbox');
    const [a, b] = ledger.judge().lost;
    const name = (id: string): string | undefined => (id === 'S0' ? 'agent-0' : undefined);
    const text = chronicle.explain(a, name).join('\n');
    expect(text).toMatch(/^a: launched [\d:.]{12} on agent-0 \(S0\); last state TASK_LOST\n {2}heard .* TASK_RUNNING/);
    expect(text).toContain('ran: start /sandbox');
    expect(text).toMatch(/fault: [\d:.]{12} agent killed \(agent-0\), over [\d:.]{12}, at work again [\d:.]{12}/);
    expect(chronicle.explain(b, name).join('\n')).not.toContain('fault');
    expect(readFileSync(join(directory, 'faults'), 'utf8')).toMatch(/ agent killed \(agent-0\), /);
  });
});
