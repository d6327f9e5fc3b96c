/** A refusal thrown by a handler: becomes a plain-text reply with this status. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, text: string, headers: Record<string, string> = {}) {
    super(text);
    this.status = status;
    this.headers = headers;
  }
}

/** The peer went away while we read its request: nobody is left to answer. */
export class RequestAborted extends Error {
  override readonly name = 'RequestAborted';
}
