/**
 * `/files/*`: sandboxes and logs for browsers, tails and the v1 LIST_FILES and READ_FILE calls. Shows nothing outside what
 * was attached (see virtual-paths.ts). Answers and their texts are the original's.
 */
import type { Stats } from 'node:fs';
import { type FileHandle, lstat, readdir, stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { err, ok, type Result } from '@mesolite/base';
import type { FileInfo } from '@mesolite/wire';
import { type HttpReply, jsonReply, notFound, textReply } from '../http/reply.ts';
import type { HttpRequest } from '../http/request.ts';
import type { HttpServer } from '../http/server.ts';
import { fileInfoJson } from './file-info-json.ts';
import { mimeType } from './mime-types.ts';
import { OwnerNames } from './owner-names.ts';
import { openInside, type Resolved, type ResolveError, VirtualPaths } from './virtual-paths.ts';

/** One read returns at most this many bytes. */
export const MAX_READ_BYTES = 64 * 1024;

/** A directory with more entries is refused: a listing that long helps nobody and costs memory. */
const MAX_ENTRIES = 100_000;

/** Entries of a directory looked at together. */
const STATS_AT_ONCE = 32;

export interface FileChunk {
  /** Of the whole file, in bytes. */
  readonly size: number;
  readonly data: Buffer;
}

export class FilesApi {
  readonly #paths = new VirtualPaths();
  readonly #owners = new OwnerNames();

  /** Shows the file or directory `realPath` as `virtualPath`, such as a sandbox under its own path or a log as `/master/log`. */
  attach(realPath: string, virtualPath: string): void {
    this.#paths.attach(realPath, virtualPath);
  }

  detach(virtualPath: string): void {
    this.#paths.detach(virtualPath);
  }

  mount(server: HttpServer): void {
    server.route('/files/browse', (request) => this.#browse(request));
    server.route('/files/read', (request) => this.#read(request));
    server.route('/files/download', (request, response) => this.#download(request, response));
    server.route('/files/debug', (request) => jsonReply(request, JSON.stringify(this.#paths.entries())));
  }

  /** Entries of a directory, sorted by path; none for a plain file. The error is the reply to give. */
  async list(path: string): Promise<Result<FileInfo[], HttpReply>> {
    const resolved = await this.#paths.resolve(path);
    if (!resolved.ok) return err(refusal(resolved.error));
    let names: string[];
    try {
      names = (await readdir(resolved.value.path)).sort();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      // The original answers an unreadable directory and a plain file with an empty listing.
      if (code === 'ENOTDIR' || code === 'EACCES') return ok([]);
      if (code === 'ENOENT') return err(textReply(404, ''));
      throw error;
    }
    if (names.length > MAX_ENTRIES) return err(textReply(400, `Directory has more than ${MAX_ENTRIES} entries.\n`));
    const prefix = path.replace(/(.)\/+$/, '$1');
    const owners = await this.#owners.current();
    const entries: FileInfo[] = [];
    for (let from = 0; from < names.length; from += STATS_AT_ONCE) {
      const some = names.slice(from, from + STATS_AT_ONCE);
      const stats = await Promise.all(
        some.map((name) => statInside(resolved.value, name, () => this.#paths.resolve(join(path, name)))),
      );
      for (const [i, name] of some.entries()) {
        const found = stats[i];
        if (found === undefined) continue;
        entries.push({
          path: prefix.endsWith('/') ? prefix + name : `${prefix}/${name}`,
          nlink: found.nlink,
          size: found.size,
          mtime: { nanoseconds: BigInt(Math.floor(found.mtimeMs / 1000)) * 1_000_000_000n },
          mode: found.mode,
          uid: owners.user(found.uid),
          gid: owners.group(found.gid),
        });
      }
    }
    return ok(entries);
  }

  /**
   * At most `length` bytes (and {@link MAX_READ_BYTES}) from `offset`; without a length to the end. Past the end, or with
   * length 0, only the size is told.
   */
  async read(path: string, offset: number, length?: number): Promise<Result<FileChunk, HttpReply>> {
    const opened = await this.#open(path, 'Cannot read a directory.\n');
    if (!opened.ok) return opened;
    const file = opened.value.file;
    try {
      const { size } = await file.stat();
      const wanted = Math.min(length ?? size, size - offset, MAX_READ_BYTES);
      if (wanted <= 0) return ok({ size, data: Buffer.alloc(0) });
      const buffer = Buffer.alloc(wanted);
      const { bytesRead } = await file.read(buffer, 0, wanted, offset);
      return ok({ size, data: buffer.subarray(0, bytesRead) });
    } finally {
      await file.close();
    }
  }

  async #open(path: string, ofDirectory: string): Promise<Result<{ file: FileHandle; resolved: Resolved }, HttpReply>> {
    const resolved = await this.#paths.resolve(path);
    if (!resolved.ok) return err(refusal(resolved.error));
    try {
      const stats = await stat(resolved.value.path);
      if (stats.isDirectory()) return err(textReply(400, ofDirectory));
      // Opening a pipe or a device may do something; only files are opened.
      const file = stats.isFile() ? await openInside(resolved.value) : undefined;
      return file === undefined ? err(textReply(404, '')) : ok({ file, resolved: resolved.value });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT') return err(textReply(404, ''));
      if (code === 'EACCES') return err(textReply(500, `Failed to open file at '${path}': Permission denied.\n`));
      throw error;
    }
  }

  async #browse(request: HttpRequest): Promise<HttpReply> {
    const path = request.query.get('path');
    if (path === null || path === '') return textReply(400, "Expecting 'path=value' in query.\n");
    const listing = await this.list(path);
    if (!listing.ok) return listing.error;
    return jsonReply(request, `[${listing.value.map(fileInfoJson).join(',')}]`);
  }

  async #read(request: HttpRequest): Promise<HttpReply> {
    const path = request.query.get('path');
    if (path === null || path === '') return textReply(400, "Expecting 'path=value' in query.\n");
    const offset = parameter(request.query, 'offset');
    if (!offset.ok) return offset.error;
    const length = parameter(request.query, 'length');
    if (!length.ok) return length.error;
    // Pagers ask for offset -1 first: it means "how long is the file".
    const onlySize = offset.value === undefined || offset.value === -1;
    const limit = length.value === -1 ? undefined : length.value;
    const chunk = await this.read(path, onlySize ? 0 : offset.value, onlySize ? 0 : limit);
    if (!chunk.ok) return chunk.error;
    const shown = onlySize ? chunk.value.size : offset.value;
    const reply = jsonReply(request, `{"data":${jsonBytes(chunk.value.data)},"offset":${shown}}`);
    // The text was built of single bytes: a character cut by the end of the chunk stays cut, and offsets stay right.
    return { ...reply, body: Buffer.from(reply.body as string, 'latin1') };
  }

  async #download(request: HttpRequest, response: ServerResponse): Promise<HttpReply | undefined> {
    const path = request.query.get('path');
    if (path === null || path === '') return textReply(400, "Expecting 'path=value' in query.\n");
    const opened = await this.#open(path, 'Cannot download a directory.\n');
    if (!opened.ok) return opened.error.status === 404 ? notFound() : opened.error;
    const { file, resolved } = opened.value;
    try {
      const { size } = await file.stat();
      const name = basename(resolved.path);
      response.writeHead(200, {
        'Content-Length': size,
        'Content-Type': mimeType(name),
        'Content-Disposition': `attachment; filename=${headerFileName(name)}`,
        'X-Content-Type-Options': 'nosniff',
      });
      if (size === 0 || request.method === 'HEAD') {
        response.end();
        return undefined;
      }
      // A file that grows meanwhile is sent as long as it was; one that shrinks cuts the connection.
      await pipeline(file.createReadStream({ start: 0, end: size - 1, autoClose: false }), response);
    } catch {
      response.destroy();
    } finally {
      await file.close();
    }
    return undefined;
  }
}

function refusal(error: ResolveError): HttpReply {
  return error.kind === 'not-found' ? textReply(404, '') : textReply(400, `${error.text}.\n`);
}

/** Follows a link only inside the tree; one that leads out, or nowhere, shows as the link itself. */
async function statInside(
  directory: Resolved,
  name: string,
  resolve: () => Promise<Result<Resolved, ResolveError>>,
): Promise<Stats | undefined> {
  try {
    const own = await lstat(join(directory.path, name));
    if (!own.isSymbolicLink()) return own;
    const target = await resolve();
    return target.ok ? await lstat(target.value.path) : own;
  } catch {
    return undefined;
  }
}

function parameter(query: URLSearchParams, name: 'offset' | 'length'): Result<number | undefined, HttpReply> {
  const text = query.get(name);
  if (text === null) return ok(undefined);
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value))
    return err(textReply(400, `Failed to parse ${name}: Failed to convert '${text}' to number.\n`));
  if (value < -1) return err(textReply(400, `Negative ${name} provided: ${value}.\n`));
  return ok(value);
}

function jsonBytes(data: Buffer): string {
  return JSON.stringify(data.toString('latin1'));
}

/** Names of ordinary characters stand bare as in the original; others are quoted and encoded. */
function headerFileName(name: string): string {
  if (/^[\w.+@=,()-]+$/.test(name)) return name;
  return `"${name.replace(/[^\w.+@=,() -]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(name)}`;
}
