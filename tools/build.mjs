#!/usr/bin/env node
/**
 * `npm run build`: generated code if its schemas changed, then all packages, in the order of their references.
 * Does nothing when nothing changed since the last build.
 */
import './repository/node-version.mjs';
import { chmodSync, existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { fingerprintOfTimes, isFresh, markFresh } from './repository/freshness.mjs';
import { ensureInstalled } from './repository/install.mjs';
import { at, filesUnder, packageDirectories } from './repository/layout.mjs';
import { runCommand } from './repository/run-command.mjs';

const COMMAND = at('packages', 'cli', 'bin', 'mesolite.mjs');

function buildInputs() {
  const packages = packageDirectories().flatMap((name) => [
    `packages/${name}/package.json`,
    `packages/${name}/tsconfig.json`,
    ...filesUnder(at('packages', name, 'src')),
    ...filesUnder(at('packages', name, 'schema')),
  ]);
  return [
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.base.json',
    ...filesUnder(at('tools', 'codegen')),
    ...filesUnder(at('examples')),
    ...packages,
  ];
}

function hasOutput(name) {
  return !existsSync(at('packages', name, 'src', 'index.ts')) || existsSync(at('packages', name, 'dist', 'index.js'));
}

/** True when everything is built. */
export async function ensureBuilt() {
  const before = fingerprintOfTimes(buildInputs());
  const complete = packageDirectories().every(hasOutput) && existsSync(at('examples', 'dist'));
  if (complete && isFresh('build', before)) return true;
  // Not on the standard output: that belongs to the command for which this is done.
  console.error('Building …');
  const stale =
    (await runCommand(process.execPath, [at('tools', 'codegen', 'generate.mjs'), '--check'], { quiet: true })) !== 0;
  if (stale && (await runCommand(process.execPath, [at('tools', 'codegen', 'generate.mjs')], { aside: true })) !== 0)
    return false;
  // Taken before the compiler runs: a file edited meanwhile is built again next time.
  const compiled = fingerprintOfTimes(buildInputs());
  if ((await runCommand(at('node_modules', '.bin', 'tsc'), ['-b'], { aside: true })) !== 0) return false;
  if (existsSync(COMMAND)) chmodSync(COMMAND, 0o755);
  markFresh('build', compiled);
  return true;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = (await ensureInstalled()) && (await ensureBuilt()) ? 0 : 1;
}
