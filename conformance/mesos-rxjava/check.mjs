/**
 * A6: a framework of ours in Java on the foreign client mesos-rxjava, which speaks protobuf to the v1 API; once with one
 * master and once through the death of the leader.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalCluster } from '../../tools/daemons/local-cluster.mjs';
import { Unobtainable } from '../findings.mjs';
import { cached, obtainStep, runForeign } from '../foreign-program.mjs';
import { TASKS, throughFailover, WAITING_COMMAND } from '../master-failover.mjs';

const CLIENT = 'mesos-rxjava-protobuf-client 0.2.0 (Maven)';
const COPY_JARS = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
const here = dirname(fileURLToPath(import.meta.url));

async function need(program, debianPackage) {
  const { code } = await runForeign(program, ['-version']);
  if (code !== 0) throw new Unobtainable(`no ${program} here (Debian package ${debianPackage})`);
}

/** The jars as they came from Maven's registry, each with the bytes it had when this was written. */
async function obtain() {
  await need('javac', 'openjdk-17-jdk-headless');
  const sums = readFileSync(join(here, 'jars.sha256'), 'utf8');
  const pom = readFileSync(join(here, 'pom.xml'), 'utf8');
  const directory = await cached('mesos-rxjava', [COPY_JARS, sums, pom], async (at) => {
    await need('mvn', 'maven');
    copyFileSync(join(here, 'pom.xml'), join(at, 'pom.xml'));
    const jars = join(at, 'jars');
    rmSync(jars, { recursive: true, force: true });
    await obtainStep(CLIENT, 'mvn', ['-B', '-q', COPY_JARS, `-DoutputDirectory=${jars}`], { cwd: at });
    const found = readdirSync(jars)
      .sort()
      .map(
        (name) =>
          `${createHash('sha256')
            .update(readFileSync(join(jars, name)))
            .digest('hex')}  ${name}`,
      );
    if (`${found.join('\n')}\n` !== sums) throw new Error(`the jars of ${CLIENT} are not those of jars.sha256`);
  });
  return join(directory, 'jars');
}

/** Compiles the framework into a directory of its own while `use` runs; gives it a function that runs it. */
async function withFramework(findings, use) {
  const jars = await obtain();
  const classes = mkdtempSync(join(tmpdir(), 'mesolite-classes-'));
  const source = join(here, 'waiting-tasks.java');
  try {
    const compiled = await runForeign('javac', ['-d', classes, '-cp', join(jars, '*'), source]);
    findings.expect('the framework compiles', compiled.code === 0, compiled.output);
    if (compiled.code === 0) {
      const jvm = ['-XX:TieredStopAtLevel=1', '-Xmx128m', '-cp', `${classes}:${join(jars, '*')}`, 'WaitingTasks'];
      await use((args, options) => runForeign('java', [...jvm, ...args.map(String)], options));
    }
  } finally {
    rmSync(classes, { recursive: true, force: true });
  }
}

function factsOf({ stdout }) {
  return stdout.split('\n').flatMap((line) => (line.startsWith('@') ? [line.slice(1)] : []));
}

const count = (facts, pattern) => facts.filter((fact) => pattern.test(fact)).length;

/** @param {import('../findings.mjs').Findings} findings */
export function runMesosRxjava(findings) {
  return withFramework(findings, async (run) => {
    const cluster = await LocalCluster.start();
    try {
      const outcome = await run([`127.0.0.1:${cluster.master.port}`, TASKS, 'sleep 1; echo done'], { limitMs: 60_000 });
      findings.trace(outcome.output);
      const facts = factsOf(outcome);
      const detail = `${outcome.output.slice(-1000)}\n${cluster.sandboxErrors()}`;
      findings.expect('the framework exits with 0', outcome.code === 0, detail);
      const id = facts.find((fact) => fact.startsWith('subscribed '))?.slice('subscribed '.length);
      findings.expect('it is subscribed under the id it chose', /^chosen-/.test(id), id);
      for (const state of ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']) {
        findings.equal(
          `each task is told and acknowledged as ${state}`,
          count(facts, new RegExp(`${state}$`)),
          2 * TASKS,
        );
      }
      const { frameworks, completed_frameworks: completed } = await cluster.read('/state');
      findings.equal('the framework has ended', [frameworks.length, completed.map((one) => one.id)], [0, [id]]);
      findings.equal(
        `/state has ${TASKS} tasks in TASK_FINISHED`,
        (completed[0]?.completed_tasks ?? []).map((task) => task.state),
        Array(TASKS).fill('TASK_FINISHED'),
      );
    } finally {
      await cluster.stop();
    }
  });
}

/** @param {import('../findings.mjs').Findings} findings */
export function runMesosRxjavaFailover(findings) {
  return withFramework(findings, async (run) => {
    const outcome = await throughFailover(findings, {
      // The last to come stands by first and last: the client is redirected each time.
      cluster: { masters: 3 },
      endsWithoutLeader: true,
      run: ({ masters: [, second, third] }, signal) =>
        run([[third, second].map(({ port }) => `127.0.0.1:${port}`), TASKS, WAITING_COMMAND], {
          limitMs: 90_000,
          signal,
        }),
    });
    const facts = factsOf(outcome);
    findings.equal(
      'it subscribes twice, under one id',
      new Set(facts.filter((fact) => /^subscribed /.test(fact))).size,
      1,
    );
    findings.equal('and no more often', count(facts, /^subscribed /), 2);
    findings.expect(
      'the next leader tells of its tasks when asked',
      count(facts, /\(reconciled\)$/) >= TASKS,
      facts.join('\n'),
    );
    findings.equal('every end is acknowledged', count(facts, /acknowledged TASK_FINISHED$/), TASKS);
  });
}
