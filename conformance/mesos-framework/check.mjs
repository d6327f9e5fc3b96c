/**
 * A5: npm's mesos-framework, the strictest reader of chunks there is, as scheduler and as executor; and a framework on it
 * through the death of the leading master.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { delay } from '../../tools/daemons/daemon-process.mjs';
import { LocalCluster } from '../../tools/daemons/local-cluster.mjs';
import { cached, obtainStep, runForeign } from '../foreign-program.mjs';
import { TASKS, throughFailover, WAITING_COMMAND } from '../master-failover.mjs';

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

/** What a client may meet while nobody leads, from any master: nobody there, or a master that knows no leader. */
const PASSING_ERRORS = /ECONNREFUSED|ECONNRESET|socket hang up|code: 503/;
const PAUSE_MS = 300;
const LIMIT_MS = 90_000;

/** Starts the framework again until it ends with 0, as a supervisor does. Resolves like `runForeign`, with all it printed. */
async function supervise(options) {
  const deadline = performance.now() + LIMIT_MS;
  let output = '';
  let stdout = '';
  for (;;) {
    const limitMs = deadline - performance.now();
    const outcome = await runForeign(process.execPath, [join(here, 'supervised-scheduler.cjs')], {
      ...options,
      limitMs,
    });
    output += outcome.output;
    stdout += outcome.stdout;
    if (outcome.code === 0 || outcome.timedOut || options.signal.aborted) return { ...outcome, output, stdout };
    await delay(PAUSE_MS);
  }
}

/** @param {import('../findings.mjs').Findings} findings */
export async function runMesosFrameworkFailover(findings) {
  const module = await obtain();
  let heard = '';
  const { stdout } = await throughFailover(findings, {
    // The framework knows one master, which never leads and tells it who does.
    cluster: { masters: 3 },
    endsWithoutLeader: true,
    hasHeard: () => (heard.match(/"TASK_RUNNING"/g) ?? []).length >= TASKS,
    run: (cluster, signal) =>
      supervise({
        env: {
          MESOS_FRAMEWORK_MODULE: module,
          MASTER_PORT: String(cluster.masters[2].port),
          ZOOKEEPER: cluster.zooKeeper,
          LOG_DIRECTORY: cluster.directory,
          TASKS: String(TASKS),
          COMMAND: WAITING_COMMAND,
        },
        signal,
        sawOutput: (text) => {
          heard += text;
        },
      }),
  });
  const events = eventsOf(stdout);
  const of = (name) => events.filter(({ event }) => event === name);
  const all = JSON.stringify(events);
  const ids = of('subscribed').map(({ frameworkId }) => frameworkId);
  findings.equal('it subscribes twice, with the id it was given', [ids.length, new Set(ids).size], [2, 1]);
  findings.equal('its tasks are launched once', new Set(of('update').map(({ task }) => task)).size, TASKS);
  findings.expect(
    'the next leader answers its reconciliation',
    of('update').some(({ told }) => told === 'when asked'),
    all,
  );
  const errors = of('error').map(({ message }) => message);
  findings.equal(
    'no error but that nobody leads for a moment',
    errors.filter((message) => !PASSING_ERRORS.test(message)),
    [],
  );
}
