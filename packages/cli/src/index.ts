/** @packageDocumentation The command line as functions: to run it inside a program, and to start a cluster for tests. */
export { run } from './command-line.ts';
export { type ClusterOptions, LocalCluster } from './daemons/local-cluster.ts';
export { keepPausesShort } from './daemons/short-pauses.ts';
export { CommandError } from './exit-codes.ts';
export type { Output, Terminal } from './terminal.ts';
