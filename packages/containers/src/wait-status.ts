/**
 * Wait statuses: the word of waitpid(2), codes and signals, and the texts the original makes of them.
 * Owns the Linux numbers of signals and the C library's English names for them. Pure.
 */

/** Signals by number, with the text of strsignal(3). */
const SIGNALS: readonly (readonly [name: string, text: string])[] = [
  ['', ''],
  ['SIGHUP', 'Hangup'],
  ['SIGINT', 'Interrupt'],
  ['SIGQUIT', 'Quit'],
  ['SIGILL', 'Illegal instruction'],
  ['SIGTRAP', 'Trace/breakpoint trap'],
  ['SIGABRT', 'Aborted'],
  ['SIGBUS', 'Bus error'],
  ['SIGFPE', 'Floating point exception'],
  ['SIGKILL', 'Killed'],
  ['SIGUSR1', 'User defined signal 1'],
  ['SIGSEGV', 'Segmentation fault'],
  ['SIGUSR2', 'User defined signal 2'],
  ['SIGPIPE', 'Broken pipe'],
  ['SIGALRM', 'Alarm clock'],
  ['SIGTERM', 'Terminated'],
  ['SIGSTKFLT', 'Stack fault'],
  ['SIGCHLD', 'Child exited'],
  ['SIGCONT', 'Continued'],
  ['SIGSTOP', 'Stopped (signal)'],
  ['SIGTSTP', 'Stopped'],
  ['SIGTTIN', 'Stopped (tty input)'],
  ['SIGTTOU', 'Stopped (tty output)'],
  ['SIGURG', 'Urgent I/O condition'],
  ['SIGXCPU', 'CPU time limit exceeded'],
  ['SIGXFSZ', 'File size limit exceeded'],
  ['SIGVTALRM', 'Virtual timer expired'],
  ['SIGPROF', 'Profiling timer expired'],
  ['SIGWINCH', 'Window changed'],
  ['SIGIO', 'I/O possible'],
  ['SIGPWR', 'Power failure'],
  ['SIGSYS', 'Bad system call'],
];

const FIRST_REALTIME = 34;
const LAST_SIGNAL = 64;
const CORE_FLAG = 0x80;

/** How a process ended. */
export type ExitOutcome =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signaled'; readonly signal: number; readonly coreDumped: boolean };

/** Node's name of a signal (`SIGKILL`); `SIG35` for those without one. */
export function signalName(signal: number): string {
  return SIGNALS[signal]?.[0] || `SIG${signal}`;
}

/** The number of a signal named `SIGKILL` or `SIG35`; undefined for what is none. */
export function signalNumber(name: string): number | undefined {
  const known = SIGNALS.findIndex(([candidate]) => candidate === name);
  if (known > 0) return known;
  const number = /^SIG(\d{1,2})$/.exec(name)?.[1];
  return number !== undefined && Number(number) >= 1 && Number(number) <= LAST_SIGNAL ? Number(number) : undefined;
}

/** strsignal(3) in the C locale. */
export function signalText(signal: number): string {
  if (signal >= FIRST_REALTIME && signal <= LAST_SIGNAL) return `Real-time signal ${signal - FIRST_REALTIME}`;
  return SIGNALS[signal]?.[1] || `Unknown signal ${signal}`;
}

/** The word waitpid(2) would have given. */
export function toRawStatus(outcome: ExitOutcome): number {
  if (outcome.kind === 'exited') return (outcome.code & 0xff) << 8;
  return (outcome.signal & 0x7f) | (outcome.coreDumped ? CORE_FLAG : 0);
}

/** Undefined for words of stopped or continued processes, which are no end. */
export function fromRawStatus(status: number): ExitOutcome | undefined {
  const low = status & 0x7f;
  if (low === 0) return { kind: 'exited', code: (status >> 8) & 0xff };
  if (low === 0x7f) return undefined;
  return { kind: 'signaled', signal: low, coreDumped: (status & CORE_FLAG) !== 0 };
}

/** `exited with status 3`, `terminated with signal Killed`, … with ` (core dumped)` where so. */
export function describeOutcome(outcome: ExitOutcome): string {
  if (outcome.kind === 'exited') return `exited with status ${outcome.code}`;
  return `terminated with signal ${signalText(outcome.signal)}${outcome.coreDumped ? ' (core dumped)' : ''}`;
}

/** The message of a command task's last update. */
export function commandMessage(outcome: ExitOutcome | undefined): string {
  return outcome === undefined ? 'Failed to get exit status for Command' : `Command ${describeOutcome(outcome)}`;
}
