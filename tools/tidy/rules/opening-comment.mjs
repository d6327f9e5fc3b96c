/** Each module opens by saying what it owns, before or right after its imports. */

/** Shorter than this says nothing. */
const SHORTEST = 20;

/** @type {import('../project.mjs').Rule} */
export const openingComment = {
  name: 'opening-comment',
  check(project) {
    return project.files.flatMap((file) => {
      const isSource = file.isPackageSource || /^(tools|bench|examples|conformance)\/.*\.(ts|mjs)$/.test(file.path);
      if (!isSource || file.isTest || file.isGenerated || opens(file.tokens)) return [];
      const message =
        'opens without a comment: say what the module owns, what it must never do, and where it departs from Mesos';
      return [{ path: file.path, line: 1, message }];
    });
  },
};

/** @param {import('../lexer.mjs').Token[]} tokens */
function opens(tokens) {
  for (let i = 0; i < tokens.length; i += 1) {
    const token = tokens[i];
    if (token?.kind === 'comment') {
      if (!token.text.startsWith('#!') && token.text.length >= SHORTEST) return true;
    } else if (token?.text === 'import') {
      while (i < tokens.length && tokens[i]?.text !== ';') i += 1;
    } else return false;
  }
  return false;
}
