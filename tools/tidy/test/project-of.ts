/** Small repositories in memory for the tests of rules. */
import { Project, type SourceFile } from '../project.mjs';
import { RULES } from '../rules/all.mjs';

/** A repository with the packages of the plan that the given paths touch, each depending on `dependencies`. */
export function projectOf(texts: Record<string, string>, dependencies: readonly string[] = []): Project {
  const names = new Set(
    [...Object.keys(texts), ...dependencies.map((name) => `packages/${name}/`)].flatMap(
      (path) => /^packages\/([^/]+)\//.exec(path)?.[1] ?? [],
    ),
  );
  const manifests = [...names].map((name) => [
    `packages/${name}/package.json`,
    JSON.stringify({
      name: `@mesolite/${name}`,
      exports: { '.': { 'mesolite-source': './src/index.ts', 'default': './dist/index.js' } },
      dependencies: Object.fromEntries(
        dependencies.filter((other) => other !== name).map((other) => [`@mesolite/${other}`, '0.1.0']),
      ),
    }),
  ]);
  return new Project({ ...Object.fromEntries(manifests), ...texts });
}

/** What one rule says, as `path:line message`. */
export function findingsOf(ruleName: string, project: Project): string[] {
  const rule = RULES.find(({ name }) => name === ruleName);
  if (rule === undefined) throw new Error(`no rule ${ruleName}`);
  return rule.check(project).map(({ path, line, message }) => `${path}:${line} ${message}`);
}

/** What one rule says about one file. */
export function findingsIn(ruleName: string, path: SourceFile['path'], text: string, dependencies?: readonly string[]) {
  return findingsOf(ruleName, projectOf({ [path]: text }, dependencies));
}
