/** @packageDocumentation Containers: the contract, the posix containerizer, a fake one, sandbox paths, wait statuses. */
export * from './containerizer.ts';
export * from './fake-containerizer.ts';
export { type ContainerOwner, readOwner } from './posix/owner-file.ts';
export { startWatchdog, type Watchdog, type WatchdogOptions } from './posix/watchdog.ts';
export * from './posix-containerizer.ts';
export * from './sandbox-paths.ts';
export * from './termination.ts';
export * from './wait-status.ts';
