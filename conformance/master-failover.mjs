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
const NEVER = ['dropped_messages', 'invalid_status_update_acknowledgements', 'tasks_lost'];

/**
 * @typedef {object} Framework
 * @property {(cluster: ElectedCluster, signal: AbortSignal) => Promise<import('./foreign-program.mjs').Outcome>} run
 *   Resolves when the framework has ended. It is to run `TASKS` tasks that wait for their release, of one cpu each.
 * @property {{ masters?: number, masterArgs?: readonly string[], agentArgs?: readonly string[] }} [cluster]
 * @property {() => boolean} [hasHeard] Whether it has heard that its tasks run. Until then the leader lives.
 * @property {() => boolean} [isBack] Whether it has come to terms with the next leader. Until then tasks of the second agent
 *   run.
 * @property {boolean} [endsWithoutLeader] Unless true, tasks of the first agent do, too.
 */

/**
 * @param {import('./findings.mjs').Findings} findings
 * @param {Framework} framework
 * @returns what `run` resolved with
 */
export async function throughFailover(findings, framework) {
  const cluster = await ElectedCluster.start({ ...framework.cluster, resources: RESOURCES });
  const abort = new AbortController();
  try {
    const running = framework.run(cluster, abort.signal);
    const early = running.then(({ code }) => {
      throw new Error(`the framework ended early with ${code}`);
    });
    const before = await Promise.race([early, loseLeader(cluster, framework)]).catch(async (error) => {
      abort.abort();
      const { output } = await running;
      findings.trace(`${output}\n${cluster.master.log}`);
      throw new Error(`${error.message}\n${output.slice(-3000)}\n${cluster.sandboxErrors()}`);
    });
    cluster.release(1);
    if (!framework.endsWithoutLeader) cluster.release(0);
    const outcome = await running;
    findings.trace(outcome.output);
    const tail = `${outcome.output.slice(-1500)}\n${cluster.sandboxErrors()}`;
    const detail = outcome.timedOut ? `it took too long\n${tail}` : tail;
    findings.trace(cluster.master.log);
    findings.expect('the framework ends by itself, content', outcome.code === 0, detail);
    await judge(findings, cluster, before);
    return outcome;
  } finally {
    abort.abort();
    await cluster.stop();
  }
}

/** Kills the leader in the midst of it. Resolves with the framework as the first leader knew it, once all are back. */
async function loseLeader(cluster, { hasHeard = always, isBack = always, endsWithoutLeader = false }) {
  const runs = async () => {
    const [framework] = (await cluster.read('/state')).frameworks;
    const states = framework?.tasks.map(({ state }) => state) ?? [];
    return states.length === TASKS && states.every((state) => state === 'TASK_RUNNING') && hasHeard() && framework;
  };
  const before = await waitFor(`${TASKS} running tasks`, runs, { limitMs: 30_000 });
  await cluster.killLeader();
  if (endsWithoutLeader) cluster.release(0);
  await cluster.elected();
  await cluster.agentsRegistered();
  const back = async () => {
    const { frameworks } = await cluster.read('/state');
    return frameworks.some(({ id, active }) => id === before.id && active) && isBack();
  };
  await waitFor('the framework to be back', back, { limitMs: BACK_LIMIT_MS });
  return before;
}

const always = () => true;

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
    'the next leader has dropped nothing, and refused no acknowledgement',
    NEVER.map((name) => metrics[`master/${name}`]),
    NEVER.map(() => 0),
  );
  // With the original, too, those count as invalid that come before the framework is back, and repeated ends: an agent says
  // again what is not acknowledged, when it is registered and when the framework is back.
  const refused = metrics['master/invalid_status_updates'];
  findings.expect('it has refused no update but early and repeated ones', refused <= 2 * TASKS, `${refused} refused`);
  const acknowledged = metrics['master/valid_status_update_acknowledgements'];
  findings.expect(
    `each end is acknowledged to it`,
    acknowledged >= expected.length,
    `${acknowledged} acknowledgements`,
  );
}
