/** Nothing in the repository knows the machine it was written on. */

/** Top directories that exist on somebody's machine only. */
const PRIVATE_DIRECTORIES = ['work', 'root', 'home', 'Users'];
const ABSOLUTE = new RegExp(`(?<![\\w.*\\-}\\])])/(?:${PRIVATE_DIRECTORIES.join('|')})/[\\w.-]+`);

/** @type {import('../project.mjs').Rule} */
export const machinePaths = {
  name: 'machine-paths',
  check(project) {
    return project.files.flatMap((file) => {
      if (file.isGenerated) return [];
      return file.text.split('\n').flatMap((text, index) => {
        const path = ABSOLUTE.exec(text)?.[0];
        const message = `absolute path ${path}: derive it from import.meta.url, the environment or a temporary directory`;
        return path === undefined ? [] : [{ path: file.path, line: index + 1, message }];
      });
    });
  },
};
