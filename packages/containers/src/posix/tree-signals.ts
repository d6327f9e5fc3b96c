/**
 * Signals whole containers. Requests of one turn of the event loop share their looks at /proc.
 *
 * A tree that forks while it is walked escapes a plain walk, so it is frozen first: stop everybody found, look again,
 * until nobody new turns up; then signal, then let everybody go on. The supervisor is never stopped nor signalled: it has
 * to write down how the command ended.
 */
import type { ContainerSignal } from '../containerizer.ts';
import { ContainerMarks, type ProcessStat, readProcessTable } from './process-table.ts';
import { ProcessForest, type TreeRoot } from './process-tree.ts';

interface Request {
  /** Asked for anew at each look: the supervisor may end meanwhile. */
  readonly root: () => TreeRoot;
  readonly signal: ContainerSignal;
  readonly done: (signalled: number) => void;
}

/** Looks after which a tree that still grows is signalled as it is. */
const MOST_LOOKS = 16;

export class TreeSignals {
  readonly #marks = new ContainerMarks();
  #requests: Request[] = [];
  #reads: (() => void)[] = [];

  /** Resolves with the number of processes signalled; 0 when there are none. */
  send(root: () => TreeRoot, signal: ContainerSignal): Promise<number> {
    return new Promise((done) => {
      this.#requests.push({ root, signal, done });
      if (this.#requests.length === 1) setImmediate(() => this.#flush());
    });
  }

  /** Who belongs to a container now, its supervisor aside. Questions of one turn share one look. */
  members(root: () => TreeRoot): Promise<ProcessStat[]> {
    return new Promise((resolve) => {
      this.#reads.push(() => resolve(this.#forestOfTurn().members(root())));
      if (this.#reads.length === 1) setImmediate(() => this.#answer());
    });
  }

  #forest: ProcessForest | undefined;

  #forestOfTurn(): ProcessForest {
    this.#forest ??= this.#look();
    return this.#forest;
  }

  #answer(): void {
    for (const read of this.#reads.splice(0)) read();
    this.#forest = undefined;
  }

  #look(): ProcessForest {
    const table = readProcessTable();
    this.#marks.keepOnly(table);
    return new ProcessForest(table, (stat) => this.#marks.of(stat));
  }

  #flush(): void {
    const requests = this.#requests;
    this.#requests = [];
    const frozen = requests.map(() => new Map<number, ProcessStat>());
    for (let look = 0; look < MOST_LOOKS; look++) {
      const forest = this.#look();
      let grown = false;
      for (const [index, request] of requests.entries()) {
        for (const stat of forest.members(request.root())) {
          if (frozen[index]!.has(stat.pid)) continue;
          signal(stat.pid, 'SIGSTOP');
          frozen[index]!.set(stat.pid, stat);
          grown = true;
        }
      }
      if (!grown) break;
    }
    for (const [index, request] of requests.entries()) {
      for (const pid of frozen[index]!.keys()) signal(pid, request.signal);
      // Whoever was asked to stop stays so.
      if (request.signal === 'SIGSTOP' || request.signal === 'SIGTSTP') continue;
      for (const pid of frozen[index]!.keys()) signal(pid, 'SIGCONT');
    }
    for (const [index, request] of requests.entries()) request.done(frozen[index]!.size);
  }
}

function signal(pid: number, name: ContainerSignal): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone meanwhile.
  }
}
