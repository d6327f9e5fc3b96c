/** A5: npm's mesos-framework, the strictest reader of chunks there is, as scheduler and as executor. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalCluster } from '../../tools/daemons/local-cluster.mjs';
import { cached, obtainStep, runForeign } from '../foreign-program.mjs';

const VERSION = '0.5.3';
const here = dirname(fileURLToPath(import.meta.url));

async function obtain() {
  const directory = await cached('mesos-framework', [VERSION], (at) =>
    obtainStep(`mesos-framework ${VERSION} (npm)`, 'npm', [
      'install',
      `--prefix=${at}`,
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      `mesos-framework@${VERSION}`,
    ]),
  );
  return join(directory, 'node_modules', 'mesos-framework');
}

function eventsOf(stdout) {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('@'))
    .map((line) => JSON.parse(line.slice(1)));
}

/** @param {import('../findings.mjs').Findings} findings */
export async function runMesosFramework(findings) {
  const module = await obtain();
  const cluster = await LocalCluster.start();
  try {
    const executor = `MESOS_FRAMEWORK_MODULE='${module}' exec '${process.execPath}' '${join(here, 'executor.cjs')}'`;
    for (const [name, env, states] of [
      ['command task', {}, ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']],
      ['own executor', { EXECUTOR: executor }, ['TASK_RUNNING', 'TASK_FINISHED']],
    ]) {
      const { code, output, stdout, timedOut } = await runForeign(process.execPath, [join(here, 'scheduler.cjs')], {
        env: {
          ...env,
          MESOS_FRAMEWORK_MODULE: module,
          MASTER_PORT: String(cluster.master.port),
          LOG_DIRECTORY: cluster.directory,
        },
        limitMs: 60_000,
      });
      findings.trace(output);
      const events = eventsOf(stdout);
      const names = events.map(({ event }) => event);
      const detail = `${timedOut ? 'it took too long\n' : ''}${output.slice(-800)}\n${cluster.sandboxErrors()}`;
      findings.expect(`${name}: the framework exits with 0`, code === 0, detail);
      findings.expect(`${name}: no error event`, !names.includes('error'), detail);
      for (const event of ['subscribed', 'heartbeat', 'sent_accept', 'sent_acknowledge', 'sent_teardown']) {
        findings.expect(`${name}: ${event}`, names.includes(event), names.join(' '));
      }
      if (findings.failed === 0 && states.length > 0) findings.trace(cluster.sandboxErrors());
      findings.equal(
        `${name}: states`,
        events.filter(({ event }) => event === 'update').map(({ state }) => state),
        states,
      );
      if (env.EXECUTOR === undefined) continue;
      findings.equal(
        `${name}: its message arrives`,
        events.find(({ event }) => event === 'message')?.data,
        'hello from the executor',
      );
      findings.equal(
        `${name}: its words pass through unchanged`,
        events.findLast(({ event }) => event === 'update')?.message,
        'npm executor says TASK_FINISHED',
      );
    }
  } finally {
    await cluster.stop();
  }
}
