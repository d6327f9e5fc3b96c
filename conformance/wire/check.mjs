/** All replays of what daemons, drivers and executors of the original told each other, with our master and our agent. */
import { capturesDirectory } from '../captured-traffic.mjs';
import { Unobtainable } from '../findings.mjs';
import { holdScene } from './hold-scene.mjs';
import { NOT_COMPARED, REVIEWED } from './reviewed-differences.mjs';
import { NOT_HELD, SCENES } from './scenes.mjs';

/** Conversations wait for each other more than they work: a few at once. */
const AT_ONCE = 4;

function reviewOf(ours, { path }) {
  return REVIEWED.find((reviewed) => reviewed.ours === ours && reviewed.path.test(path));
}

/** @param {import('../findings.mjs').Findings} findings */
export async function runWireReplays(findings) {
  const captures = capturesDirectory();
  if (captures === undefined) {
    throw new Unobtainable('no captures: neither ../shared/captures nor MESOLITE_CAPTURES');
  }
  const all = SCENES.flatMap((scene) => ['master', 'agent'].map((ours) => ({ scene, ours })));
  // The long ones first, so that none is left alone at the end.
  const waiting = all.sort((a, b) => (b.scene.deaths?.length ?? 0) - (a.scene.deaths?.length ?? 0));
  const met = new Map();
  const hold = async ({ scene, ours }) => {
    const { sent, compared, calls, differences, log } = await holdScene(scene, ours, captures);
    const surprises = differences.filter((difference) => reviewOf(ours, difference) === undefined);
    for (const difference of differences) {
      const reviewed = reviewOf(ours, difference);
      if (reviewed !== undefined) met.set(reviewed, (met.get(reviewed) ?? 0) + 1);
    }
    const web = calls === 0 ? '' : `, ${calls} calls and events`;
    const what = `${compared} messages as recorded upon ${sent} of others${web}`;
    findings.noDifferences(`${scene.name}, our ${ours}: ${what}`, surprises);
    if (scene.leftOut !== undefined && ours === 'master')
      findings.note(`${scene.name}: not all is said: ${scene.leftOut.why}`);
    if (surprises.length > 0) findings.trace(log);
    return compared;
  };
  const counts = [];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) counts.push(await hold(next));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  findings.note(`${counts.length} conversations, ${counts.reduce((sum, count) => sum + count, 0)} messages compared`);
  for (const reviewed of REVIEWED) {
    const times = met.get(reviewed) ?? 0;
    findings.note(`${reviewed.path.source}: ${times === 0 ? 'no longer differs' : `${times} ×`}: ${reviewed.why}`);
  }
  for (const [name, why] of Object.entries(NOT_HELD)) findings.note(`${name} is not held: ${why}`);
  for (const text of NOT_COMPARED) findings.note(`not compared: ${text}`);
}
