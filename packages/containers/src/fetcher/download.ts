/**
 * One http(s) resource into a stream: redirects followed, nothing but 200 taken, given up when it stands still.
 * Writes no file.
 */
import { readFileSync } from 'node:fs';
import { type ClientRequest, get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet, type RequestOptions } from 'node:https';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { err, ok, type Result } from '@mesolite/base';

const MOST_REDIRECTS = 20;

export interface DownloadOptions {
  readonly url: URL;
  readonly into: Writable;
  /** Nothing received for this long: given up. */
  readonly stallTimeoutMs: number;
  readonly abort: AbortSignal;
}

/** The error's texts are those of the original, which are libcurl's. */
export async function download(options: DownloadOptions): Promise<Result<undefined>> {
  let url = options.url;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const response = await request(url, options);
    if (!response.ok) return response;
    const { statusCode: status = 0, headers } = response.value;
    if (status >= 300 && status < 400 && headers.location !== undefined) {
      response.value.destroy();
      const next = redirected(headers.location, url);
      if (next === undefined) return err('Error downloading resource: Unsupported protocol');
      url = next;
      continue;
    }
    if (status !== 200) {
      response.value.destroy();
      return err(`Error downloading resource, received HTTP return code ${status}`);
    }
    return receive(response.value, options);
  }
  return err('Error downloading resource: Number of redirects hit maximum amount');
}

function redirected(location: string, from: URL): URL | undefined {
  try {
    const next = new URL(location, from);
    return next.protocol === 'http:' || next.protocol === 'https:' ? next : undefined;
  } catch {
    return undefined;
  }
}

function request(url: URL, { stallTimeoutMs, abort }: DownloadOptions): Promise<Result<IncomingMessage>> {
  return new Promise((resolve) => {
    const options = { agent: false as const, signal: abort, headers: { 'Accept': '*/*' } };
    const answered = (response: IncomingMessage): void => {
      sent.setTimeout(0);
      resolve(ok(response));
    };
    let sent: ClientRequest;
    try {
      sent = url.protocol === 'https:' ? httpsGet(url, trusting(options), answered) : httpGet(url, options, answered);
      sent.setTimeout(stallTimeoutMs, () => sent.destroy(new Stalled()));
      sent.on('error', (error) => resolve(err(`Error downloading resource: ${reason(error)}`)));
    } catch (error) {
      resolve(err(`Error downloading resource: ${reason(error)}`));
    }
  });
}

async function receive(response: IncomingMessage, options: DownloadOptions): Promise<Result<undefined>> {
  const stalled = setTimeout(() => response.destroy(new Stalled()), options.stallTimeoutMs);
  response.on('data', () => stalled.refresh());
  try {
    await pipeline(response, options.into, { signal: options.abort });
    return ok(undefined);
  } catch (error) {
    return err(`Error downloading resource: ${reason(error)}`);
  } finally {
    clearTimeout(stalled);
  }
}

/** Where systems keep the authorities they trust, in one file. `SSL_CERT_FILE` comes first, as with OpenSSL's programs. */
const BUNDLES = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'];
let trusted: SecureContext | undefined;

/** Node's own authorities and the machine's: fetches reach what `curl` on this machine reaches. */
function trust(): SecureContext {
  trusted ??= createSecureContext({ ca: [...rootCertificates, ...machineAuthorities()] });
  return trusted;
}

/** Node hands the context on to tls.connect, but its type of request options does not know. */
function trusting(options: RequestOptions): RequestOptions & { readonly secureContext: SecureContext } {
  return { ...options, secureContext: trust() };
}

function machineAuthorities(): string[] {
  for (const path of [process.env['SSL_CERT_FILE'], ...BUNDLES]) {
    if (path === undefined) continue;
    try {
      return [readFileSync(path, 'utf8')];
    } catch {
      // The next one.
    }
  }
  return [];
}

class Stalled extends Error {}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Couldn't connect to server",
  EHOSTUNREACH: "Couldn't connect to server",
  ENETUNREACH: "Couldn't connect to server",
  ENOTFOUND: "Couldn't resolve host name",
  EAI_AGAIN: "Couldn't resolve host name",
  ECONNRESET: 'Failure when receiving data from the peer',
  ERR_STREAM_PREMATURE_CLOSE: 'Transferred a partial file',
};

function reason(error: unknown): string {
  if (error instanceof Stalled) return 'Timeout was reached';
  if (!(error instanceof Error)) return String(error);
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return REASONS[code] ?? error.message;
}
