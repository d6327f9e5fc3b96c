/**
 * Every source file is reached from an entry of its package: exports, commands or main. What lies beside tests is
 * mentioned by a test, or by what a test mentions.
 */
import { posix } from 'node:path';

/** @type {import('../project.mjs').Rule} */
export const deadFiles = {
  name: 'dead-files',
  check(project) {
    const findings = [];
    for (const [name, manifest] of project.packages) {
      const home = `packages/${name}/`;
      const reached = reach(project, entries(project, home, manifest));
      for (const file of project.files) {
        if (!file.path.startsWith(`${home}src/`) || !file.isCode || reached.has(file.path)) continue;
        const message = `nothing reaches this file from the exports or commands of @mesolite/${name}: use it or delete it`;
        findings.push({ path: file.path, line: 1, message });
      }
      for (const path of unusedTestFiles(project, `${home}test/`)) {
        findings.push({ path, line: 1, message: 'no test uses this file: use it or delete it' });
      }
    }
    return findings;
  },
};

/** @param {import('../project.mjs').Project} project @param {string} home @param {import('../project.mjs').Manifest} manifest */
function entries(project, home, manifest) {
  const targets = Object.values(manifest.exports ?? {}).flatMap((entry) =>
    typeof entry === 'string' ? [entry] : Object.values(entry),
  );
  return [...targets, ...Object.values(manifest.bin ?? {}), './src/main.ts']
    .map((target) => sourceOf(posix.join(home, target)))
    .filter((path) => project.paths.has(path));
}

/** The source a built file comes from. @param {string} path */
function sourceOf(path) {
  return path.replace(/^(packages\/[^/]+)\/dist\/(.*)\.js$/, '$1/src/$2.ts');
}

/** @param {import('../project.mjs').Project} project @param {string[]} from */
function reach(project, from) {
  const byPath = new Map(project.files.map((file) => [file.path, file]));
  const reached = new Set(from);
  const waiting = [...from];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const file = byPath.get(path);
    if (file === undefined) continue;
    for (const target of mentioned(file)) {
      if (reached.has(target) || !project.paths.has(target)) continue;
      reached.add(target);
      waiting.push(target);
    }
  }
  return reached;
}

/** Imports, and paths in strings: workers and scripts are started by `new URL('./x', import.meta.url)`. @param {import('../project.mjs').SourceFile} file */
function mentioned(file) {
  return file.code
    .filter((token) => token.kind === 'string' && /^\.{1,2}\//.test(token.text))
    .map((token) => posix.join(posix.dirname(file.path), token.text))
    .flatMap((path) => [path, sourceOf(path), path.replace(/\.js$/, '.ts')]);
}

/** Programs that tests start are found by joining paths, so a file counts as used where its name stands in a string. @param {import('../project.mjs').Project} project @param {string} home */
function unusedTestFiles(project, home) {
  const files = project.files.filter((file) => file.path.startsWith(home) && file.isCode);
  const used = new Set(files.filter((file) => /\.test\.[a-z]+$/.test(file.path)));
  // A set visits what is added to it meanwhile.
  for (const user of used) {
    const strings = user.code.filter((token) => token.kind === 'string' || token.kind === 'template');
    for (const file of files) {
      const name = posix.basename(file.path).replace(/\.[a-z]+$/, '');
      if (!used.has(file) && strings.some((token) => token.text.includes(name))) used.add(file);
    }
  }
  return files.filter((file) => !used.has(file)).map((file) => file.path);
}
