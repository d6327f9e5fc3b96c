// Writes docs/flags.md from the flag catalog. Needs a build of packages/daemon: npm run build && node tools/flags-table.mjs
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const { flagsDocument } = await import(new URL('../packages/daemon/dist/index.js', import.meta.url));
const target = fileURLToPath(new URL('../docs/flags.md', import.meta.url));
writeFileSync(target, flagsDocument());
console.log(`wrote ${target}`);
