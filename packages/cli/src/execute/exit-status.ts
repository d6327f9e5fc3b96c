/** The exit status of a task, from what its last status says: the protocol has no field for it, only these sentences. */
import { constants } from 'node:os';
import type { TaskStatus } from '@mesolite/wire';
import { FAILED } from '../exit-codes.ts';

/** As a shell would count it: the exit code, or 128 and the signal's number; 1 for a task that never ran to an end. */
export function exitStatusOf(status: Pick<TaskStatus, 'state' | 'message'>): number {
  const message = status.message ?? '';
  const code = /[Cc]ommand exited with status (\d+)/.exec(message)?.[1];
  if (code !== undefined && Number(code) <= 255) return Number(code);
  const signal = /[Cc]ommand terminated with signal (.+?)(?: \(core dumped\))?$/m.exec(message)?.[1];
  if (signal !== undefined) return 128 + signalNumber(signal);
  if (status.state === 'TASK_FINISHED') return 0;
  return status.state === 'TASK_KILLED' ? 128 + constants.signals.SIGTERM : FAILED;
}

/** The original writes strsignal's words (`Killed`); some write the name or the number. */
function signalNumber(text: string): number {
  const name = text.trim();
  if (/^\d+$/.test(name)) return Number(name);
  const numbers: Readonly<Record<string, number>> = constants.signals;
  const byName = numbers[name] ?? numbers[`SIG${name}`];
  if (byName !== undefined) return byName;
  const words: Readonly<Record<string, number>> = {
    'Hangup': constants.signals.SIGHUP,
    'Interrupt': constants.signals.SIGINT,
    'Quit': constants.signals.SIGQUIT,
    'Illegal instruction': constants.signals.SIGILL,
    'Aborted': constants.signals.SIGABRT,
    'Floating point exception': constants.signals.SIGFPE,
    'Killed': constants.signals.SIGKILL,
    'Segmentation fault': constants.signals.SIGSEGV,
    'Broken pipe': constants.signals.SIGPIPE,
    'Terminated': constants.signals.SIGTERM,
  };
  return words[name] ?? 0;
}
