/** Bytes or JSON that are not the message they claim to be. The text names the field and goes back to the client. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** A message that lacks fields it must have; names them all, with their paths. */
export class MissingFieldsError extends WireError {
  constructor(paths: readonly string[]) {
    super(`Missing required fields: ${paths.join(', ')}`);
  }
}
