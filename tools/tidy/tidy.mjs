#!/usr/bin/env node
/**
 * `npm run tidy`: holds the repository to its plan. Prints one line per finding, as `path:line rule: what to do`, and
 * exits with 1 if there are any. `npm run tidy -- names floors` runs only those rules.
 */
import { root } from '../repository/layout.mjs';
import { Project } from './project.mjs';
import { RULES } from './rules/all.mjs';

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !RULES.some((rule) => rule.name === name));
if (unknown.length > 0) {
  console.error(`Unknown rule: ${unknown.join(' ')}. Rules: ${RULES.map((rule) => rule.name).join(' ')}`);
  process.exit(2);
}

const project = Project.read(root);
const rules = RULES.filter((rule) => wanted.length === 0 || wanted.includes(rule.name));
let count = 0;
for (const rule of rules) {
  for (const { path, line, message } of rule.check(project)) {
    count += 1;
    console.log(`${path}:${line} ${rule.name}: ${message}`);
  }
}
console.log(`tidy: ${project.files.length} files, ${rules.length} rules, ${count} findings`);
process.exitCode = count === 0 ? 0 : 1;
