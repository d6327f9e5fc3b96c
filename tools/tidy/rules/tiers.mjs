/**
 * Inside a core: tables call nothing, transitions call tables, capabilities call transitions and never each other. A file
 * beside the tiers stands as high as what it uses, so that nobody reaches upwards through it.
 */
import { posix } from 'node:path';
import { CORE_TIERS } from '../plan.mjs';

const IN_CORE = /^(packages\/[^/]+\/src)\/core\/(.+)$/;

/** @type {import('../project.mjs').Rule} */
export const tiers = {
  name: 'tiers',
  check(project) {
    const findings = [];
    const byPath = new Map(project.files.map((file) => [file.path, file]));
    for (const file of project.files) {
      if (!file.isPackageSource || !IN_CORE.test(file.path)) continue;
      for (const { specifier, line, typeOnly } of file.imports) {
        if (!specifier.startsWith('.')) continue;
        const target = posix.join(posix.dirname(file.path), specifier);
        const message = complaint(file.path, target, typeOnly) ?? detour(byPath, file.path, target, typeOnly);
        if (message !== undefined) findings.push({ path: file.path, line, message });
      }
    }
    return findings;
  },
};

/** @param {string} from @param {string} to @param {boolean} typeOnly */
function complaint(from, to, typeOnly) {
  const target = IN_CORE.exec(to);
  if (target === null) {
    return `core imports ${to}: a core knows nothing outside itself; let the host pass it in as an input`;
  }
  if (typeOnly) return undefined;
  const [tier, name] = place(from);
  const [targetTier, targetName] = place(to);
  if (tier < 0 || targetTier < 0) return undefined;
  if (targetTier > tier)
    return `${CORE_TIERS[tier]} may not use ${CORE_TIERS[targetTier]}: what both need belongs lower down`;
  if (tier === CORE_TIERS.indexOf('capabilities') && tier === targetTier && name !== targetName) {
    return `capability ${name} uses capability ${targetName}: move the shared part into transitions, or let an input carry it`;
  }
  return undefined;
}

/**
 * From inside a tier to a file beside the tiers that itself uses more than that tier may.
 * @param {Map<string, import('../project.mjs').SourceFile>} byPath @param {string} from @param {string} to @param {boolean} typeOnly
 */
function detour(byPath, from, to, typeOnly) {
  const [tier] = place(from);
  if (typeOnly || tier < 0 || place(to)[0] >= 0) return undefined;
  const [used, through] = highestUsed(byPath, to, new Set());
  const top = CORE_TIERS.length - 1;
  if (used < top && used <= tier) return undefined;
  return `${CORE_TIERS[tier]} reach ${CORE_TIERS[used]} through ${to}, which uses ${through}: what both need belongs lower down`;
}

/**
 * The highest tier whose values a file beside the tiers uses, itself or through others like it, and one file of that tier.
 * @param {Map<string, import('../project.mjs').SourceFile>} byPath @param {string} path @param {Set<string>} seen
 * @returns {[number, string | undefined]}
 */
function highestUsed(byPath, path, seen) {
  /** @type {[number, string | undefined]} */
  let highest = [-1, undefined];
  if (seen.has(path)) return highest;
  seen.add(path);
  for (const { specifier, typeOnly } of byPath.get(path)?.imports ?? []) {
    if (typeOnly || !specifier.startsWith('.')) continue;
    const target = posix.join(posix.dirname(path), specifier);
    const [tier] = place(target);
    /** @type {[number, string | undefined]} */
    const found = tier >= 0 ? [tier, target] : highestUsed(byPath, target, seen);
    if (found[0] > highest[0]) highest = found;
  }
  return highest;
}

/** @param {string} path @returns {[number, string | undefined]} tier and the capability's name */
function place(path) {
  const [tier, name] = (IN_CORE.exec(path)?.[2] ?? '').split('/');
  return [CORE_TIERS.indexOf(tier ?? ''), name?.replace(/\.ts$/, '')];
}
