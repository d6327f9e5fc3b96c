/** Exit codes of the command line. `execute` also hands on those of its task. */

/** It could not be done: no master, no such task, the cluster did not start. */
export const FAILED = 1;
/** The command line itself is wrong. */
export const USAGE = 2;
/** `fit`: not all of the instances would. */
export const DOES_NOT_FIT = 3;
/** Ended by Ctrl-C or SIGTERM, as shells count it: 128 and the signal's number. */
export const INTERRUPTED = { SIGINT: 130, SIGTERM: 143 } as const;

/** A failure to be shown as one line; anything else that is thrown is a bug. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = FAILED) {
    super(message);
    this.exitCode = exitCode;
  }
}
