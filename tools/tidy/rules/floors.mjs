/**
 * Who may knock at whose door: packages import each other by name, through their exports, downwards only.
 */
import { posix } from 'node:path';
import { EXAMPLES_MAY_IMPORT, MAY_IMPORT } from '../plan.mjs';

const SCOPE = '@mesolite/';

/** @type {import('../project.mjs').Rule} */
export const floors = {
  name: 'floors',
  check(project) {
    const findings = [...manifestFindings(project)];
    for (const file of project.files) {
      if (!file.isCode) continue;
      for (const { specifier, line } of file.imports) {
        const message = specifier.startsWith('.')
          ? relativeImport(file, specifier)
          : specifier.startsWith(SCOPE)
            ? workspaceImport(project, file, specifier.slice(SCOPE.length))
            : foreignImport(project, file, specifier);
        if (message !== undefined) findings.push({ path: file.path, line, message });
      }
    }
    return findings;
  },
};

/** @param {import('../project.mjs').Project} project */
function* manifestFindings(project) {
  for (const [name, manifest] of project.packages) {
    const path = `packages/${name}/package.json`;
    const allowed = MAY_IMPORT[/** @type {keyof typeof MAY_IMPORT} */ (name)];
    if (allowed === undefined) {
      yield {
        path,
        line: 1,
        message: `package ${name} has no floor: give it a row in tools/tidy/plan.mjs and docs/architecture.md`,
      };
      continue;
    }
    for (const dependency of Object.keys(manifest.dependencies ?? {})) {
      if (!dependency.startsWith(SCOPE) || allowed.includes(dependency.slice(SCOPE.length))) continue;
      yield { path, line: 1, message: `${name} may not depend on ${dependency}: ${permitted(allowed)}` };
    }
  }
}

/** @param {readonly string[]} allowed */
function permitted(allowed) {
  return allowed.length === 0 ? 'it stands on the ground and imports nobody' : `it may import ${allowed.join(', ')}`;
}

/** @param {import('../project.mjs').SourceFile} file @param {string} specifier */
function relativeImport(file, specifier) {
  if (file.packageName === undefined) {
    const target = posix.join(posix.dirname(file.path), specifier);
    if (!/^packages\/[^/]+\/(src|dist)\//.test(target)) return undefined;
    return `imports ${specifier} from inside a package: import it by its name, @mesolite/…`;
  }
  const home = `packages/${file.packageName}/`;
  const target = posix.join(posix.dirname(file.path), specifier);
  if (target.startsWith(home)) return undefined;
  // Tests may lean on the repository's own tools, never on another package's inside.
  if (file.isTest && !target.startsWith('packages/')) return undefined;
  return `imports ${specifier}, which lies outside the package: import other packages by name, @mesolite/…`;
}

/** @param {import('../project.mjs').Project} project @param {import('../project.mjs').SourceFile} file @param {string} target after the scope */
function workspaceImport(project, file, target) {
  const slash = target.indexOf('/');
  const name = slash < 0 ? target : target.slice(0, slash);
  const entry = slash < 0 ? '.' : `.${target.slice(slash)}`;
  const manifest = project.packages.get(name);
  if (manifest === undefined) return `imports @mesolite/${name}, which is no package of this repository`;
  if (manifest.exports?.[entry] === undefined) {
    return `imports @mesolite/${target}, which is not among the exports of @mesolite/${name}: export it there or do without`;
  }
  if (name === file.packageName)
    return file.isTest ? undefined : 'imports its own package by name: use a relative path';
  if (file.isTest) return undefined;
  if (file.path.startsWith('examples/')) {
    return EXAMPLES_MAY_IMPORT.includes(name)
      ? undefined
      : `examples may import only what users install: ${EXAMPLES_MAY_IMPORT.join(', ')}`;
  }
  if (file.packageName === undefined) return undefined;
  const allowed = MAY_IMPORT[/** @type {keyof typeof MAY_IMPORT} */ (file.packageName)];
  if (allowed !== undefined && !allowed.includes(name)) {
    return `${file.packageName} may not import @mesolite/${name}: ${permitted(allowed)}. Move the code down a floor or pass it in through a port`;
  }
  if (project.packages.get(file.packageName)?.dependencies?.[`${SCOPE}${name}`] === undefined) {
    return `imports @mesolite/${name} without naming it in "dependencies" of packages/${file.packageName}/package.json`;
  }
  return undefined;
}

/** @param {import('../project.mjs').Project} project @param {import('../project.mjs').SourceFile} file @param {string} specifier */
function foreignImport(project, file, specifier) {
  if (specifier.startsWith('node:') || !file.isPackageSource) return undefined;
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (project.packages.get(file.packageName ?? '')?.dependencies?.[name] !== undefined) return undefined;
  return `imports ${name}, which is not in "dependencies" of packages/${file.packageName}/package.json (built-in modules need the prefix node:)`;
}
