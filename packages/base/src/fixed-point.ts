/**
 * Scalar resources have three decimals on the wire's own terms: quantities are integers in thousandths ("millis"),
 * and doubles exist only at the rim.
 */

/** Largest scalar (in units) whose thousandths are an exact integer. */
export const MAX_SCALAR = Math.floor(Number.MAX_SAFE_INTEGER / 1000);

/** Integer thousandths of `value`, rounded half away from zero as the original's llround does. */
export function toMillis(value: number): number {
  const scaled = value * 1000;
  return scaled < 0 ? -Math.round(-scaled) : Math.round(scaled);
}

/** The double nearest to `millis` thousandths. */
export function fromMillis(millis: number): number {
  return millis / 1000;
}
