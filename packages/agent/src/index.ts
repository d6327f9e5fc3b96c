/** @packageDocumentation The agent daemon: runs executors and tasks on one machine, under a master. */
export { type RunningDaemon, type StartOptions, startAgent } from './main.ts';
