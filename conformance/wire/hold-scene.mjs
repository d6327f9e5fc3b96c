/** Holds one recorded conversation with one daemon of ours, from its start to its end. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Identities } from '../replay/identities.mjs';
import { OurDaemon } from './daemons.mjs';
import { readConversation } from './recording.mjs';
import { UNORDERED } from './reviewed-differences.mjs';
import { scriptFor } from './script.mjs';
import { WireConversation } from './wire-conversation.mjs';

/** Files of credentials as operators write them. */
function credentialArgs({ secrets, agentPrincipal }, ours, daemon) {
  if (secrets === undefined) return [];
  const path = join(daemon.subdirectory('credentials'), 'credentials.json');
  const all = Object.entries(secrets).map(([principal, secret]) => ({ principal, secret }));
  const own = all.find(({ principal }) => principal === agentPrincipal);
  writeFileSync(path, JSON.stringify(ours === 'master' ? { credentials: all } : own));
  return [`--${ours === 'master' ? 'credentials' : 'credential'}=${path}`];
}

/**
 * @param {(typeof import('./scenes.mjs').SCENES)[number]} scene
 * @param {'master' | 'agent'} ours
 * @param {string} captures
 */
export async function holdScene(scene, ours, captures) {
  const { flows, deaths, until, leftOut, builtIn = false } = scene;
  const recorded = readConversation(join(captures, flows)).filter(({ t }) => t <= (scene.recordedUntil ?? t));
  const moments = scene.goesOn === undefined ? recorded : scene.goesOn(recorded);
  const steps = scriptFor(ours, moments, { deaths, until: until?.[ours], leftOut, builtInExecutors: builtIn });
  const daemon = await OurDaemon.create(ours);
  const conversation = new WireConversation({
    ours,
    daemon,
    identities: new Identities([], UNORDERED),
    directory: daemon.subdirectory('conversation'),
    secrets: scene.secrets,
    impostors: scene.impostors,
  });
  try {
    await conversation.open(steps);
    const masterPort = conversation.portOf('master');
    const args = [...(scene[`${ours}Args`] ?? []), ...credentialArgs(scene, ours, daemon)];
    await daemon.start({ args, masterPort, resources: scene.resources });
    await conversation.hold(steps);
    const { sent, compared, calls, differences } = conversation;
    return { sent, compared, calls, differences, log: daemon.log };
  } finally {
    await daemon.stop();
    await conversation.close();
  }
}
