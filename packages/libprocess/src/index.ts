/** @packageDocumentation PIDs, messages, links and exits over HTTP. */
export { Libprocess, type LibprocessOptions, type MessageServer } from './libprocess.ts';
export { type MessageProcessOptions, messageProcess } from './message-process.ts';
export { formatPid, type Pid, parsePid } from './pid.ts';
