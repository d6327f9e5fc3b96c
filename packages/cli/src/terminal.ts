/** Where a command writes, and whether in colours. The only place that asks the environment about terminals. */

export interface Output {
  write(text: string | Uint8Array): void;
  /** True where escape codes for colours are welcome. */
  readonly colored: boolean;
  /** True for a screen with somebody in front of it. */
  readonly interactive: boolean;
  /** Characters in a line of that screen, at this moment; undefined where there is no screen. */
  readonly columns?: number | undefined;
}

export interface Terminal {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls `pressed` for each Ctrl-C and each order to end; returns how to stop that. */
  onInterrupt(pressed: (signal: 'SIGINT' | 'SIGTERM') => void): () => void;
}

/** NO_COLOR (any value) wins over FORCE_COLOR; without either, terminals that are not dumb get colours. */
export function wantsColor(isTty: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  if (env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '' && env['FORCE_COLOR'] !== '0') return true;
  return isTty && env['TERM'] !== 'dumb';
}

/** Codes of SGR, the terminals' own numbers. */
const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, cyan: 36 } as const;

export type Color = keyof typeof CODES;

export function paint(output: Output, color: Color, text: string): string {
  return output.colored ? `\u001b[${CODES[color]}m${text}\u001b[0m` : text;
}

/** The process's own streams and signals. */
export function processTerminal(): Terminal {
  const output = (stream: NodeJS.WriteStream): Output => ({
    write: (text) => {
      stream.write(text);
    },
    colored: wantsColor(stream.isTTY === true, process.env),
    interactive: stream.isTTY === true,
    get columns() {
      // Screens that do not know their size say 0.
      return stream.isTTY === true && stream.columns > 0 ? stream.columns : undefined;
    },
  });
  return {
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    env: process.env,
    onInterrupt(pressed) {
      const onInt = (): void => pressed('SIGINT');
      const onTerm = (): void => pressed('SIGTERM');
      process.on('SIGINT', onInt);
      process.on('SIGTERM', onTerm);
      // The terminal was closed: what we started shall not outlive it by accident.
      process.on('SIGHUP', onTerm);
      return () => {
        process.off('SIGINT', onInt);
        process.off('SIGTERM', onTerm);
        process.off('SIGHUP', onTerm);
      };
    },
  };
}
