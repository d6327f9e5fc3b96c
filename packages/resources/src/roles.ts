/** Names of roles: their rules and their order in the tree. */

/** Levels of a role; the tree of roles is walked by as many calls. The original sets no bound. */
export const MAX_ROLE_DEPTH = 100;

/** A role with volumes is one directory, by its whole name. The original sets no bound; its agents end at such a volume. */
export const MAX_ROLE_BYTES = 255;

/** As much of a name that is too long as errors repeat. */
const TOLD = 40;

/**
 * Why `role` is no valid role name, in the words clients see, or nothing.
 *
 * Departs from Mesos: control characters other than space, backslashes, and what is no UTF-8 are refused, too.
 */
export function roleError(role: string): string | undefined {
  if (role === '*') return undefined;
  // A character takes three bytes at most, or two characters four.
  if (role.length * 3 > MAX_ROLE_BYTES && Buffer.byteLength(role) > MAX_ROLE_BYTES)
    return `Role '${[...role.slice(0, 2 * TOLD).toWellFormed()].slice(0, TOLD).join('')}…' is longer than ${MAX_ROLE_BYTES} bytes`;
  if (role.startsWith('/')) return `Role '${role}' cannot start with a slash`;
  if (role.endsWith('/')) return `Role '${role}' cannot end with a slash`;
  if (role.includes('//')) return `Role '${role}' cannot contain two adjacent slashes`;
  if (role === '') return 'Role names cannot be the empty string';
  const components = role.split('/');
  if (components.length > MAX_ROLE_DEPTH) return `Role '${components[0]}/…' has more than ${MAX_ROLE_DEPTH} components`;
  for (const component of components) {
    if (component === '.' || component === '..' || component === '*')
      return `Role '${role}' cannot include '${component}' as a component`;
    if (component.startsWith('-')) return `Role component '${component}' is invalid because it starts with a dash`;
    for (let i = 0; i < component.length; i++) {
      const c = component.charCodeAt(i);
      if ((c >= 0x09 && c <= 0x0d) || c === 0x20 || c === 0x7f)
        return `Role component '${component}' is invalid because it contains backspace or whitespace`;
      if (c < 0x20 || c === 0x5c)
        return `Role component '${component}' is invalid because it contains a control character or backslash`;
      // It is what bytes that are no UTF-8 are read as: two different names would be one.
      if (c === 0xfffd) return notText(component);
    }
    if (!component.isWellFormed()) return notText(component);
  }
  return undefined;
}

function notText(component: string): string {
  return `Role component '${component.toWellFormed()}' is invalid because it is not valid UTF-8`;
}

/** Whether `role` lies below `ancestor` in the tree. */
export function isStrictSubrole(role: string, ancestor: string): boolean {
  return role.length > ancestor.length && role[ancestor.length] === '/' && role.startsWith(ancestor);
}

/** The role at the top above `role`, or itself: the one that quota is for. */
export function topLevelRole(role: string): string {
  const slash = role.indexOf('/');
  return slash < 0 ? role : role.slice(0, slash);
}
