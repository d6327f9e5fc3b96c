/** HTTP Basic, the one scheme every version of the original accepts on its v1 APIs. */
export interface Credentials {
  readonly principal?: string | undefined;
  readonly secret?: string | undefined;
}

/** The Authorization header of `credentials`, or no header without a principal. */
export function authorizationHeader(credentials: Credentials): Record<string, string> {
  if (credentials.principal === undefined) return {};
  const pair = Buffer.from(`${credentials.principal}:${credentials.secret ?? ''}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}
