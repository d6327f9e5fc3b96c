/**
 * What masters and agents have in common for an operator: any v1 call, health, version, files, the older JSON endpoints.
 *
 * Never: knows a call that only one of them answers.
 */
import { err, ok, type Result } from '@mesolite/base';
import type { FileInfo, VersionInfo } from '@mesolite/wire';
import { ApiError } from '../http/api-error.ts';
import type { DaemonHttp, OperatorMessages } from './daemon-http.ts';
import { expected, type FileChunk, type FileSource } from './file-reads.ts';

/** How the typed calls answer: with the result, or with why there is none. */
export type Answer<T> = Promise<Result<T, ApiError>>;

/** The calls that both kinds of daemon know by the same names. */
interface SharedCall {
  readonly type: 'GET_HEALTH' | 'GET_VERSION' | 'LIST_FILES' | 'READ_FILE';
  readonly list_files?: { path: string };
  readonly read_file?: { path: string; offset: number; length: number | undefined };
}

interface SharedResponse {
  readonly get_health?: { readonly healthy: boolean } | undefined;
  readonly get_version?: { readonly version_info: VersionInfo } | undefined;
  readonly list_files?: { readonly file_infos?: FileInfo[] | undefined } | undefined;
  readonly read_file?: FileChunk | undefined;
}

export abstract class OperatorClient<
  Call extends { readonly type?: string | undefined },
  Response extends SharedResponse,
> implements FileSource
{
  readonly http: DaemonHttp;
  readonly #types: OperatorMessages<Call | SharedCall, Response>;

  protected constructor(http: DaemonHttp, types: OperatorMessages<Call | SharedCall, Response>) {
    this.http = http;
    this.#types = types;
  }

  /** Any call; undefined where the daemon answers without a body. */
  call(call: Call): Answer<Response | undefined> {
    return this.http.call(this.#types, call);
  }

  async getHealth(): Answer<boolean> {
    const answer = await this.ask({ type: 'GET_HEALTH' }, (response) => response.get_health);
    return answer.ok ? ok(answer.value.healthy) : answer;
  }

  async getVersion(): Answer<VersionInfo> {
    const answer = await this.ask({ type: 'GET_VERSION' }, (response) => response.get_version);
    return answer.ok ? ok(answer.value.version_info) : answer;
  }

  async listFiles(path: string): Answer<FileInfo[]> {
    const answer = await this.ask({ type: 'LIST_FILES', list_files: { path } }, (response) => response.list_files);
    return answer.ok ? ok(answer.value.file_infos ?? []) : answer;
  }

  readFile(path: string, offset: number, length?: number): Answer<FileChunk> {
    return this.ask({ type: 'READ_FILE', read_file: { path, offset, length } }, (response) => response.read_file);
  }

  /** A document of one of the older endpoints: `/state`, `/tasks?limit=10`, `/containers`, `/metrics/snapshot` … */
  json(path: string): Answer<unknown> {
    return this.http.json(path);
  }

  close(): Promise<void> {
    return this.http.close();
  }

  /** A call that changes something and answers nothing: done, or why not. */
  protected async tell(call: Call): Answer<void> {
    const answer = await this.call(call);
    return answer.ok ? ok(undefined) : answer;
  }

  /** A call whose answer must have the part that `pick` takes. */
  protected async ask<T>(call: Call | SharedCall, pick: (response: Response) => T | undefined): Answer<T> {
    const answer = await this.http.call(this.#types, call);
    if (!answer.ok) return answer;
    if (answer.value === undefined) return err(new ApiError('malformed', `${call.type}: the answer is empty`));
    return expected(pick(answer.value), `the result of ${call.type}`);
  }
}
