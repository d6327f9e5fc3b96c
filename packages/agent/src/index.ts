/** @packageDocumentation The agent daemon: runs executors and tasks on one machine, under a master. */
export { type RunningAgent, type RunningDaemon, type StartOptions, startAgent } from './main.ts';
