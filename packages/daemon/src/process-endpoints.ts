/**
 * What every daemon serves about its own process: metrics, version, system figures, verbosity, a list of routes.
 * Departs from Mesos: `/metrics` speaks Prometheus; `/help` is a plain list; git fields of `/version` are absent.
 */
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseDuration } from '@mesolite/base';
import type { Log } from '@mesolite/ports';
import { type HttpReply, jsonReply, textReply } from './http/reply.ts';
import type { HttpServer } from './http/server.ts';
import { jsonDouble, jsonDoubleMember } from './json-number.ts';
import type { MetricsRegistry } from './metrics-registry.ts';
import { systemStatistics } from './system-metrics.ts';
import { systemTimers } from './system-time.ts';
import { mapped, textInParts } from './text-in-parts.ts';
import { Verbosity } from './verbosity.ts';
import { MESOLITE_VERSION } from './version.ts';

export interface ProcessEndpointOptions {
  readonly metrics: MetricsRegistry;
  readonly log: Log;
  readonly verbosity?: Verbosity;
}

/** When this build was made and by whom, as far as it knows. */
export interface BuildInfo {
  readonly version: string;
  readonly buildDate: string;
  /** Seconds since 1970. */
  readonly buildTime: number;
  readonly buildUser: string;
}

let known: BuildInfo | undefined;

/** The build time is that of this very file: packing a release sets it. */
export function buildInfo(): BuildInfo {
  if (known === undefined) {
    const seconds = Math.floor(statSync(fileURLToPath(import.meta.url)).mtimeMs / 1000);
    const date = new Date(seconds * 1000).toISOString().replace('T', ' ').replace(/\..*/, ' UTC');
    known = { version: MESOLITE_VERSION, buildDate: date, buildTime: seconds, buildUser: '' };
  }
  return known;
}

/** Mounts `/metrics/snapshot`, `/metrics`, `/version`, `/logging/toggle`, `/system/stats.json` and `/help`. */
export function mountProcessEndpoints(server: HttpServer, options: ProcessEndpointOptions): void {
  const { metrics, log } = options;
  const verbosity = options.verbosity ?? new Verbosity(systemTimers);

  server.route('/metrics/snapshot', async (request) => {
    const timeout = request.query.get('timeout');
    if (timeout !== null) {
      const parsed = parseDuration(timeout);
      if (!parsed.ok) return textReply(400, `Invalid timeout '${timeout}': ${parsed.error}.\n`);
    }
    const members = await textInParts(mapped(metrics.figures(), jsonDoubleMember), ',');
    return jsonReply(request, `{${members}}`);
  });
  server.route(
    '/metrics',
    async () => ({
      status: 200,
      body: await textInParts(metrics.prometheusLines(), ''),
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
    }),
    { methods: ['GET'] },
  );
  server.route('/version', (request) => jsonReply(request, versionJson()));
  server.route('/system/stats.json', (request) => jsonReply(request, statisticsJson()));
  server.route('/logging/toggle', (request) => toggle(request.query, verbosity));
  server.route('/help', () => textReply(200, `${server.routes().join('\n')}\n`), { prefix: true });

  server.intercept((request) => {
    if (verbosity.level >= 1) {
      log.info(
        `HTTP ${request.method} for ${request.url} from ${request.socket.remoteAddress}:${request.socket.remotePort}`,
      );
    }
    return false;
  });
}

/** The body of `/version`. */
export function versionJson(): string {
  const build = buildInfo();
  return `{"build_date":${JSON.stringify(build.buildDate)},"build_time":${jsonDouble(build.buildTime)},"build_user":${JSON.stringify(build.buildUser)},"version":${JSON.stringify(build.version)}}`;
}

function statisticsJson(): string {
  const now = systemStatistics();
  return `{"avg_load_15min":${jsonDouble(now.load15)},"avg_load_1min":${jsonDouble(now.load1)},"avg_load_5min":${jsonDouble(now.load5)},"cpus_total":${now.cpus},"mem_free_bytes":${now.memoryFreeBytes},"mem_total_bytes":${now.memoryTotalBytes}}`;
}

function toggle(query: URLSearchParams, verbosity: Verbosity): HttpReply {
  const level = query.get('level');
  const duration = query.get('duration');
  if (level === null && duration === null) return textReply(200, `${verbosity.level}\n`);
  if (duration === null) return textReply(400, "Expecting 'duration=value' in query.\n");
  if (level === null) return textReply(400, "Expecting 'level=value' in query.\n");
  if (!/^-?\d{1,9}$/.test(level)) return textReply(400, `Failed to convert '${level}' to number.\n`);
  const value = Number(level);
  if (value < 0) return textReply(400, `Invalid level '${value}'.\n`);
  const parsed = parseDuration(duration);
  if (!parsed.ok) return textReply(400, `${parsed.error}.\n`);
  verbosity.set(value, { durationMs: parsed.value });
  return { status: 200 };
}
