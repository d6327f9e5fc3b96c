/** Numbers in JSON texts as the original prints doubles: always with a fraction, `9.0`. */
export function jsonDouble(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** A member of a flat object of doubles. */
export function jsonDoubleMember([name, value]: readonly [string, number]): string {
  return `${JSON.stringify(name)}:${jsonDouble(value)}`;
}
