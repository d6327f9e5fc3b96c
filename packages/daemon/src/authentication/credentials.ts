/** Who may come in, and with which secret: the files behind `--credentials` and `--credential` (kernel specification 10.1). */
import { readFile, stat } from 'node:fs/promises';
import { err, ok, type Result } from '@mesolite/base';
import type { Log } from '@mesolite/ports';
import { Credential, Credentials, WireError } from '@mesolite/wire';

/** Secrets by principal. */
export type Secrets = ReadonlyMap<string, string>;

export interface OwnCredential {
  readonly principal: string;
  readonly secret: string;
}

/**
 * `{"credentials": [{"principal": …, "secret": …}, …]}`, or, as of old, lines of a principal and a secret with a space
 * between. The error names the file and never quotes it.
 */
export async function loadSecrets(path: string, log: Log): Promise<Result<Secrets>> {
  const text = await readPrivate(path, 'credentials', log);
  if (!text.ok) return text;
  const parsed = isJson(text.value)
    ? understood(() => Credentials.fromJson(text.value).credentials ?? [], path)
    : lines(text.value, path);
  if (!parsed.ok) return parsed;
  const secrets = new Map<string, string>();
  for (const { principal, secret } of parsed.value) {
    if (secrets.has(principal)) return err(`${path}: there are two credentials for the principal '${principal}'`);
    if (secret === undefined) return err(`${path}: the credential of '${principal}' has no secret`);
    secrets.set(principal, secret);
  }
  return ok(secrets);
}

/** `{"principal": …, "secret": …}`, or one line of both: one's own. */
export async function loadCredential(path: string, log: Log): Promise<Result<OwnCredential>> {
  const text = await readPrivate(path, 'credential', log);
  if (!text.ok) return text;
  const parsed = isJson(text.value)
    ? understood(() => [Credential.fromJson(text.value)], path)
    : lines(text.value, path);
  if (!parsed.ok) return parsed;
  const [own, ...others] = parsed.value;
  if (own === undefined || others.length > 0) return err(`${path}: there must be one credential`);
  const { principal, secret } = own;
  return secret === undefined ? err(`${path}: the credential has no secret`) : ok({ principal, secret });
}

/** Daemons take paths with and without `file://`. */
async function readPrivate(flag: string, what: string, log: Log): Promise<Result<string>> {
  const path = flag.replace(/^file:\/\//, '');
  try {
    const text = await readFile(path, 'utf8');
    if (text.trim() === '') return err(`The ${what} file '${path}' is empty`);
    if (((await stat(path)).mode & 0o007) !== 0)
      log.warning(`Permissions on the ${what} file '${path}' are too open: others than its owner can reach it`);
    return ok(text);
  } catch (error) {
    return err(`Failed to read the ${what} file '${path}': ${(error as Error).message}`);
  }
}

function isJson(text: string): boolean {
  return /^\s*[[{"]/.test(text);
}

function lines(text: string, path: string): Result<Credential[]> {
  const credentials: Credential[] = [];
  for (const line of text.split('\n')) {
    const words = line.split(/\s+/).filter((word) => word !== '');
    if (words.length === 0) continue;
    const [principal, secret, ...more] = words;
    if (principal === undefined || secret === undefined || more.length > 0)
      return err(`${path} is neither JSON of principals and secrets nor lines of both`);
    credentials.push({ principal, secret });
  }
  return ok(credentials);
}

function understood<T>(parse: () => T, path: string): Result<T> {
  try {
    return ok(parse());
  } catch (error) {
    // What the parser says may quote a secret.
    if (error instanceof WireError || error instanceof SyntaxError)
      return err(`${path} is no JSON of principals and secrets`);
    throw error;
  }
}
