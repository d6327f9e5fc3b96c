/** Refuses a Node that is too old, in words, before anything else fails in a stranger way. Import it first. */
const NEEDED = [20, 19];

export function isNewEnough(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

if (!isNewEnough(process.version)) {
  console.error(
    `Mesolite needs Node.js ${NEEDED.join('.')} or newer; this is ${process.version} (${process.execPath}).`,
  );
  process.exit(1);
}
