/** Bytes or JSON that are not the message they claim to be. The text names the field and goes back to the client. */
export class WireError extends Error {
  override readonly name = 'WireError';
}
