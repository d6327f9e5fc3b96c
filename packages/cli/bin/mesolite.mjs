#!/usr/bin/env node
/** The `mesolite` command. Says in words what is missing when Node is too old or nothing was built yet. */
import { existsSync } from 'node:fs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const main = new URL('../dist/main.js', import.meta.url);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`mesolite needs Node.js 20.19 or newer; this is ${process.version}.`);
  process.exitCode = 1;
} else if (!existsSync(main)) {
  console.error('mesolite is not built yet: run `npm run build` first.');
  process.exitCode = 1;
} else {
  await import(main.href);
}
