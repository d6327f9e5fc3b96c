/**
 * Brings node_modules in line with the lock file, only when something changed. A missing node_modules is filled by
 * `npm ci`; an existing one is brought up to date in place, since other programs may be reading it.
 */
import { existsSync } from 'node:fs';
import { fingerprintOfContents, isFresh, markFresh } from './freshness.mjs';
import { at, packageDirectories } from './layout.mjs';
import { runNpm } from './run-command.mjs';

/** True when all dependencies are there. */
export async function ensureInstalled() {
  const manifests = packageDirectories().map((name) => `packages/${name}/package.json`);
  const fingerprint = fingerprintOfContents(['package.json', 'package-lock.json', ...manifests]);
  const filled = existsSync(at('node_modules', '.package-lock.json'));
  if (filled && isFresh('install', fingerprint)) return true;
  // Not on the standard output: that belongs to the command for which this is done.
  console.error(filled ? 'Dependencies changed: updating node_modules …' : 'Installing dependencies …');
  const update = ['install', '--no-audit', '--no-fund'];
  let code = await runNpm(filled ? update : ['ci', '--no-audit', '--no-fund']);
  // `npm ci` also refuses when a registry lacks optional packages of other platforms; those nobody needs here.
  if (code !== 0 && !filled) code = await runNpm([...update, '--no-package-lock']);
  if (code !== 0) {
    console.error('npm could not install the dependencies. Is a registry reachable?');
    return false;
  }
  // npm may have rewritten the lock file.
  markFresh('install', fingerprintOfContents(['package.json', 'package-lock.json', ...manifests]));
  return true;
}
