/**
 * A framework of foreign make through the death of the leading master, on a cluster that finds its leader in ZooKeeper: its
 * tasks run on two agents when the leader is killed; those of the one end while nobody leads, those of the other under the
 * next leader. Judges by what any client can read.
 */
import { waitFor } from '../tools/daemons/daemon-process.mjs';
import { ElectedCluster } from './elected-cluster.mjs';

/** Runs until `ElectedCluster.release`, by which each task gets a file in its sandbox. */
export const WAITING_COMMAND = 'while [ ! -e release ]; do sleep 0.1; done; echo released';
/** Room for two tasks of one cpu on each agent, and for an executor. */
const RESOURCES = 'cpus:2.5;mem:1024;disk:1024;ports:[31000-31009]';
export const TASKS = 4;
const BACK_LIMIT_MS = 45_000;
const NEVER = ['dropped_messages', 'invalid_status_updates', 'invalid_status_update_acknowledgements', 'tasks_lost'];

/**
 * @param {import('./findings.mjs').Findings} findings
 * @param {{ masters?: number, endsWithoutLeader?: boolean,
 *   run: (cluster: ElectedCluster, signal: AbortSignal) => Promise<import('./foreign-program.mjs').Outcome> }} framework
 *   `run` resolves when the framework has ended; it must run `TASKS` tasks that wait for their release. Without
 *   `endsWithoutLeader` no task ends before the framework is back.
 * @returns what `run` resolved with
 */
export async function throughFailover(findings, { masters, endsWithoutLeader = true, run }) {
  const cluster = await ElectedCluster.start({ masters, resources: RESOURCES });
  const abort = new AbortController();
  try {
    const running = run(cluster, abort.signal);
    const early = running.then(({ code, output }) => {
      throw new Error(`the framework ended early with ${code}:\n${output.slice(-1500)}`);
    });
    const before = await Promise.race([early, loseLeader(cluster, endsWithoutLeader)]);
    cluster.release(1);
    if (!endsWithoutLeader) cluster.release(0);
    early.catch(() => {});
    const outcome = await running;
    findings.trace(outcome.output);
    const detail = `${outcome.timedOut ? 'it took too long\n' : ''}${outcome.output.slice(-1500)}\n${cluster.sandboxErrors()}`;
    findings.expect('the framework ends by itself, content', outcome.code === 0, detail);
    await judge(findings, cluster, before);
    return outcome;
  } finally {
    abort.abort();
    await cluster.stop();
  }
}

/** Kills the leader in the midst of it. Resolves with the framework as the first leader knew it, once all are back. */
async function loseLeader(cluster, endsWithoutLeader) {
  const runs = async () => {
    const [framework] = (await cluster.read('/state')).frameworks;
    const states = framework?.tasks.map(({ state }) => state) ?? [];
    return states.length === TASKS && states.every((state) => state === 'TASK_RUNNING') && framework;
  };
  const before = await waitFor(`${TASKS} running tasks`, runs, { limitMs: 30_000 });
  await cluster.killLeader();
  if (endsWithoutLeader) cluster.release(0);
  await cluster.elected();
  await cluster.agentsRegistered();
  const back = async () => {
    const { frameworks, completed_frameworks: completed } = await cluster.read('/state');
    return [...frameworks, ...completed].some(({ id, active }) => id === before.id && (active || completed.length > 0));
  };
  await waitFor('the framework to be back', back, { limitMs: BACK_LIMIT_MS });
  return before;
}

async function judge(findings, cluster, before) {
  const { frameworks, completed_frameworks: completed } = await cluster.read('/state');
  findings.equal(
    'it is the same framework to the next leader, and has ended there',
    [frameworks.length, completed.length, completed[0]?.id],
    [0, 1, before.id],
  );
  const finished = (completed[0]?.completed_tasks ?? []).map(({ id, state }) => `${id} ${state}`);
  const expected = before.tasks.map(({ id }) => `${id} TASK_FINISHED`);
  findings.equal(
    'the tasks that ran when the leader was killed have finished, each once',
    finished.filter((task) => expected.includes(task)).sort(),
    expected.sort(),
  );
  findings.expect(
    'no task ended otherwise',
    finished.every((task) => task.endsWith(' TASK_FINISHED')),
    finished.join('\n'),
  );
  const metrics = await cluster.read('/metrics/snapshot');
  findings.equal(
    'the next leader has dropped and refused nothing',
    NEVER.map((name) => metrics[`master/${name}`]),
    NEVER.map(() => 0),
  );
  const acknowledged = metrics['master/valid_status_update_acknowledgements'];
  findings.expect(
    `each end is acknowledged to it`,
    acknowledged >= expected.length,
    `${acknowledged} acknowledgements`,
  );
}
