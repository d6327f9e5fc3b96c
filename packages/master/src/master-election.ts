/** From flags to where masters are elected and where the registry is kept. */
import { join } from 'node:path';
import { err, ok, type Result } from '@mesolite/base';
import { LevelStore, MemoryStore, masterPlace, type Store, ZkSession, ZooKeeperStore } from '@mesolite/coordination';
import { type Flags, systemClock, systemTimers } from '@mesolite/daemon';
import type { Disk, Log } from '@mesolite/ports';

/** The ensemble, and the path below which masters stand for election. */
export interface Election {
  readonly session: ZkSession;
  readonly path: string;
  /** Where old clients look for binary `info_*` nodes, if anywhere. */
  readonly legacyPath: string | undefined;
}

/** Nothing without `--zk`: there is one master, which leads. */
export async function openElection(flags: Flags, log: Log): Promise<Result<Election | undefined>> {
  const text = flags.text('zk');
  const legacyPath = flags.text('zk_legacy_info_path');
  if (text === undefined) {
    if (legacyPath !== undefined) return err('--zk_legacy_info_path: there is no election without --zk');
    return ok(undefined);
  }
  const place = await masterPlace(text, log);
  if (!place.ok) return err(`--zk: ${place.error}`);
  if (place.value.kind !== 'zookeeper') return err("--zk: Expecting 'zk://' at the beginning of the URL");
  const { url } = place.value;
  if (legacyPath === url.path) return err('--zk_legacy_info_path: must not be the path of --zk');
  if (flags.given('quorum'))
    log.info("--quorum is taken for what it was: the ZooKeeper ensemble's own quorum rules what is durable");
  const session = new ZkSession({
    url,
    timeoutMs: flags.durationMs('zk_session_timeout')!,
    clock: systemClock,
    timers: systemTimers,
    log,
  });
  return ok({ session, path: url.path, legacyPath });
}

/** In memory, in ZooKeeper beside the election, or in the work directory. */
export async function registryStore(
  flags: Flags,
  election: Election | undefined,
  { disk, log }: { readonly disk: Disk; readonly log: Log },
): Promise<Result<Store>> {
  const directory = flags.text('work_dir');
  try {
    if (directory !== undefined) await disk.makeDirectory(directory);
  } catch (error) {
    return err(`--work_dir: ${(error as Error).message}`);
  }
  if (flags.text('registry') === 'in_memory') {
    if (election !== undefined)
      log.warning(
        '--registry=in_memory with --zk: the next leader will know nothing of agents, weights, quota and maintenance',
      );
    return ok(new MemoryStore());
  }
  if (election !== undefined) {
    log.info(`The registry is kept in ZooKeeper, at ${election.path}-store`);
    return ok(
      new ZooKeeperStore({
        session: election.session,
        path: `${election.path}-store`,
        fetchTimeoutMs: flags.durationMs('registry_fetch_timeout')!,
        storeTimeoutMs: flags.durationMs('registry_store_timeout')!,
        clock: systemClock,
        timers: systemTimers,
        log,
      }),
    );
  }
  if (directory === undefined) return err('--work_dir is needed unless --registry=in_memory');
  return ok(new LevelStore(join(directory, 'registry')));
}
