/** @packageDocumentation Everything a daemon stands on: real ports on Node, HTTP server, flags, logging, metrics, files API. */

export { basicAuthentication } from './authentication/basic-authentication.ts';
export {
  type AuthenticateeOptions,
  type AuthenticationOutcome,
  CramMd5Authenticatee,
} from './authentication/cram-md5-authenticatee.ts';
export {
  type AuthenticatorOptions,
  CramMd5Authenticator,
  type Verdict,
} from './authentication/cram-md5-authenticator.ts';
export { loadCredential, loadSecrets, type OwnCredential, type Secrets } from './authentication/credentials.ts';
export { Alarm } from './core-host/alarm.ts';
export { Exchanges } from './core-host/exchanges.ts';
export * from './files/files-api.ts';
export * from './flags/catalog.ts';
export { parseDomain } from './flags/domain-flag.ts';
export * from './flags/flag-spec.ts';
export * from './flags/flags.ts';
export { flagsDocument } from './flags/flags-document.ts';
export * from './flags/load-flags.ts';
export * from './http/body.ts';
export * from './http/http-error.ts';
export * from './http/media-type.ts';
export * from './http/record-stream.ts';
export { type HttpReply, jsonReply, methodNotAllowed, notFound, textReply } from './http/reply.ts';
export * from './http/request.ts';
export * from './http/server.ts';
export * from './json-number.ts';
export { createLog, type DaemonLog, type LogOptions } from './log.ts';
export * from './metrics-registry.ts';
export { parseCall } from './operator-api/call-body.ts';
export { listedAnswer, mountOperatorApi, type OperatorAnswer } from './operator-api/operator-api.ts';
export type { ProcessFacts } from './operator-api/process-calls.ts';
export * from './place.ts';
export * from './process-endpoints.ts';
export { buildJson, daemonLog, type RunningDaemon, type StartOptions } from './program.ts';
export * from './system-disk.ts';
export * from './system-metrics.ts';
export * from './system-random.ts';
export * from './system-spawner.ts';
export * from './system-time.ts';
export * from './verbosity.ts';
export * from './version.ts';
