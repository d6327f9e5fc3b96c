/**
 * A1: the example scheduler of mesos-go with its own executor, which it serves to the agent over HTTP, once speaking
 * protobuf and once JSON. It ends by itself when all its tasks have finished. Then an operator of our own writing on
 * mesos-go's client for masters, in both codecs too.
 */
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalCluster } from '../../tools/daemons/local-cluster.mjs';
import { cached, obtainStep, runForeign } from '../foreign-program.mjs';
import { runOperator } from './operator.mjs';

const TASKS = 5;
const PROGRAMS = ['example-scheduler', 'example-executor'];
const SOURCES = ['go.mod', 'main.go', join('operator', 'main.go')];
const here = dirname(fileURLToPath(import.meta.url));

function obtain() {
  const recipe = SOURCES.map((name) => readFileSync(join(here, name), 'utf8'));
  return cached('mesos-go', recipe, async (directory) => {
    for (const name of ['bin', 'operator']) mkdirSync(join(directory, name), { recursive: true });
    for (const name of SOURCES) copyFileSync(join(here, name), join(directory, name));
    const env = { GOFLAGS: '-mod=mod -buildvcs=false', CGO_ENABLED: '0' };
    const packages = PROGRAMS.map((name) => `github.com/mesos/mesos-go/api/v1/cmd/${name}`);
    await obtainStep('mesos-go v0.0.11 (Go proxy)', 'go', ['build', '-o', 'bin/', ...packages, './operator'], {
      cwd: directory,
      env,
    });
  });
}

/** @param {import('../findings.mjs').Findings} findings */
export async function runMesosGo(findings) {
  const bin = join(await obtain(), 'bin');
  for (const codec of ['protobuf', 'json']) {
    const cluster = await LocalCluster.start();
    try {
      const { code, output, timedOut } = await runForeign(
        join(bin, 'example-scheduler'),
        [
          `-url=http://127.0.0.1:${cluster.master.port}/api/v1/scheduler`,
          '-exec.image=',
          `-executor=${join(bin, 'example-executor')}`,
          `-tasks=${TASKS}`,
          '-cpu=0.1',
          `-codec=${codec}`,
          '-metrics.port=0',
          '-verbose',
        ],
        { env: { EXEC_IMAGE: '' }, limitMs: 90_000 },
      );
      findings.trace(output);
      const tail = `${output.slice(-700)}\n-- executors --\n${cluster.sandboxErrors()}`;
      // Its main function takes the end of its own context for an error: 1 with these words is how it succeeds.
      const success = code === 0 || (code === 1 && /terminating\n[\s\S]*context canceled\s*$/.test(output));
      findings.expect(`${codec}: the scheduler ends by itself`, success, timedOut ? `it took too long\n${tail}` : tail);
      findings.expect(
        `${codec}: it reports "mission accomplished"`,
        output.includes('mission accomplished, terminating'),
        tail,
      );
      const state = await cluster.read('/state');
      const tasks = [...state.frameworks, ...state.completed_frameworks].flatMap((framework) => [
        ...framework.completed_tasks,
        ...framework.tasks,
      ]);
      findings.equal(
        `${codec}: /state has ${TASKS} tasks in TASK_FINISHED`,
        tasks.map((task) => task.state),
        Array(TASKS).fill('TASK_FINISHED'),
      );
    } finally {
      await cluster.stop();
    }
  }
  await runOperator(findings, join(bin, 'operator'));
}
