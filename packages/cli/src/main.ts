/** The program behind `mesolite`: runs the command line on the process's own streams and exits with its code. */
import { run } from './command-line.ts';
import { processTerminal } from './terminal.ts';

/** Resolves when what was written so far has left the process; pipes take it in their own time. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}

// A reader that goes away (`mesolite cat … | head`) ends the command without a word.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
}

const exitCode = await run(process.argv.slice(2), processTerminal());
await flushed(process.stdout);
await flushed(process.stderr);
process.exit(exitCode);
