/** Cores are synchronous and deterministic: no clock, no chance, no promises, nothing of the operating system. */
import { PURE_EXCEPTIONS, PURE_SOURCES } from '../plan.mjs';

/** Words that may not appear as code, with what to do instead. `call` marks names that are harmless unless used. */
const FORBIDDEN = [
  { word: 'Date', instead: 'take the time from the input' },
  { word: 'performance', used: true, instead: 'take the time from the input' },
  { word: 'setTimeout', instead: 'queue an effect that sets a timer' },
  { word: 'setInterval', instead: 'queue an effect that sets a timer' },
  { word: 'setImmediate', instead: 'ask the host to continue with an input' },
  { word: 'queueMicrotask', instead: 'ask the host to continue with an input' },
  { word: 'async', instead: 'store a Pending record; its answer is an ordinary input' },
  { word: 'await', instead: 'store a Pending record; its answer is an ordinary input' },
  { word: 'Promise', instead: 'store a Pending record; its answer is an ordinary input' },
  { word: 'process', used: true, instead: 'pass settings in through the options' },
  { word: 'crypto', used: true, instead: 'take randomness from the Random port' },
  { word: 'console', used: true, instead: 'queue a log effect' },
  { word: 'fetch', called: true, instead: 'queue an effect' },
  { word: 'require', called: true, instead: 'import it' },
];

/** @type {import('../project.mjs').Rule} */
export const purity = {
  name: 'purity',
  check(project) {
    const findings = [];
    for (const file of project.files) {
      if (!PURE_SOURCES.some((pattern) => pattern.test(file.path)) || !file.isCode) continue;
      for (const { specifier, line } of file.imports) {
        if (!specifier.startsWith('node:') || PURE_EXCEPTIONS.get(file.path) === specifier) continue;
        findings.push({
          path: file.path,
          line,
          message: `imports ${specifier}: pure code reaches the outside only through ports and effects`,
        });
      }
      const { code } = file;
      code.forEach((token, index) => {
        const instead = reason(code, index);
        if (instead !== undefined)
          findings.push({
            path: file.path,
            line: token.line,
            message: `${instead.what} in pure code: ${instead.instead}`,
          });
      });
    }
    return findings;
  },
};

/** @param {import('../lexer.mjs').Token[]} code @param {number} index */
function reason(code, index) {
  const token = code[index];
  if (token?.kind !== 'word' || code[index - 1]?.text === '.') return undefined;
  const next = code[index + 1]?.text;
  if (token.text === 'Math' && next === '.' && code[index + 2]?.text === 'random') {
    return { what: 'Math.random', instead: 'take randomness from the Random port' };
  }
  const rule = FORBIDDEN.find(({ word }) => word === token.text);
  if (rule === undefined) return undefined;
  // A key or a member of that name is only a name.
  if (next === ':' || (next === '?' && code[index + 2]?.text === ':')) return undefined;
  if (rule.used === true && next !== '.' && next !== '[') return undefined;
  if (rule.called === true && next !== '(') return undefined;
  return { what: token.text, instead: rule.instead };
}
