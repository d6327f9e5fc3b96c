/** @packageDocumentation The agent daemon: runs executors and tasks on one machine, under a master. */
export { type RunningAgent, startAgent } from './main.ts';
