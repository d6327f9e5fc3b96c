/**
 * A3: the v0 example scheduler of mesos-go with its v0 executor, both of which speak the messages from before
 * `mesos.scheduler.Call`; once as anybody, once authenticated by CRAM-MD5, once with the wrong secret, and once looking for
 * the master in ZooKeeper; and once more there while the leading master is killed.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../tools/daemons/daemon-process.mjs';
import { LocalCluster } from '../../tools/daemons/local-cluster.mjs';
import { Unobtainable } from '../findings.mjs';
import { cached, obtainStep, runForeign } from '../foreign-program.mjs';
import { throughFailover } from '../master-failover.mjs';

const TASKS = 5;
const EXAMPLES = 'github.com/mesos/mesos-go/api/v0/examples';
const PROGRAMS = ['scheduler', 'executor'];
/** The example leaves out what finds masters in ZooKeeper; this file is put beside it. */
const WITH_ZOOKEEPER = 'package main\n\nimport _ "github.com/mesos/mesos-go/api/v0/detector/zoo"\n';
/** Its executor ends each task at once; this one of ours, on the same driver, waits. */
const WAITING_EXECUTOR = join('waiting-executor', 'main.go');
const CREDENTIAL = { principal: 'go', secret: 'sesame' };
const here = dirname(fileURLToPath(import.meta.url));

function obtain() {
  const ours = ['go.mod', 'main.go', WAITING_EXECUTOR];
  const recipe = [WITH_ZOOKEEPER, ...ours.map((name) => readFileSync(join(here, name), 'utf8'))];
  return cached('mesos-go-v0', recipe, async (directory) => {
    for (const name of ['bin', 'zk-scheduler', 'waiting-executor'])
      mkdirSync(join(directory, name), { recursive: true });
    for (const name of ours) copyFileSync(join(here, name), join(directory, name));
    const options = { cwd: directory, env: { GOFLAGS: '-mod=mod -buildvcs=false', CGO_ENABLED: '0' } };
    const build = (...packages) =>
      obtainStep('mesos-go v0.0.11 (Go proxy)', 'go', ['build', '-o', 'bin/', ...packages], options);
    await build(...PROGRAMS.map((name) => `${EXAMPLES}/${name}`));
    const source = await obtainStep('the example', 'go', ['list', '-f', '{{.Dir}}', `${EXAMPLES}/scheduler`], options);
    writeFileSync(join(directory, 'zk-scheduler', 'main.go'), readFileSync(join(source.trim(), 'main.go')));
    writeFileSync(join(directory, 'zk-scheduler', 'zookeeper.go'), WITH_ZOOKEEPER);
    await build('./zk-scheduler', './waiting-executor');
  });
}

/** @param {import('../findings.mjs').Findings} findings */
export async function runMesosGoV0(findings) {
  const bin = join(await obtain(), 'bin');
  const directory = mkdtempSync(join(tmpdir(), 'mesolite-credentials-'));
  try {
    const files = credentialFiles(directory);
    await runsTasks(findings, bin, { name: 'anybody', cluster: {}, schedulerArgs: [] });
    const strict = strictCluster(files);
    await runsTasks(findings, bin, { name: 'authenticated', cluster: strict, schedulerArgs: loginArgs(files.secret) });
    await isRefused(findings, bin, { cluster: strict, schedulerArgs: loginArgs(files.wrongSecret) });
    await runsOverZooKeeper(findings, bin);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Paths of files as the daemons and mesos-go read them: JSON, and the bare secret. */
function credentialFiles(directory) {
  const agent = { principal: 'agent', secret: 'open' };
  const write = (name, text) => {
    const path = join(directory, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  return {
    all: write('credentials', JSON.stringify({ credentials: [CREDENTIAL, agent] })),
    agent: write('credential', JSON.stringify(agent)),
    secret: write('secret', CREDENTIAL.secret),
    wrongSecret: write('wrong-secret', 'wrong'),
  };
}

/** Nobody is let in there without a credential. */
function strictCluster(files) {
  return {
    masterArgs: ['--authenticate_frameworks', '--authenticate_agents', `--credentials=${files.all}`],
    agentArgs: [`--credential=${files.agent}`],
  };
}

function loginArgs(secretFile) {
  return [`-mesos_authentication_principal=${CREDENTIAL.principal}`, `-mesos_authentication_secret_file=${secretFile}`];
}

async function runsOverZooKeeper(findings, bin) {
  const { ZooKeeperEnsemble, zookeeperObstacle } = await import('@mesolite/coordination/testing');
  const obstacle = zookeeperObstacle();
  if (obstacle !== undefined) throw new Unobtainable(obstacle);
  const ensemble = await ZooKeeperEnsemble.start();
  try {
    const url = `zk://${ensemble.servers}/mesos`;
    await runsTasks(findings, bin, {
      name: 'over zk://',
      cluster: { masterArgs: [`--zk=${url}`, '--quorum=1'] },
      schedulerArgs: [],
      found: { program: 'zk-scheduler', master: url },
    });
  } finally {
    await ensemble.end();
  }
}

/** @param {{ master: string, args?: readonly string[], program?: string, executor?: string }} what `master`: where it is */
async function runScheduler(bin, { master, args = [], program = 'scheduler', executor = 'executor' }, options) {
  return runForeign(
    join(bin, program),
    [
      `-master=${master}`,
      '-address=127.0.0.1',
      `-artifactPort=${await freePort()}`,
      `-executor=${join(bin, executor)}`,
      `-task-count=${TASKS}`,
      '-logtostderr=true',
      ...args,
    ],
    options,
  );
}

async function runsTasks(findings, bin, { name, cluster: options, schedulerArgs, found }) {
  const cluster = await LocalCluster.start(options);
  try {
    const what = { master: cluster.masterAddress, args: schedulerArgs, ...found };
    const { code, output, timedOut } = await runScheduler(bin, what, { limitMs: 90_000 });
    findings.trace(output);
    const tail = `${output.slice(-700)}\n-- executors --\n${cluster.sandboxErrors()}`;
    findings.expect(`${name}: the scheduler ends by itself`, code === 0, timedOut ? `it took too long\n${tail}` : tail);
    findings.expect(`${name}: it reports "Total tasks completed"`, output.includes('Total tasks completed'), tail);
    const { frameworks, completed_frameworks: completed } = await cluster.read('/state');
    const [framework] = completed;
    findings.equal(`${name}: the framework has ended`, [frameworks.length, completed.length], [0, 1]);
    findings.equal(
      `${name}: /state has ${TASKS} tasks in TASK_FINISHED`,
      (framework?.completed_tasks ?? []).map((task) => task.state),
      Array(TASKS).fill('TASK_FINISHED'),
    );
    findings.expect(`${name}: /state tells the driver's pid`, /^scheduler\(1\)@/.test(framework?.pid), framework?.pid);
    const metrics = await cluster.read('/metrics/snapshot');
    const invalid = ['dropped_messages', 'invalid_status_updates', 'invalid_status_update_acknowledgements'];
    findings.equal(
      `${name}: the master has dropped nothing`,
      invalid.map((metric) => metrics[`master/${metric}`]),
      [0, 0, 0],
    );
  } finally {
    await cluster.stop();
  }
}

async function isRefused(findings, bin, { cluster: options, schedulerArgs }) {
  const cluster = await LocalCluster.start(options);
  try {
    const what = { master: cluster.masterAddress, args: schedulerArgs };
    const { code, output } = await runScheduler(bin, what, { limitMs: 20_000 });
    findings.trace(output);
    findings.expect('wrong secret: the scheduler does not succeed', code !== 0, output.slice(-700));
    const { frameworks, completed_frameworks: completed } = await cluster.read('/state');
    findings.equal('wrong secret: no framework was let in', [...frameworks, ...completed], []);
  } finally {
    await cluster.stop();
  }
}

/** @param {import('../findings.mjs').Findings} findings */
export async function runMesosGoV0Failover(findings) {
  const bin = join(await obtain(), 'bin');
  const directory = mkdtempSync(join(tmpdir(), 'mesolite-credentials-'));
  let heard = '';
  // The next leader registers it as if it were new but for the id, as the original does (MESOS-786).
  const registrations = () => heard.match(/Framework registered with ID=\S+/g) ?? [];
  try {
    const files = credentialFiles(directory);
    const { output } = await throughFailover(findings, {
      cluster: strictCluster(files),
      // The example counts what it hears twice twice; so no task ends until nothing is told again.
      isBack: () => registrations().length > 1,
      run: ({ masterAddress: master }, signal) => {
        const args = loginArgs(files.secret);
        const what = { master, args, program: 'zk-scheduler', executor: 'waiting-executor' };
        const sawOutput = (text) => {
          heard += text;
        };
        return runScheduler(bin, what, { limitMs: 90_000, signal, sawOutput });
      },
    });
    const [first, second, ...more] = registrations();
    findings.equal('it registers with both leaders, under one id', [second, more], [first, []]);
    const logins = heard.match(/Authentication success/g) ?? [];
    findings.expect('it proves to each who it is', logins.length >= 2, output);
    findings.expect(
      'the next leader offers it room for one more task',
      output.includes('Total tasks completed'),
      output,
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
