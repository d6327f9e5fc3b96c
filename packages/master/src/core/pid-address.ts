/** The parts of a libprocess pid, `id@ip:port`, for a core that must not load the transport. */

export interface PidAddress {
  readonly id: string;
  readonly ip: string;
  readonly port: number;
}

/** What schedulers without a pid of their own (HTTP) are called in messages to agents. */
export const NO_PID = '@0.0.0.0:0';

/** Longer ones are not taken. */
const LONGEST_PID = 1024;

/** Undefined when `pid` has no id or no address. */
export function pidAddress(pid: string): PidAddress | undefined {
  if (pid.length > LONGEST_PID) return undefined;
  const match = /^([^@/]+)@([^@:/]+):(\d{1,5})$/.exec(pid);
  if (match === null) return undefined;
  return { id: match[1]!, ip: match[2]!, port: Number(match[3]) };
}
