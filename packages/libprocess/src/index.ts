/** @packageDocumentation PIDs, messages, links and exits over HTTP. */
export { Libprocess, type LibprocessOptions, type MessageServer } from './libprocess.ts';
export { formatPid, type Pid, parsePid } from './pid.ts';
