/** Laws of flags: what is printed parses to the same, and no argument whatsoever brings the loader down. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseShellAssignments } from '../src/flags/shell-assignments.ts';
import { nearestName } from '../src/flags/suggestion.ts';
import { flagCatalog, formatFlagValue, loadFlags, parseFlagValue } from '../src/index.ts';

const noFiles = { read: () => undefined, list: () => [] };

describe('values', () => {
  it.each([
    ['duration', fc.integer({ min: 0, max: 2 ** 40 })],
    ['bytes', fc.integer({ min: 0, max: 2 ** 50 })],
    ['integer', fc.integer({ min: 0 })],
    ['number', fc.double({ noNaN: true, noDefaultInfinity: true })],
    ['boolean', fc.boolean()],
  ] as const)('of type %s are printed so that they parse to themselves', (type, values) => {
    fc.assert(
      fc.property(values as fc.Arbitrary<number | boolean>, (value) => {
        const parsed = parseFlagValue(type, formatFlagValue(type, value));
        expect(parsed).toEqual({ ok: true, value: value === 0 ? 0 : value });
      }),
    );
  });

  it('are parsed or refused, whatever the text', () => {
    const types = fc.constantFrom('duration', 'bytes', 'integer', 'number', 'boolean', 'json', 'text', 'path');
    fc.assert(
      fc.property(types, fc.string({ unit: 'binary' }), (type, text) => {
        const parsed = parseFlagValue(type as 'text', text);
        if (!parsed.ok) expect(parsed.error).not.toBe('');
      }),
    );
  });
});

describe('the loader', () => {
  const names = fc.constantFrom(...flagCatalog('agent').map(({ name }) => name), 'nonsense', 'no-quiet', '');

  it('answers any command line with flags, or a text and an exit code', () => {
    const argument = fc.oneof(
      fc.string(),
      fc.tuple(names, fc.string()).map(([name, value]) => `--${name}=${value}`),
      names.map((name) => `--${name}`),
    );
    fc.assert(
      fc.property(
        fc.array(argument, { maxLength: 6 }),
        fc.dictionary(
          names.map((name) => `MESOS_${name}`),
          fc.string(),
        ),
        (argv, env) => {
          const result = loadFlags('agent', { argv, env, files: noFiles });
          if (result.ok) expect(Object.keys(result.value.flags.effective()).length).toBeGreaterThan(50);
          else expect([0, 1]).toContain(result.error.exitCode);
        },
      ),
    );
  });

  it('takes whatever it printed', () => {
    const durations = flagCatalog('agent').filter(
      ({ type, status, check }) => type === 'duration' && status === 'works' && check?.(1) === undefined,
    );
    fc.assert(
      fc.property(fc.constantFrom(...durations), fc.integer({ min: 1, max: 2000 }), (spec, ms) => {
        const argv = ['--work_dir=/w', '--master=h:1', `--${spec.name}=${ms}ms`];
        const once = loadFlags('agent', { argv, env: {}, files: noFiles });
        if (!once.ok) throw new Error(once.error.text);
        const printed = once.value.flags.effective();
        const again = loadFlags('agent', {
          argv: Object.entries(printed)
            .filter(([name]) => name !== 'help' && name !== 'version')
            .map(([name, value]) => `--${name}=${value}`),
          env: {},
          files: noFiles,
        });
        expect(again.ok && again.value.flags.effective()).toEqual(printed);
      }),
      { numRuns: 30 },
    );
  });
});

describe('names', () => {
  it('with one slip of the finger are still known', () => {
    const known = flagCatalog('master').map(({ name }) => name);
    const long = known.filter((name) => name.length >= 6);
    fc.assert(
      fc.property(fc.constantFrom(...long), fc.nat(), (name, at) => {
        const i = at % name.length;
        expect(nearestName(name.slice(0, i) + name.slice(i + 1), known)).toBeDefined();
        expect(nearestName(`${name.slice(0, i)}x${name.slice(i)}`, known)).toBeDefined();
      }),
    );
  });
});

describe('assignments of a shell', () => {
  it('quoted in any of the three ways come back as they were', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab $`"\\\'#;&=/{}()'), maxLength: 20 }), (value) => {
        const single = `'${value.replaceAll("'", `'\\''`)}'`;
        const double = `"${value.replace(/[\\"$`]/g, '\\$&')}"`;
        const bare = value.replace(/[^ab/=]/g, '\\$&');
        for (const quoted of [single, double, bare]) {
          const { values, warnings } = parseShellAssignments(`X=${quoted}\n`, {
            earlier: new Map(),
            read: () => undefined,
          });
          expect(warnings).toEqual([]);
          expect(values.get('X')).toBe(value);
        }
      }),
    );
  });
});
