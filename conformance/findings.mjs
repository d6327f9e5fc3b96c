/** What a conformance check asserts, printed as it goes: each line says in words what held or did not. */

/** A check could not run because something foreign is not to be had. The message says what and why. */
export class Unobtainable extends Error {}

const LONGEST_DETAIL = 1_500;
const LONGEST_VALUE = 400;

export class Findings {
  held = 0;
  failed = 0;
  /** In words; undefined while everything holds. */
  firstFailure;
  #verbose;

  constructor({ verbose = false } = {}) {
    this.#verbose = verbose;
  }

  /** Records one assertion. `detail` is shown when it does not hold. */
  expect(what, holds, detail = '') {
    if (holds) {
      this.held += 1;
      console.log(`  ok   ${what}`);
      return;
    }
    this.failed += 1;
    this.firstFailure ??= what;
    console.log(`  FAIL ${what}`);
    const text = String(detail).slice(0, LONGEST_DETAIL).trimEnd();
    if (text !== '') console.log(text.replace(/^/gm, '         '));
  }

  /** Equality of anything that JSON can say. */
  equal(what, actual, expected) {
    const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
    this.expect(what, got === wanted, `expected ${wanted}\n     got ${got}`);
  }

  /** That nothing differs. Each difference is `{ path, recorded, ours }`. */
  noDifferences(what, differences) {
    const text = (value) => (JSON.stringify(value) ?? 'nothing').slice(0, LONGEST_VALUE);
    const show = ({ path, recorded, ours }) => `${path}\n  recorded ${text(recorded)}\n  ours     ${text(ours)}`;
    this.expect(what, differences.length === 0, differences.map(show).join('\n'));
  }

  /** Something worth knowing that asserts nothing. */
  note(text) {
    console.log(`  -    ${text}`);
  }

  /** Shown with --verbose only. */
  trace(text) {
    if (this.#verbose) console.log(text.replace(/^/gm, '       '));
  }
}
