/** Inside a core: tables call nothing, transitions call tables, capabilities call transitions and never each other. */
import { posix } from 'node:path';
import { CORE_TIERS } from '../plan.mjs';

const IN_CORE = /^(packages\/[^/]+\/src)\/core\/(.+)$/;

/** @type {import('../project.mjs').Rule} */
export const tiers = {
  name: 'tiers',
  check(project) {
    const findings = [];
    for (const file of project.files) {
      if (!file.isPackageSource || !IN_CORE.test(file.path)) continue;
      for (const { specifier, line, typeOnly } of file.imports) {
        if (!specifier.startsWith('.')) continue;
        const message = complaint(file.path, posix.join(posix.dirname(file.path), specifier), typeOnly);
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

/** @param {string} path @returns {[number, string | undefined]} tier and the capability's name */
function place(path) {
  const [tier, name] = (IN_CORE.exec(path)?.[2] ?? '').split('/');
  return [CORE_TIERS.indexOf(tier ?? ''), name?.replace(/\.ts$/, '')];
}
