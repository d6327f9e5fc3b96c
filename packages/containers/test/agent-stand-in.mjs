/** A process that launches containers and then is killed, as an agent may be. Runs the built package, in plain node. */
import { createPosixContainerizer } from '@mesolite/containers';

const containerizer = createPosixContainerizer();
for (const order of JSON.parse(process.argv[2] ?? '[]')) {
  const launched = await containerizer.launch({ ...order, env: {}, checkpoint: true, resources: [] });
  process.stdout.write(`${JSON.stringify(launched)}\n`);
}
// Stays until somebody kills it.
setInterval(() => {}, 1000);
