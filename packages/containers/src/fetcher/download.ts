/**
 * One http(s) resource into a stream: redirects followed, nothing but 200 taken, given up when it stands still.
 * Writes no file.
 */
import { get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
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
    const get = url.protocol === 'https:' ? httpsGet : httpGet;
    try {
      const sent = get(url, { agent: false, signal: abort, headers: { 'Accept': '*/*' } }, (response) => {
        sent.setTimeout(0);
        resolve(ok(response));
      });
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
