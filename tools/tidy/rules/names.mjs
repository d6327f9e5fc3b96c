/** Files are named in kebab-case after the one thing they hold; code says agent. */
import { OWNER_OF_OLD_NAMES } from '../plan.mjs';

const DIRECTORIES = /^(packages|tools|bench|conformance|examples|docs)\//;
const KEBAB_DIRECTORY = /^\.?[a-z0-9]+(-[a-z0-9]+)*$/;
const KEBAB_FILE = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)+$/;
/** Names that say nothing about what is inside. */
const EMPTY_WORDS = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'manager', 'impl', 'misc', 'stuff']);
const EMPTY_ENDING = /(Manager|Impl|Helpers?|Utils?)$/;
/** Files whose names others prescribe. */
const GIVEN =
  /(^|\/)(README\.md|CHANGELOG\.md|Makefile|Dockerfile|go\.(mod|sum))$|\.proto$|^docs\/adr\/|^bench\/results\//;

/** @type {import('../project.mjs').Rule} */
export const names = {
  name: 'names',
  check(project) {
    const findings = [];
    for (const file of project.files) {
      if (DIRECTORIES.test(file.path) && !GIVEN.test(file.path)) {
        const message = pathComplaint(file.path);
        if (message !== undefined) findings.push({ path: file.path, line: 1, message });
      }
      if (file.isGenerated || !file.isCode) continue;
      findings.push(...identifierFindings(file));
    }
    return findings;
  },
};

/** @param {string} path */
function pathComplaint(path) {
  const parts = path.split('/');
  const file = parts.at(-1) ?? '';
  const wrong =
    parts.slice(0, -1).find((part) => !KEBAB_DIRECTORY.test(part)) ?? (KEBAB_FILE.test(file) ? undefined : file);
  if (wrong !== undefined) return `${wrong} is not in kebab-case`;
  const empty = parts.flatMap((part) => part.split(/[-.]/)).find((word) => EMPTY_WORDS.has(word));
  return empty === undefined
    ? undefined
    : `"${empty}" in a name says nothing: name the file after the one thing it holds`;
}

/** @param {import('../project.mjs').SourceFile} file */
function identifierFindings(file) {
  const findings = [];
  const { code } = file;
  for (const [index, token] of code.entries()) {
    if (token.kind !== 'word') continue;
    if (/slave/i.test(token.text) && file.packageName !== undefined && file.packageName !== OWNER_OF_OLD_NAMES) {
      const message = `identifier ${token.text}: code says agent; the old word belongs to @mesolite/wire and to quoted wire strings`;
      findings.push({ path: file.path, line: token.line, message });
    }
    const declares = ['class', 'interface', 'type'].includes(code[index - 1]?.text ?? '') && /^[A-Z]/.test(token.text);
    if (declares && EMPTY_ENDING.test(token.text)) {
      findings.push({
        path: file.path,
        line: token.line,
        message: `${token.text} says nothing about what it does: name it after that`,
      });
    }
  }
  return findings;
}
