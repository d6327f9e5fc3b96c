/** Runs the seeds it is told, one after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { simulate } from '@mesolite/sim';

const { scenarios, onlyFaults, log } = workerData;

parentPort.on('message', (seed) => {
  const outcome = simulate(scenarios[seed % scenarios.length], seed, { onlyFaults });
  const isTold = log || outcome.violation !== undefined;
  parentPort.postMessage({ seed, outcome: isTold ? outcome : { ...outcome, log: [] } });
});
