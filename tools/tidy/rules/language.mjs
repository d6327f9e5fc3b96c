/** The part of the language we do without: default exports, enums, `any`, and tests that do not run. */
import { posix } from 'node:path';

/** @type {import('../project.mjs').Rule} */
export const language = {
  name: 'language',
  check(project) {
    const findings = [];
    for (const file of project.files) {
      if (!file.isCode || file.isGenerated || /\.config\.[a-z]+$/.test(file.path)) continue;
      const { code } = file;
      for (const [index, token] of code.entries()) {
        if (token.kind !== 'word') continue;
        const message = complaint(code, index, file);
        if (message !== undefined) findings.push({ path: file.path, line: token.line, message });
      }
      const skip = silentSkip(project, file);
      if (skip !== undefined) findings.push({ path: file.path, line: skip.line, message: SILENT });
    }
    return findings;
  },
};

const SILENT = 'skipped without a word: print a line that begins with "skipped: " and say why';

/**
 * The first conditional skip of a test where neither the test nor a file it imports prints a reason.
 * @param {import('../project.mjs').Project} project @param {import('../project.mjs').SourceFile} file
 */
function silentSkip(project, file) {
  if (!file.isTest) return undefined;
  const skip = file.code.find(
    (token, index) => (token.text === 'skipIf' || token.text === 'runIf') && file.code[index - 1]?.text === '.',
  );
  if (skip === undefined) return undefined;
  const imported = new Set(file.imports.map(({ specifier }) => posix.join(posix.dirname(file.path), specifier)));
  const tells = project.files.some((other) => (other === file || imported.has(other.path)) && printsReason(other));
  return tells ? undefined : skip;
}

/** @param {import('../project.mjs').SourceFile} file */
function printsReason(file) {
  return file.code.some(
    (token) => (token.kind === 'string' || token.kind === 'template') && /^skipped: /i.test(token.text),
  );
}

/** @param {import('../lexer.mjs').Token[]} code @param {number} index @param {import('../project.mjs').SourceFile} file */
function complaint(code, index, file) {
  const text = code[index]?.text;
  const previous = code[index - 1]?.text;
  const next = code[index + 1]?.text;
  const afterNext = code[index + 2]?.text;
  if (text === 'export' && next === 'default')
    return 'default export: export by name, so that the name is the same everywhere';
  if (text === 'enum' && previous !== '.' && code[index + 1]?.kind === 'word' && afterNext === '{') {
    return `enum ${next}: use a union of string literals`;
  }
  if (
    text === 'any' &&
    file.path.endsWith('.ts') &&
    isTypePosition(previous) &&
    next !== '(' &&
    next !== '.' &&
    next !== ':'
  ) {
    return 'any: use unknown and narrow it, or say the type';
  }
  const skips = (text === 'skip' || text === 'only' || text === 'todo') && previous === '.' && next === '(';
  if (file.isTest && skips && ['it', 'test', 'describe'].includes(code[index - 2]?.text ?? '')) {
    return `${code[index - 2]?.text}.${text}: a test either runs or is not there; use skipIf with a printed reason where the machine lacks something`;
  }
  return undefined;
}

/** @param {string | undefined} previous */
function isTypePosition(previous) {
  return [':', '<', '|', '&', 'as', ',', '='].includes(previous ?? '');
}
