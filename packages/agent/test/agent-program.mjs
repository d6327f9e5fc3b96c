/** An agent as a process of its own, from the built package: flags come as arguments, its port goes to standard output. */
import { startAgent } from '../dist/index.js';

const started = await startAgent({ argv: process.argv.slice(2), env: {} });
if (!started.ok) {
  process.stderr.write(started.error.text);
  process.exit(started.error.exitCode);
}
process.on('SIGUSR1', () => started.value.unregister());
process.on('SIGTERM', () => void started.value.stop());
process.stdout.write(`${started.value.port}\n`);
process.exitCode = await started.value.stopped;
