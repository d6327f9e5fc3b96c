/** All replays: recorded traffic of the original is sent again, and our answers must be the recorded ones. */
import { join } from 'node:path';
import { LocalCluster } from '../../tools/daemons/local-cluster.mjs';
import { capturesDirectory } from '../captured-traffic.mjs';
import { Unobtainable } from '../findings.mjs';
import { Conversation } from './conversation.mjs';
import { replayErrorAnswers } from './error-answers.mjs';
import { Identities } from './identities.mjs';
import { KNOWN_DIFFERENCES, NOT_REPLAYED, READS_NOT_REPLAYED, TASKS_NOT_REPLAYED } from './known-differences.mjs';
import { replayOperatorReads } from './operator-reads.mjs';
import { readRecording } from './recording.mjs';
import { replayTaskLifecycles } from './task-lifecycles.mjs';

const CONVERSATIONS = [
  'v1-json-scheduler',
  'v1-json-executor',
  'v1-test-http-framework',
  'v1-operation-feedback-framework',
  'mesos-execute-command',
  'mesos-execute-http_command_executor',
  'mesos-execute-taskgroup',
];
/** In these the executor was one of the original's own, which ours runs inside the agent: there is nothing to replay. */
const BUILT_IN_EXECUTOR = /^mesos-execute-/;

/** @param {import('../findings.mjs').Findings} findings */
function judge(findings, capture, what, differences) {
  const isKnown = (known, { path }) => known.path.test(path);
  const mine = KNOWN_DIFFERENCES.filter((known) => known.capture.test(capture));
  const surprises = differences.filter((difference) => !mine.some((known) => isKnown(known, difference)));
  for (const known of mine) {
    const times = differences.filter((difference) => isKnown(known, difference)).length;
    findings.note(
      times > 0
        ? `${capture}: ${times} × ${known.path.source}: ${known.why}`
        : `${capture}: no longer differs at ${known.path.source}; take it off the list`,
    );
  }
  findings.noDifferences(`${capture}: ${what}`, surprises);
}

/** @param {import('../findings.mjs').Findings} findings */
export async function runReplays(findings) {
  const captures = capturesDirectory();
  if (captures === undefined) {
    throw new Unobtainable('no captures: neither ../shared/captures nor MESOLITE_CAPTURES');
  }
  for (const name of CONVERSATIONS) {
    if (NOT_REPLAYED[name] !== undefined) {
      findings.note(`${name} is not replayed: ${NOT_REPLAYED[name]}`);
      continue;
    }
    const moments = readRecording(join(captures, name, 'flows')).filter(
      ({ api }) => api === 'scheduler' || !BUILT_IN_EXECUTOR.test(name),
    );
    // Only frameworks that checkpoint were recorded with their agent's flag set; the flag follows the framework.
    const cluster = await LocalCluster.start();
    const conversation = new Conversation(cluster, new Identities());
    try {
      await conversation.hold(moments);
    } finally {
      await cluster.stop();
    }
    const { requests, events, differences } = conversation;
    judge(findings, name, `${requests} requests and ${events} events as recorded`, differences);
  }
  const errors = await replayErrorAnswers(join(captures, 'operator-mutations-and-errors'));
  judge(
    findings,
    'operator-mutations-and-errors',
    `${errors.requests} error answers and ${errors.events} events as recorded (${errors.leftOut} exchanges concern what is not built yet)`,
    errors.differences,
  );
  const reads = await replayOperatorReads(join(captures, 'operator'));
  for (const pattern of reads.leftOut)
    findings.note(`operator: ${pattern} are not read: ${READS_NOT_REPLAYED[pattern]}`);
  judge(findings, 'operator', `${reads.requests} reads as recorded`, reads.differences);
  for (const [task, why] of Object.entries(TASKS_NOT_REPLAYED)) {
    findings.note(`task-lifecycles-json: ${task} is not launched: ${why}`);
  }
  const lifecycles = await replayTaskLifecycles(join(captures, 'task-lifecycles-json'));
  judge(
    findings,
    'task-lifecycles-json',
    `${lifecycles.tasks} tasks, ${lifecycles.events} updates as recorded`,
    lifecycles.differences,
  );
}
