/** A terminal for tests: keeps what is written, and lets a test press Ctrl-C. */
import type { Output, Terminal } from '../src/terminal.ts';

export interface RecordedTerminal extends Terminal {
  readonly out: () => string;
  readonly err: () => string;
  readonly press: (signal?: 'SIGINT' | 'SIGTERM') => void;
}

/** As it is with somebody in front of it. */
export function screenOf(terminal: RecordedTerminal, columns: number): RecordedTerminal {
  return { ...terminal, stdout: { ...terminal.stdout, interactive: true, columns } };
}

export function recordedTerminal(env: Readonly<Record<string, string>> = {}): RecordedTerminal {
  const written = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const output = (name: 'stdout' | 'stderr'): Output => ({
    write: (text) => {
      written[name].push(Buffer.from(text as string));
    },
    colored: false,
    interactive: false,
  });
  const listeners = new Set<(signal: 'SIGINT' | 'SIGTERM') => void>();
  return {
    stdout: output('stdout'),
    stderr: output('stderr'),
    env,
    onInterrupt: (pressed) => {
      listeners.add(pressed);
      return () => listeners.delete(pressed);
    },
    out: () => Buffer.concat(written.stdout).toString(),
    err: () => Buffer.concat(written.stderr).toString(),
    press: (signal = 'SIGINT') => {
      for (const pressed of listeners) pressed(signal);
    },
  };
}
