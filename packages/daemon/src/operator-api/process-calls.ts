/**
 * The calls of the v1 operator API that master and agent answer alike: they are about the process, not the cluster.
 * Messages are shaped so that they are parts of both daemons' responses.
 */
import type { FileInfo, Flag, Metric, VersionInfo } from '@mesolite/wire';
import type { FilesApi } from '../files/files-api.ts';
import { HttpError } from '../http/http-error.ts';
import type { HttpReply } from '../http/reply.ts';
import type { MetricsRegistry } from '../metrics-registry.ts';
import { buildInfo } from '../process-endpoints.ts';
import type { Verbosity } from '../verbosity.ts';

export interface ProcessFacts {
  readonly metrics: MetricsRegistry;
  readonly files: FilesApi;
  readonly verbosity: Verbosity;
  /** As `/flags` shows them. */
  readonly flags: Readonly<Record<string, string>>;
}

/** What these calls carry, of either daemon's call message. */
export interface ProcessCall {
  readonly type?: string | undefined;
  readonly set_logging_level?:
    | { readonly level: number; readonly duration: { readonly nanoseconds: bigint } }
    | undefined;
  readonly list_files?: { readonly path: string } | undefined;
  readonly read_file?:
    | { readonly path: string; readonly offset: number; readonly length?: number | undefined }
    | undefined;
}

export type ProcessResponse =
  | { type: 'GET_HEALTH'; get_health: { healthy: boolean } }
  | { type: 'GET_FLAGS'; get_flags: { flags: Flag[] } }
  | { type: 'GET_VERSION'; get_version: { version_info: VersionInfo } }
  | { type: 'GET_METRICS'; get_metrics: { metrics: Metric[] } }
  | { type: 'GET_LOGGING_LEVEL'; get_logging_level: { level: number } }
  | { type: 'LIST_FILES'; list_files: { file_infos: FileInfo[] } }
  | { type: 'READ_FILE'; read_file: { size: number; data: Uint8Array } };

export type ProcessAnswer =
  | { readonly kind: 'response'; readonly response: ProcessResponse }
  | { readonly kind: 'reply'; readonly reply: HttpReply };

function response(message: ProcessResponse): ProcessAnswer {
  return { kind: 'response', response: message };
}

function failed(reply: HttpReply): ProcessAnswer {
  return { kind: 'reply', reply };
}

/** Nothing when the call is not about the process. Rejects with HttpError 400. */
export async function answerProcessCall(call: ProcessCall, facts: ProcessFacts): Promise<ProcessAnswer | undefined> {
  switch (call.type) {
    case 'GET_HEALTH':
      return response({ type: 'GET_HEALTH', get_health: { healthy: true } });
    case 'GET_FLAGS': {
      const flags = Object.entries(facts.flags).map(([name, value]) => ({ name, value }));
      return response({ type: 'GET_FLAGS', get_flags: { flags } });
    }
    case 'GET_VERSION': {
      const { version, buildDate, buildTime, buildUser } = buildInfo();
      return response({
        type: 'GET_VERSION',
        get_version: {
          version_info: { version, build_date: buildDate, build_time: buildTime, build_user: buildUser },
        },
      });
    }
    case 'GET_METRICS': {
      const metrics = Object.entries(facts.metrics.snapshot()).map(([name, value]) => ({ name, value }));
      return response({ type: 'GET_METRICS', get_metrics: { metrics } });
    }
    case 'GET_LOGGING_LEVEL':
      return response({ type: 'GET_LOGGING_LEVEL', get_logging_level: { level: facts.verbosity.level } });
    case 'SET_LOGGING_LEVEL':
      return setLoggingLevel(call, facts);
    case 'LIST_FILES': {
      const listing = await facts.files.list(must(call.list_files, 'list_files').path);
      return listing.ok
        ? response({ type: 'LIST_FILES', list_files: { file_infos: listing.value } })
        : failed(listing.error);
    }
    case 'READ_FILE': {
      const { path, offset, length } = must(call.read_file, 'read_file');
      const chunk = await facts.files.read(path, offset, length);
      return chunk.ok ? response({ type: 'READ_FILE', read_file: chunk.value }) : failed(chunk.error);
    }
    default:
      return undefined;
  }
}

function setLoggingLevel(call: ProcessCall, facts: ProcessFacts): ProcessAnswer {
  const { level, duration } = must(call.set_logging_level, 'set_logging_level');
  facts.verbosity.set(level, { durationMs: Math.max(0, Number(duration.nanoseconds) / 1e6) });
  return failed({ status: 200 });
}

function must<T>(part: T | undefined, name: string): T {
  if (part === undefined) throw new HttpError(400, `Expecting '${name}' to be present`);
  return part;
}
