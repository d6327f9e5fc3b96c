/**
 * Whether this master leads: alone, always; with ZooKeeper, from its election to its end. A master that has led and does not
 * any more ends its process, as the original does: what it knows cannot be trusted, and starting again is safe. So does one that
 * may not stand for election: it would never lead.
 */
import {
  BINARY_LABEL,
  JSON_LABEL,
  type LeadingMaster,
  leadingMaster,
  ZkContender,
  ZkDetector,
  type ZkSession,
} from '@mesolite/coordination';
import type { Log, Metrics, Timers } from '@mesolite/ports';
import { MasterInfo } from '@mesolite/wire';

export interface LeadershipElection {
  readonly session: ZkSession;
  readonly path: string;
  /** Clients of long ago look here for a binary MasterInfo. Only the leader stands here, so that they find no other. */
  readonly legacyPath?: string | undefined;
}

export interface LeadershipOptions {
  readonly info: MasterInfo;
  /** Unset: there is no other master. */
  readonly election?: LeadershipElection | undefined;
  readonly timers: Timers;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Called once. */
  readonly elected: () => void;
  /** It led, and does not any more, or must not stand at all: the process must end. */
  readonly lost: (why: string) => void;
}

export class Leadership {
  readonly #options: LeadershipOptions;
  readonly #contender: ZkContender | undefined;
  #legacy: ZkContender | undefined;
  readonly #detector: ZkDetector<LeadingMaster> | undefined;
  #leader: LeadingMaster | undefined;
  #hasLed = false;

  constructor(options: LeadershipOptions) {
    this.#options = options;
    const { election, info, timers, log, metrics } = options;
    metrics.gauge('master/elected', () => (this.leads ? 1 : 0));
    if (election === undefined) return;
    this.#contender = new ZkContender({
      ...election,
      label: JSON_LABEL,
      data: Buffer.from(MasterInfo.toJson(info)),
      timers,
      log,
      joined,
      lost: (why) => {
        if (this.#hasLed) this.#lose(`Lost candidacy as a leader: ${why}`);
      },
      refused: (why) =>
        this.#lose(
          `Failed to contend: ${why}. The user and password in --zk must be those with which ${election.path} was created`,
        ),
    });
    this.#detector = new ZkDetector({ ...election, parse: leadingMaster, timers, log });
  }

  /** Begins to look who leads. */
  start(): void {
    const { info, elected } = this.#options;
    if (this.#detector !== undefined) {
      this.#detector.watch((leader) => this.#detected(leader));
      return;
    }
    this.#leader = { id: info.id, pid: info.pid ?? '', hostname: info.hostname ?? '', ip: '', port: info.port, info };
    this.#hasLed = true;
    elected();
  }

  get leader(): LeadingMaster | undefined {
    return this.#leader;
  }

  get leads(): boolean {
    return this.#hasLed && this.#leader?.id === this.#options.info.id;
  }

  async close(): Promise<void> {
    this.#detector?.close();
    await Promise.all([this.#contender?.withdraw(), this.#legacy?.withdraw()]);
  }

  #detected(leader: LeadingMaster | undefined): void {
    const { info, log, elected } = this.#options;
    const before = this.#leader;
    this.#leader = leader;
    if (leader === undefined) {
      if (this.#hasLed) this.#lose('Lost leadership after an indecisive election');
      else if (before !== undefined) log.info('No master leads');
      return;
    }
    if (leader.id !== info.id) {
      log.info(`The leading master is ${leader.pid}${leader.id === undefined ? '' : ` with id ${leader.id}`}`);
      if (this.#hasLed) this.#lose('Conceded leadership to another master');
      else this.#checkRegion(leader);
      return;
    }
    if (this.#hasLed) return;
    this.#hasLed = true;
    log.info('Elected as the leading master');
    this.#standForOldClients();
    elected();
  }

  #standForOldClients(): void {
    const { election, info, timers, log } = this.#options;
    if (election?.legacyPath === undefined) return;
    const { session, legacyPath: path } = election;
    const data = MasterInfo.encode(info);
    this.#legacy = new ZkContender({
      ...{ session, path, label: BINARY_LABEL, data, timers, log, joined },
      lost: () => {},
      refused: (why) => log.error(`Old clients will not find this master at --zk_legacy_info_path: ${why}`),
    });
  }

  /** Masters far from each other would be a mistake: all of them must be in one region. */
  #checkRegion({ info: other }: LeadingMaster): void {
    const theirs = other?.domain?.fault_domain?.region.name;
    const ours = this.#options.info.domain?.fault_domain?.region.name;
    if (theirs !== undefined && ours !== undefined && theirs !== ours)
      this.#lose(
        `The leading master is in region '${theirs}', this one in '${ours}': all masters must use the same region`,
      );
  }

  #lose(why: string): void {
    this.#options.lost(why);
  }
}

/** To stand is not to lead: the detector tells who does. */
function joined(): void {}
