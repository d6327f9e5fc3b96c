/**
 * Decides whether a step must be done again: a stamp keeps the fingerprint of what went in, and is compared with the
 * fingerprint of what is there now. Stamps live in node_modules, so that removing it forgets them.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { at } from './layout.mjs';

function stampPath(step) {
  return at('node_modules', '.mesolite', `${step}.stamp`);
}

/** Over names, sizes and modification times: cheap enough for every start. */
export function fingerprintOfTimes(files) {
  const hash = createHash('sha256').update(process.version);
  for (const file of files) {
    const { size, mtimeMs } = statSync(at(file));
    hash.update(`\n${file} ${size} ${mtimeMs}`);
  }
  return hash.digest('hex');
}

/** Over names and contents: for a few small files whose times mean nothing. */
export function fingerprintOfContents(files) {
  const hash = createHash('sha256').update(process.version);
  for (const file of files) hash.update(`\n${file}\n`).update(readFileSync(at(file)));
  return hash.digest('hex');
}

export function isFresh(step, fingerprint) {
  return existsSync(stampPath(step)) && readFileSync(stampPath(step), 'utf8') === fingerprint;
}

export function markFresh(step, fingerprint) {
  mkdirSync(dirname(stampPath(step)), { recursive: true });
  writeFileSync(stampPath(step), fingerprint);
}
