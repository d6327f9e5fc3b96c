import { describe, expect, it } from 'vitest';
import { importsOf } from '../imports.mjs';
import { tokenize } from '../lexer.mjs';

function kinds(source: string): string[] {
  return tokenize(source).map((token) => `${token.kind} ${token.text}`);
}

function imported(source: string): string[] {
  return importsOf(tokenize(source)).map(({ specifier, typeOnly }) => (typeOnly ? `type ${specifier}` : specifier));
}

describe('tokens', () => {
  it('tells comments, strings and code apart', () => {
    expect(kinds(`const a = 'it\\'s // no comment'; // but this`)).toEqual([
      'word const',
      'word a',
      'punctuation =',
      `string it\\'s // no comment`,
      'punctuation ;',
      'comment // but this',
    ]);
  });

  it('tells a division from a regular expression', () => {
    expect(kinds('a / b / c')).not.toContain('regex / b /');
    expect(kinds('x = /[/"]+/g.test(y)')).toContain('regex /[/"]+/g');
    expect(kinds('return /"/')).toContain('regex /"/');
    expect(kinds('(a) / 2')).toContain('number 2');
  });

  it('reads code inside of templates as code', () => {
    const tokens = kinds('`a ${b + `c ${d}`} Date`');
    expect(tokens).toContain('word b');
    expect(tokens).toContain('word d');
    expect(tokens).not.toContain('word Date');
  });

  it('counts lines, in comments and templates too', () => {
    const tokens = tokenize('/* one\ntwo */\nconst a = `x\ny`;\nb');
    expect(tokens.at(-1)).toMatchObject({ text: 'b', line: 5 });
  });

  it('ends, whatever the source', () => {
    for (const source of ["'open", '`open ${', '/* open', '/open', '}', '\\', '"\n"', '#!', '`${`${']) {
      expect(() => tokenize(source), source).not.toThrow();
    }
  });
});

describe('imports', () => {
  it('finds every form', () => {
    const source = `
      import a from 'a'; import { b } from "b"; import * as c from 'c'; import 'd';
      import type { E } from 'e'; export * from 'f'; export * as g from 'g'; export { h } from 'h';
      export type { I } from 'i'; const j = await import('j');`;
    expect(imported(source)).toEqual(['a', 'b', 'c', 'd', 'type e', 'f', 'g', 'h', 'type i', 'j']);
  });

  it('is not fooled by comments, strings, members and import.meta', () => {
    const source = `// import 'a';\nconst b = "import 'c'"; d.import('e'); import.meta.url; export const f = 'g'; export { h };`;
    expect(imported(source)).toEqual([]);
  });
});
