/**
 * A2: pymesos, as scheduler, executor and operator of our own writing on its drivers, and its `subprocess` over the cluster; a
 * scheduler on it that finds the next master in ZooKeeper.
 */
import { copyFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalCluster } from '../../tools/daemons/local-cluster.mjs';
import { Unobtainable } from '../findings.mjs';
import { cached, obtainStep, runForeign } from '../foreign-program.mjs';
import { TASKS, throughFailover, WAITING_COMMAND } from '../master-failover.mjs';
import { runOperator } from './operator.mjs';

const PACKAGES = ['pymesos==0.3.15', 'addict==2.4.0'];
/** Debian's, since PyPI's http-parser no longer builds. Another python3 may come first on the path. */
const SYSTEM_PYTHON = '/usr/bin/python3';
const SYSTEM_MODULES = ['http_parser', 'kazoo', 'six'];
const here = dirname(fileURLToPath(import.meta.url));

async function obtain() {
  if (!existsSync(SYSTEM_PYTHON)) throw new Unobtainable(`${SYSTEM_PYTHON} does not exist`);
  const modules = await runForeign(SYSTEM_PYTHON, ['-c', `import ${SYSTEM_MODULES.join(', ')}`]);
  if (modules.code !== 0) {
    throw new Unobtainable(
      `${SYSTEM_PYTHON} lacks a module (${modules.output.trim().split('\n').at(-1)}): ` +
        'apt install python3-http-parser python3-kazoo python3-six',
    );
  }
  const directory = await cached('pymesos', PACKAGES, async (at) => {
    const venv = join(at, 'venv');
    await obtainStep('a Python virtual environment', SYSTEM_PYTHON, [
      '-m',
      'venv',
      '--clear',
      '--system-site-packages',
      venv,
    ]);
    await obtainStep(`${PACKAGES.join(' and ')} (PyPI)`, join(venv, 'bin', 'pip'), [
      'install',
      '--no-deps',
      ...PACKAGES,
    ]);
  });
  return join(directory, 'venv', 'bin', 'python3');
}

/** @param {import('../findings.mjs').Findings} findings @param {string} python @param {LocalCluster} cluster */
async function runDrivers(findings, python, cluster) {
  // The executor runs in a sandbox, from where it must be found.
  const executor = join(cluster.directory, 'executor.py');
  copyFileSync(join(here, 'executor.py'), executor);
  const { code, output, stdout, timedOut } = await runForeign(
    python,
    [join(here, 'scheduler.py'), `127.0.0.1:${cluster.master.port}`, `exec '${python}' '${executor}'`],
    { limitMs: 60_000 },
  );
  findings.trace(output);
  const detail = `${timedOut ? 'it took too long\n' : ''}${output.slice(-1000)}\n${cluster.sandboxErrors()}`;
  findings.expect('drivers: the scheduler exits with 0', code === 0, detail);
  const line = stdout.split('\n').findLast((text) => text.startsWith('{'));
  if (line === undefined) return;
  const seen = JSON.parse(line);
  findings.equal('drivers: states of the task that ends', seen.states.ends, ['TASK_RUNNING', 'TASK_FINISHED']);
  findings.equal('drivers: states of the task that is killed', seen.states.killed, ['TASK_RUNNING', 'TASK_KILLED']);
  findings.equal('drivers: the executor sees the task data', seen.data, 'data of ends');
  findings.equal('drivers: a message goes there and back', seen.messages, ['echo: ping']);
  findings.equal('drivers: reconciliation tells the latest state', seen.reconciled, ['TASK_RUNNING']);
  findings.equal('drivers: messages of the executor pass unchanged', seen.lastWords, 'ends: über 100 %');
  findings.expect('drivers: declined offers come back after their filter', seen.declined > 0, line);
}

/** @param {import('../findings.mjs').Findings} findings @param {string} python @param {LocalCluster} cluster */
async function runSubprocess(findings, python, cluster) {
  const { code, output, stdout, timedOut } = await runForeign(python, [join(here, 'remote-echo.py')], {
    env: { MESOS_MASTER: `127.0.0.1:${cluster.master.port}` },
    limitMs: 60_000,
  });
  findings.trace(output);
  const detail = `${timedOut ? 'it took too long\n' : ''}${output.slice(-1000)}\n${cluster.sandboxErrors()}`;
  findings.expect('subprocess: exits with 0', code === 0, detail);
  findings.equal('subprocess: output of the remote processes', stdout.trim().split('\n'), [
    "b'hello\\n'",
    'exit 3',
    "b'12\\n'",
  ]);
  const state = await cluster.read('/state');
  const framework = state.completed_frameworks.find(({ name }) => name.startsWith('ProcScheduler'));
  findings.expect('subprocess: /state lists the completed framework', framework !== undefined);
  findings.equal(
    'subprocess: and its tasks as finished',
    [...new Set(framework?.completed_tasks.map((task) => task.state))],
    ['TASK_FINISHED'],
  );
}

/** @param {import('../findings.mjs').Findings} findings */
export async function runPymesos(findings) {
  const python = await obtain();
  const cluster = await LocalCluster.start();
  try {
    await runDrivers(findings, python, cluster);
    await runSubprocess(findings, python, cluster);
  } finally {
    await cluster.stop();
  }
  await runOperator(findings, python);
}

/** @param {import('../findings.mjs').Findings} findings */
export async function runPymesosFailover(findings) {
  const python = await obtain();
  const { stdout } = await throughFailover(findings, {
    endsWithoutLeader: true,
    run: (cluster, signal) =>
      runForeign(python, [join(here, 'waiting.py'), cluster.masterAddress, String(TASKS), WAITING_COMMAND], {
        limitMs: 90_000,
        signal,
      }),
  });
  const facts = stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  const of = (name) => facts.filter(({ event }) => event === name);
  const subscriptions = [...of('registered'), ...of('reregistered')];
  findings.equal(
    'it registers once and reregisters once, under one id, with two masters',
    [
      of('registered').length,
      of('reregistered').length,
      ...['id', 'port'].map((key) => new Set(subscriptions.map((one) => one[key])).size),
    ],
    [1, 1, 1, 2],
  );
  const told = of('update').filter(({ asked }) => asked);
  findings.expect('the next leader answers its reconciliation', told.length >= TASKS, JSON.stringify(facts));
}
