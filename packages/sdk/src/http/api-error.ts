/** What can go wrong between a client and a daemon, as one value that callers can tell apart by `kind`. */

/**
 * - `disconnected`: nobody to send to at the moment; nothing was sent.
 * - `overloaded`: too many calls are under way already; nothing was sent.
 * - `invalid`: the message cannot be written (a required field is unset, a value is out of range); nothing was sent.
 * - `unreachable`: no connection could be made; nothing was sent.
 * - `lost`: the connection broke before the answer; whether the call took effect is unknown.
 * - `refused`: the daemon answered, with `status` and its own words in the message.
 * - `malformed`: the daemon's answer cannot be read.
 */
export type ApiErrorKind = 'disconnected' | 'overloaded' | 'invalid' | 'unreachable' | 'lost' | 'refused' | 'malformed';

/**
 * Whether asking again is in vain. 429 and 5xx pass; so does 404, which the original's daemons answer while they start,
 * with their port bound and their routes not there yet.
 */
export function isFinal({ kind, status = 0 }: ApiError): boolean {
  return kind === 'invalid' || (kind === 'refused' && status < 500 && status !== 404 && status !== 429);
}

/** Returned inside a `Result`, never thrown by this package; it is an Error so that callers may throw it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly kind: ApiErrorKind;
  /** HTTP status of a refusal. */
  readonly status: number | undefined;

  constructor(kind: ApiErrorKind, message: string, status?: number) {
    super(message);
    this.kind = kind;
    this.status = status;
  }
}
