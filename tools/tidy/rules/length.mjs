/** A file can be read in one sitting. */
import { LONGEST_FILE } from '../plan.mjs';

/** @type {import('../project.mjs').Rule} */
export const length = {
  name: 'length',
  check(project) {
    return project.files.flatMap((file) => {
      if (!file.isCode || file.isGenerated || file.isTest) return [];
      const lines = file.text.trimEnd().split('\n').length;
      if (lines <= LONGEST_FILE) return [];
      const message = `${lines} lines, ${LONGEST_FILE} at most: look for the second capability hiding in it`;
      return [{ path: file.path, line: LONGEST_FILE, message }];
    });
  },
};
