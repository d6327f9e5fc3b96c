/**
 * Who a container runs as: user names looked up where the machine keeps them (files, LDAP, …), by id(1), since node
 * knows no getpwnam. Answers are kept for a short while. Must never change a process's own identity.
 */
import { execFile } from 'node:child_process';
import { BoundedMap, err, ok, type Result } from '@mesolite/base';
import { systemTools } from './system-tools.ts';

/** Numeric ids to take on before a command is executed. */
export interface Identity {
  readonly user: string;
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups. */
  readonly groups: readonly number[];
}

const KEPT_MS = 60_000;
const KEPT_USERS = 256;
const LOOKUP_TIMEOUT_MS = 10_000;

interface Kept {
  readonly untilMs: number;
  readonly answer: Promise<Result<Identity | undefined>>;
}

export class Identities {
  readonly #kept = new BoundedMap<string, Kept>(KEPT_USERS);

  /** Nothing when `user` is who we are already. The error says `No such user 'x'` or why it cannot be taken on. */
  resolve(user: string): Promise<Result<Identity | undefined>> {
    const now = performance.now();
    const kept = this.#kept.get(user);
    if (kept !== undefined && kept.untilMs > now) return kept.answer;
    const answer = lookUp(user);
    this.#kept.set(user, { untilMs: now + KEPT_MS, answer });
    // A user may be created in reaction to the failure; only good answers are worth keeping.
    void answer.then((result) => {
      if (!result.ok) this.#kept.delete(user);
    });
    return answer;
  }
}

async function lookUp(user: string): Promise<Result<Identity | undefined>> {
  const uid = await ids(user, '-u');
  if (uid === undefined) return err(`No such user '${user}'`);
  if (uid[0] === process.geteuid?.()) return ok(undefined);
  if (process.geteuid?.() !== 0) return err('Operation not permitted');
  if (systemTools().setpriv === undefined) return err('setpriv is not installed');
  const [gid, groups] = await Promise.all([ids(user, '-g'), ids(user, '-G')]);
  if (gid === undefined || groups === undefined) return err(`Failed to get the groups of user '${user}'`);
  return ok({ user, uid: uid[0]!, gid: gid[0]!, groups });
}

/** What `id OPTION -- USER` prints; undefined when it knows no such user. */
function ids(user: string, option: string): Promise<readonly [number, ...number[]] | undefined> {
  // A number would be taken for an id by id(1); users are named.
  if (user === '' || user.includes('\0') || /^\+?\d+$/.test(user)) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const file = systemTools().id ?? 'id';
    execFile(file, [option, '--', user], { timeout: LOOKUP_TIMEOUT_MS, env: {} }, (error, stdout) => {
      const [first, ...others] = stdout.trim().split(/\s+/).map(Number);
      resolve(error === null && first !== undefined && Number.isInteger(first) ? [first, ...others] : undefined);
    });
  });
}

/** The words before a command that make it run as `identity`; none where there is nothing to change. */
export function asIdentity(identity: Identity | undefined): readonly string[] {
  if (identity === undefined) return [];
  const groups = identity.groups.length === 0 ? '--clear-groups' : `--groups=${identity.groups.join(',')}`;
  return [systemTools().setpriv ?? 'setpriv', `--reuid=${identity.uid}`, `--regid=${identity.gid}`, groups, '--'];
}
