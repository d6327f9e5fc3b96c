/** @packageDocumentation The master daemon. `@mesolite/master/core` has its core alone. */
export { type RunningDaemon, type StartOptions, startMaster } from './main.ts';
