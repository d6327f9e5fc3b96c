/**
 * Assertions stay on in production: a violated invariant means state may be wrong, and a restart is safe because
 * everything promised is on disk. Expected failures are values (see result.ts), never assertions.
 */

export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Throws AssertionError with `message` unless `condition` holds. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Marks a branch the type system proves unreachable; throws when a newer peer proves otherwise. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable value: ${JSON.stringify(value)}`);
}

/** The value, or AssertionError naming `what` when it is missing. For lookups whose absence is a bug. */
export function must<T>(value: T | undefined | null, what: string): T {
  assert(value !== undefined && value !== null, `missing ${what}`);
  return value;
}
