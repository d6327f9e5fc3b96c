/** From what was written after `--master` to addresses: masters themselves, or whoever leads by ZooKeeper or a file. */
import { detectMaster, type MasterDetector, masterPlace } from '@mesolite/coordination';
import { systemClock, systemTimers } from '@mesolite/daemon';
import { silentLog } from '@mesolite/ports';
import { CommandError } from './exit-codes.ts';

/** How long somebody may take to lead, in milliseconds. */
const LEADER_LIMIT_MS = 10_000;

/** Whether the masters' addresses are to be asked for: `zk://…`, `file://…`. */
export function namesNoAddress(master: string): boolean {
  return /^(zk|file):\/\//.test(master);
}

/** The leader's address at the moment. Throws CommandError when nobody leads within 10 s. */
export async function leaderAddress(master: string): Promise<string> {
  if (!namesNoAddress(master)) return master;
  const leader = await followLeader(master);
  try {
    return await leader.address();
  } finally {
    leader.close();
  }
}

export interface FollowedLeader {
  /** Whoever leads now. Throws CommandError when nobody does within 10 s. */
  address(): Promise<string>;
  close(): void;
}

/** For connections that are to outlive a leader. */
export async function followLeader(master: string): Promise<FollowedLeader> {
  if (!namesNoAddress(master)) return { address: async () => master, close() {} };
  const place = await masterPlace(master, silentLog);
  if (!place.ok) throw new CommandError(`--master: ${place.error}`);
  const detector = detectMaster(place.value, { clock: systemClock, timers: systemTimers, log: silentLog });
  return { address: () => nextLeader(detector, master), close: () => detector.close() };
}

async function nextLeader(detector: MasterDetector, master: string): Promise<string> {
  let stop: () => void = () => {};
  let limit: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      stop = detector.watch((leader) => {
        if (leader !== undefined) resolve(`${leader.ip}:${leader.port}`);
      });
      limit = setTimeout(() => {
        // A password may be in the address.
        const shown = master.replace(/\/\/[^@/]*@/, '//');
        reject(new CommandError(`no leading master was found at ${shown} within ${LEADER_LIMIT_MS / 1000} s`));
      }, LEADER_LIMIT_MS);
    });
  } finally {
    clearTimeout(limit);
    stop();
  }
}
