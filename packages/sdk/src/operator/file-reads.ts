/** Files that a daemon shows (sandboxes, logs), read in chunks by the v1 calls, which keep bytes as they are. */
import { err, ok, type Result } from '@mesolite/base';
import type { FileInfo } from '@mesolite/wire';
import { ApiError } from '../http/api-error.ts';

/** What one read asks for, in bytes; a daemon may give less. */
const CHUNK_BYTES = 64 * 1024;

export interface FileChunk {
  /** Size of the whole file when it was read, in bytes. */
  readonly size: number;
  readonly data: Uint8Array;
}

export interface FileSource {
  /** Entries of a directory, by full path. A missing path is refused with status 404. */
  listFiles(path: string): Promise<Result<FileInfo[], ApiError>>;
  /** Bytes from `offset`; fewer than `length` at the end of the file and at the daemon's own limit. */
  readFile(path: string, offset: number, length?: number): Promise<Result<FileChunk, ApiError>>;
}

/** Everything from `offset` to what is the end now. The last value is the offset after it. */
export async function* readToEnd(
  files: FileSource,
  path: string,
  offset = 0,
): AsyncGenerator<Result<Uint8Array, ApiError>, number> {
  let at = offset;
  for (;;) {
    const chunk = await files.readFile(path, at, CHUNK_BYTES);
    if (!chunk.ok) {
      yield chunk;
      return at;
    }
    if (chunk.value.data.length === 0) return at;
    at += chunk.value.data.length;
    yield ok(chunk.value.data);
    if (at >= chunk.value.size) return at;
  }
}

/** For a call whose answer should have had a body of a certain kind. */
export function expected<T>(value: T | undefined, what: string): Result<T, ApiError> {
  return value === undefined ? err(new ApiError('malformed', `the answer lacks ${what}`)) : ok(value);
}
