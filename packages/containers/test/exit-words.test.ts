/** How ends are written down, read back and worded. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  commandMessage,
  describeOutcome,
  type ExitOutcome,
  fromRawStatus,
  signalName,
  signalNumber,
  signalText,
  terminationOf,
  toRawStatus,
} from '../src/index.ts';
import { parseExitRecord } from '../src/posix/exit-record.ts';

describe('wait statuses', () => {
  it('are the words of waitpid(2)', () => {
    expect(toRawStatus({ kind: 'exited', code: 3 })).toBe(0x300);
    expect(toRawStatus({ kind: 'signaled', signal: 9, coreDumped: false })).toBe(9);
    expect(toRawStatus({ kind: 'signaled', signal: 11, coreDumped: true })).toBe(0x8b);
    expect(fromRawStatus(0x137f)).toBeUndefined();
  });

  it('survive the way there and back', () => {
    const outcome = fc.oneof(
      fc.record({ kind: fc.constant('exited' as const), code: fc.integer({ min: 0, max: 255 }) }),
      fc.record({
        kind: fc.constant('signaled' as const),
        signal: fc.integer({ min: 1, max: 64 }),
        coreDumped: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(outcome, (one: ExitOutcome) => {
        expect(fromRawStatus(toRawStatus(one))).toEqual(one);
      }),
    );
  });

  it('are worded as the original words them', () => {
    expect(commandMessage({ kind: 'exited', code: 3 })).toBe('Command exited with status 3');
    expect(commandMessage({ kind: 'signaled', signal: 15, coreDumped: false })).toBe(
      'Command terminated with signal Terminated',
    );
    expect(describeOutcome({ kind: 'signaled', signal: 11, coreDumped: true })).toBe(
      'terminated with signal Segmentation fault (core dumped)',
    );
    expect(commandMessage(undefined)).toBe('Failed to get exit status for Command');
    expect(signalText(40)).toBe('Real-time signal 6');
  });

  it('know signals by name and number', () => {
    for (let number = 1; number <= 64; number++) expect(signalNumber(signalName(number))).toBe(number);
    expect(signalNumber('SIGNOTHING')).toBeUndefined();
    expect(signalNumber('SIG65')).toBeUndefined();
  });

  it('become terminations', () => {
    expect(terminationOf({ kind: 'exited', code: 1 }, { killed: true })).toEqual({
      message: 'Command exited with status 1',
      killed: true,
      status: 0x100,
      exitCode: 1,
    });
    expect(terminationOf(undefined, { killed: false })).toEqual({
      message: 'Failed to get exit status for Command',
      killed: false,
    });
  });
});

describe('the exit record', () => {
  it('is an exit when the shell said nothing', () => {
    expect(parseExitRecord('end 0\n')).toEqual({ kind: 'exited', code: 0 });
    expect(parseExitRecord('end 143\n')).toEqual({ kind: 'exited', code: 143 });
  });

  it('is a signal when the shell named one', () => {
    expect(parseExitRecord('Terminated\nend 143\n')).toEqual({ kind: 'signaled', signal: 15, coreDumped: false });
    expect(parseExitRecord('Segmentation fault (core dumped)\nend 139\n')).toEqual({
      kind: 'signaled',
      signal: 11,
      coreDumped: true,
    });
    expect(parseExitRecord('Real-time signal 6\nend 168\n')).toEqual({
      kind: 'signaled',
      signal: 40,
      coreDumped: false,
    });
  });

  it.each([
    '',
    'end 1',
    'end \n',
    'Killed\n',
    'end 1\nmore\n',
    'bend 1\n',
    'end 1000\n',
  ])('is nothing while incomplete: %j', (text) => expect(parseExitRecord(text)).toBeUndefined());
});
