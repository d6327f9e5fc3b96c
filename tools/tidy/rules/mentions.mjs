/** What the book says about files is true: paths and links in Markdown lead to something that exists. */
import { posix } from 'node:path';

const IN_BACKTICKS = /`([^`\s]+)`/g;
const LINK = /\]\(([^)\s]+)\)/g;
const PATH = /^(packages|tools|docs|bench|conformance|examples)\/[\w./()-]+$/;
/** Made by programs, or not for the repository. */
const MADE = /(^|\/)(dist|node_modules|results|\.cache)(\/|$)/;

/** @type {import('../project.mjs').Rule} */
export const mentions = {
  name: 'mentions',
  check(project) {
    const findings = [];
    const known = new Set(project.paths);
    for (const path of project.paths) {
      for (let up = posix.dirname(path); up !== '.'; up = posix.dirname(up)) known.add(up);
    }
    for (const file of project.files) {
      if (!file.path.endsWith('.md')) continue;
      file.text.split('\n').forEach((text, index) => {
        for (const target of mentioned(file.path, text)) {
          if (known.has(target) || MADE.test(target)) continue;
          findings.push({ path: file.path, line: index + 1, message: `${target} does not exist` });
        }
      });
    }
    return findings;
  },
};

/** Paths from the repository's root, without line numbers and trailing slashes. @param {string} from @param {string} text */
function* mentioned(from, text) {
  for (const [, code = ''] of text.matchAll(IN_BACKTICKS)) {
    const path = code.replace(/:\d+$/, '').replace(/\/$/, '');
    if (PATH.test(path)) yield path;
  }
  for (const [, link = ''] of text.matchAll(LINK)) {
    const path = link.replace(/#.*$/, '');
    if (path !== '' && !/^[a-z]+:/.test(path)) yield posix.join(posix.dirname(from), path).replace(/\/$/, '');
  }
}
