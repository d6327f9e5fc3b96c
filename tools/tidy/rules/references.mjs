/** What a package depends on, the compiler builds before it; what exists, `npm run build` builds. */

const SCOPE = '@mesolite/';

/** @type {import('../project.mjs').Rule} */
export const references = {
  name: 'references',
  check(project) {
    const findings = [];
    const texts = new Map(project.files.map((file) => [file.path, file.text]));
    const root = referencesIn(texts.get('tsconfig.json'));
    for (const [name, manifest] of project.packages) {
      if (!project.files.some((file) => file.packageName === name && file.isPackageSource)) continue;
      if (!root.has(`packages/${name}`)) {
        findings.push({ path: 'tsconfig.json', line: 1, message: `packages/${name} is not among the references` });
      }
      const path = `packages/${name}/tsconfig.json`;
      const known = referencesIn(texts.get(path));
      for (const dependency of Object.keys(manifest.dependencies ?? {})) {
        if (!dependency.startsWith(SCOPE)) continue;
        const other = `../${dependency.slice(SCOPE.length)}`;
        if (!known.has(other)) {
          findings.push({ path, line: 1, message: `${other} is in "dependencies" and not among the references` });
        }
      }
    }
    return findings;
  },
};

/** @param {string | undefined} text of a tsconfig.json @returns {Set<string>} */
function referencesIn(text) {
  const config = text === undefined ? {} : JSON.parse(text);
  return new Set((config.references ?? []).map(({ path }) => path));
}
