/** Every rule is broken here once in each way it knows, beside what it must let pass. */
import { describe, expect, it } from 'vitest';
import { MAY_IMPORT } from '../plan.mjs';
import { findingsIn, findingsOf, projectOf } from './project-of.ts';

const OPENING = '/** Owns what this test needs. */\n';

describe('floors', () => {
  it('lets a package import what its row allows, by name', () => {
    expect(findingsIn('floors', 'packages/master/src/a.ts', `import { x } from '@mesolite/wire';`, ['wire'])).toEqual(
      [],
    );
  });

  it('refuses a floor above, even for a type', () => {
    const [manifest, source] = findingsIn(
      'floors',
      'packages/wire/src/a.ts',
      `import type { X } from '@mesolite/master';`,
      ['master'],
    );
    expect(manifest).toContain('wire may not depend on @mesolite/master');
    expect(source).toContain('packages/wire/src/a.ts:1 wire may not import @mesolite/master');
  });

  it('refuses siblings: master and agent never import each other', () => {
    for (const [from, to] of [
      ['master', 'agent'],
      ['agent', 'master'],
    ]) {
      const found = findingsIn('floors', `packages/${from}/src/a.ts`, `import { x } from '@mesolite/${to}';`, [
        String(to),
      ]);
      expect(found.join()).toContain(`${from} may not import @mesolite/${to}`);
    }
  });

  it('refuses deep paths, relative paths into another package, and its own name', () => {
    const complaint = (text: string) => findingsIn('floors', 'packages/agent/src/a.ts', text, ['wire', 'agent']).join();
    expect(complaint(`import { x } from '@mesolite/wire/src/codec.ts';`)).toContain('not among the exports');
    expect(complaint(`export * from '../../wire/src/index.ts';`)).toContain('lies outside the package');
    expect(complaint(`import { x } from '@mesolite/agent';`)).toContain('its own package by name');
    expect(complaint(`const x = await import('@mesolite/nobody');`)).toContain('no package of this repository');
  });

  it('asks for a row in the plan and for declared dependencies', () => {
    expect(findingsIn('floors', 'packages/attic/src/a.ts', '').join()).toContain('package attic has no floor');
    expect(findingsIn('floors', 'packages/daemon/src/a.ts', `import { x } from 'left-pad';`).join()).toContain(
      'left-pad',
    );
    expect(findingsIn('floors', 'packages/daemon/src/a.ts', `import { x } from '@mesolite/wire';`).join()).toContain(
      'no package of this repository',
    );
    const undeclared = projectOf({
      'packages/daemon/src/a.ts': `import { x } from '@mesolite/wire';`,
      'packages/wire/src/index.ts': '',
    });
    expect(findingsOf('floors', undeclared).join()).toContain('without naming it in "dependencies"');
  });

  it('lets tests import fakes and the simulator, but no inside of another package', () => {
    const inTest = (text: string) => findingsIn('floors', 'packages/wire/test/a.test.ts', text, ['sim']);
    expect(inTest(`import { x } from '@mesolite/sim';`).filter((line) => line.includes('/test/'))).toEqual([]);
    expect(inTest(`import { x } from '../../sim/src/world.ts';`).join()).toContain('lies outside');
  });

  it('lets examples import only what users install', () => {
    const complaint = (name: string) =>
      findingsIn('floors', 'examples/hello/main.ts', `import { x } from '@mesolite/${name}';`, [name]).join();
    expect(complaint('sdk')).toBe('');
    expect(complaint('master')).toContain('only what users install');
  });

  it('has a plan without cycles', () => {
    const floorOf = (name: string, path: readonly string[] = []): number => {
      expect(path, `cycle through ${name}`).not.toContain(name);
      const below = MAY_IMPORT[name as keyof typeof MAY_IMPORT] as readonly string[];
      return 1 + Math.max(0, ...below.map((other) => floorOf(other, [...path, name])));
    };
    for (const name of Object.keys(MAY_IMPORT)) expect(floorOf(name)).toBeGreaterThan(0);
  });
});

describe('references', () => {
  const sources = { 'packages/daemon/src/index.ts': '', 'packages/wire/src/index.ts': '' };
  const config = (...paths: string[]) => JSON.stringify({ references: paths.map((path) => ({ path })) });

  it('wants the compiler to know every package and what it depends on', () => {
    const found = findingsOf(
      'references',
      projectOf({ ...sources, 'tsconfig.json': config('packages/wire') }, ['wire']),
    );
    expect(found).toEqual(
      [
        'packages/daemon/tsconfig.json:1 ../wire is in "dependencies" and not among the references',
        'tsconfig.json:1 packages/daemon is not among the references',
      ].reverse(),
    );
    const whole = {
      ...sources,
      'tsconfig.json': config('packages/daemon', 'packages/wire'),
      'packages/daemon/tsconfig.json': config('../wire'),
    };
    expect(findingsOf('references', projectOf(whole, ['wire']))).toEqual([]);
  });
});

describe('tiers', () => {
  const core = 'packages/master/src/core';
  const found = (from: string, text: string) => findingsIn('tiers', `${core}/${from}`, text).join();

  it('lets capabilities use transitions and tables, and transitions use tables and each other', () => {
    expect(found('capabilities/offers/decline.ts', `import { a } from '../../transitions/rescind.ts';`)).toBe('');
    expect(found('capabilities/offers/decline.ts', `import { a } from './filters.ts';`)).toBe('');
    expect(found('transitions/add-task.ts', `import { a } from '../state/tasks.ts'; import './rescind.ts';`)).toBe('');
  });

  it('refuses what points upwards or sideways', () => {
    expect(found('state/tasks.ts', `import { a } from '../transitions/add-task.ts';`)).toContain('state may not use');
    expect(found('transitions/add-task.ts', `import { a } from '../capabilities/offers/x.ts';`)).toContain(
      'may not use',
    );
    expect(found('capabilities/offers/x.ts', `import { a } from '../tasks/y.ts';`)).toContain('capability offers uses');
  });

  it('refuses a way round through a file beside the tiers', () => {
    const project = projectOf({
      [`${core}/calls.ts`]: `import { a } from './capabilities/tasks/kill.ts';`,
      [`${core}/clock.ts`]: `import type { A } from './capabilities/tasks/kill.ts'; import { b } from './state/tasks.ts';`,
      [`${core}/through.ts`]: `import { a } from './calls.ts'; import { c } from './through.ts';`,
      [`${core}/capabilities/offers/x.ts`]: `import { a } from '../../calls.ts';`,
      [`${core}/transitions/y.ts`]: `import { a } from '../through.ts'; import { b } from '../clock.ts';`,
      [`${core}/state/z.ts`]: `import type { A } from '../calls.ts'; import { b } from '../clock.ts';`,
    });
    const found = findingsOf('tiers', project).map((line) =>
      line.replace(`${core}/`, '').split(' ').slice(0, 4).join(' '),
    );
    expect(found.sort()).toEqual([
      'capabilities/offers/x.ts:1 capabilities reach capabilities',
      'transitions/y.ts:1 transitions reach capabilities',
    ]);
  });

  it('lets types be named across, but a core never reach its host', () => {
    expect(found('capabilities/offers/x.ts', `import type { A } from '../tasks/y.ts';`)).toBe('');
    expect(found('state/tasks.ts', `import { a } from '../../host/sockets.ts';`)).toContain(
      'a core knows nothing outside',
    );
  });
});

describe('purity', () => {
  const inCore = (text: string) => findingsIn('purity', 'packages/agent/src/core/a.ts', text).join('\n');

  it.each([
    ['Date.now()', 'Date'],
    ['new Date()', 'Date'],
    ['Math.random()', 'Math.random'],
    ['setTimeout(f, 1)', 'setTimeout'],
    ['async () => 1', 'async'],
    ['await f', 'await'],
    ['new Promise(f)', 'Promise'],
    ['process.env', 'process'],
    ['performance.now()', 'performance'],
    ['crypto.randomUUID()', 'crypto'],
    ['console.log(1)', 'console'],
    ['fetch("x")', 'fetch'],
    ['queueMicrotask(f)', 'queueMicrotask'],
    ['`${Date.now()}`', 'Date'],
    [`import { readFileSync } from 'node:fs'`, 'node:fs'],
    [`export { x } from 'node:net'`, 'node:net'],
    [`import type { X } from 'node:net'`, 'node:net'],
    [`import('node:fs')`, 'node:fs'],
  ])('refuses %s', (text, what) => {
    expect(inCore(`${text};`)).toContain(what);
  });

  it('lets the same words stand as names, in strings and in comments', () => {
    const harmless = `// Date.now() is for hosts\nconst a = { Date: 'Math.random()', async: 1 }; a.Date; task.process; b.fetch(1);
      interface C { process: string; fetch?: number }`;
    expect(inCore(harmless)).toBe('');
  });

  it('holds cores and the pure packages, hosts and tests not', () => {
    const at = (path: string) => findingsIn('purity', path, 'Date.now();').length;
    expect(at('packages/allocator/src/a.ts')).toBe(1);
    expect(at('packages/resources/src/a.ts')).toBe(1);
    expect(at('packages/executors/src/a.ts')).toBe(1);
    expect(at('packages/base/src/a.ts')).toBe(1);
    expect(at('packages/wire/src/a.ts')).toBe(1);
    expect(at('packages/sim/src/a.ts')).toBe(1);
    expect(at('packages/sim/test/a.test.ts')).toBe(0);
    expect(at('packages/master/src/host/a.ts')).toBe(0);
    expect(at('packages/allocator/test/a.test.ts')).toBe(0);
  });
});

describe('dead-files', () => {
  it('wants every source reached from an export or a command', () => {
    const project = projectOf({
      'packages/base/src/index.ts': `export * from './alive.ts';`,
      'packages/base/src/alive.ts': `new Worker(new URL('./worker.js', import.meta.url));`,
      'packages/base/src/worker.ts': '',
      'packages/base/src/dead.ts': `import './alive.ts';`,
    });
    expect(findingsOf('dead-files', project)).toEqual([
      'packages/base/src/dead.ts:1 nothing reaches this file from the exports or commands of @mesolite/base: use it or delete it',
    ]);
  });

  it('wants what lies beside tests to be used by one', () => {
    const project = projectOf({
      'packages/base/src/index.ts': '',
      'packages/base/test/a.test.ts': `import './used.ts'; const path = join(here, 'programs', 'child.mjs');`,
      'packages/base/test/used.ts': `import './used-too.ts';`,
      'packages/base/test/used-too.ts': '',
      'packages/base/test/programs/child.mjs': '',
      'packages/base/test/left-over.ts': '',
    });
    expect(findingsOf('dead-files', project).map((line) => line.split(':')[0])).toEqual([
      'packages/base/test/left-over.ts',
    ]);
  });
});

describe('names', () => {
  it('wants files in kebab-case with words that say something', () => {
    const at = (path: string) => findingsIn('names', path, '').join();
    expect(at('packages/base/src/ring-buffer.ts')).toBe('');
    expect(at('packages/base/src/ringBuffer.ts')).toContain('not in kebab-case');
    expect(at('packages/base/src/Ring/a.ts')).toContain('not in kebab-case');
    expect(at('packages/base/src/string-utils.ts')).toContain('"utils" in a name says nothing');
    expect(at('packages/base/src/helpers/a.ts')).toContain('"helpers"');
    expect(at('tools/common.mjs')).toContain('"common"');
  });

  it('wants types named after what they do', () => {
    expect(findingsIn('names', 'packages/base/src/a.ts', 'class TaskManager {}').join()).toContain('TaskManager');
    expect(findingsIn('names', 'packages/base/src/a.ts', 'interface OfferImpl {}').join()).toContain('OfferImpl');
  });

  it('wants code to say agent', () => {
    const at = (path: string, text: string) => findingsIn('names', path, text).join();
    expect(at('packages/master/src/a.ts', 'const slaveId = 1;')).toContain('identifier slaveId');
    expect(at('packages/master/src/a.ts', 'const a = { slave_id: 1 };')).toContain('identifier slave_id');
    expect(at('packages/master/src/a.ts', 'f(`${Slaves}`)')).toContain('identifier Slaves');
    expect(at('packages/master/test/a.test.ts', 'x.slave')).toContain('identifier slave');
    expect(at('packages/master/src/a.ts', `const a = { 'slave_id': 1 }; b['slaves'] = "/slaves"; // slave`)).toBe('');
    expect(at('packages/wire/src/a.ts', 'const slaveId = 1;')).toBe('');
  });
});

describe('language', () => {
  it.each([
    ['export default 1;', 'default export'],
    ['enum Color { Red }', 'enum Color'],
    ['let a: any;', 'any'],
    ['let a: Map<string, any>;', 'any'],
    ['f(a as any);', 'any'],
  ])('refuses %s', (text, what) => {
    expect(findingsIn('language', 'packages/base/src/a.ts', text).join()).toContain(what);
  });

  it('lets the words stand elsewhere', () => {
    const harmless = `// any\nconst a = Promise.any([]); const b = 'any'; x.enum = 1; const c = { any: 1 };`;
    expect(findingsIn('language', 'packages/base/src/a.ts', harmless)).toEqual([]);
  });

  it('wants tests to run, or to say why not', () => {
    const inTest = (text: string) => findingsIn('language', 'packages/base/test/a.test.ts', text).join();
    expect(inTest(`it.skip('x', () => {});`)).toContain('it.skip');
    expect(inTest(`describe.only('x', () => {});`)).toContain('describe.only');
    expect(inTest(`test.todo('x');`)).toContain('test.todo');
    expect(inTest(`it.skipIf(a)('x', () => {});`)).toContain('say why');
    expect(inTest(`if (a) console.log('skipped: no docker here'); it.skipIf(a)('x', () => {});`)).toBe('');
    expect(inTest('if (a) console.log(`skipped: ${reason}`); it.runIf(a)("x", () => {});')).toBe('');
    const elsewhere = projectOf({
      'packages/base/test/a.test.ts': `import { b } from './b.ts'; it.skipIf(b)('x', () => {});`,
      'packages/base/test/b.ts': `console.log('Skipped: no docker here');`,
    });
    expect(findingsOf('language', elsewhere)).toEqual([]);
    expect(inTest(`it('x', (context) => context.skip('no docker here'));`)).toBe('');
  });
});

describe('marks, length, machine-paths, opening-comment', () => {
  it('wants no notes to self', () => {
    const mark = ['TO', 'DO'].join('');
    expect(findingsIn('marks', 'packages/base/src/a.ts', `\n// ${mark}: later`)).toEqual([
      `packages/base/src/a.ts:2 ${mark} in a comment: do it now or open an issue`,
    ]);
    expect(findingsIn('marks', 'packages/base/src/a.ts', `/* a\n * ${['FIX', 'ME'].join('')} */`)).toHaveLength(1);
    expect(findingsIn('marks', 'packages/base/src/a.ts', `const a = '${mark}';`)).toEqual([]);
  });

  it('wants files that can be read in one sitting', () => {
    expect(findingsIn('length', 'packages/base/src/a.ts', 'x;\n'.repeat(501)).join()).toContain('501 lines');
    expect(findingsIn('length', 'packages/base/src/a.ts', 'x;\n'.repeat(500))).toEqual([]);
    expect(findingsIn('length', 'packages/base/src/generated/a.ts', 'x;\n'.repeat(501))).toEqual([]);
  });

  it('wants nothing of the machine it was written on', () => {
    const at = (text: string) => findingsIn('machine-paths', 'packages/base/src/a.ts', text).join();
    expect(at(`const a = '/${'home'}/jane/mesos';`)).toContain('absolute path');
    expect(at(`// see /${'work'}/notes`)).toContain('absolute path');
    expect(at(`const a = '/var/lib/mesos'; const b = 'packages/work/src'; const c = 'a/home/b';`)).toBe('');
  });

  it('wants modules to open by saying what they own', () => {
    const at = (path: string, text: string) => findingsIn('opening-comment', path, text);
    expect(at('packages/base/src/a.ts', 'export const a = 1;')).toHaveLength(1);
    expect(at('packages/base/src/a.ts', '// short\nexport const a = 1;')).toHaveLength(1);
    expect(at('tools/a.mjs', '#!/usr/bin/env node\nconst a = 1;')).toHaveLength(1);
    expect(at('packages/base/src/a.ts', `${OPENING}export const a = 1;`)).toEqual([]);
    expect(at('packages/base/src/a.ts', `import { b } from './b.ts';\n${OPENING}export const a = 1;`)).toEqual([]);
  });
});

describe('mentions', () => {
  it('wants paths and links of the book to lead somewhere', () => {
    const project = projectOf({
      'docs/a.md': [
        '`packages/base/src/id.ts`, `packages/base/src/id.ts:7` and `packages/base/src/` are there; `docs/gone.md` is not.',
        '[there](b.md#part), [not there](../gone.md), [elsewhere](https://example.org/x), `packages/*/src`, `bench/results/`',
      ].join('\n'),
      'docs/b.md': '',
      'packages/base/src/id.ts': '',
    });
    expect(findingsOf('mentions', project)).toEqual([
      'docs/a.md:1 docs/gone.md does not exist',
      'docs/a.md:2 gone.md does not exist',
    ]);
  });
});
