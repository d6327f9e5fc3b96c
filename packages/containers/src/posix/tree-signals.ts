/**
 * Signals whole containers. Requests that come together share their looks at /proc.
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
  #questions: (() => void)[] = [];
  #forest: ProcessForest | undefined;
  #busy = false;

  /** Resolves with the number of processes signalled; 0 when there are none. */
  send(root: () => TreeRoot, signal: ContainerSignal): Promise<number> {
    return new Promise((done) => {
      this.#requests.push({ root, signal, done });
      this.#wake();
    });
  }

  /** Who belongs to a container now, its supervisor aside. */
  members(root: () => TreeRoot): Promise<ProcessStat[]> {
    return new Promise((resolve) => {
      this.#questions.push(() => resolve(this.#forest?.members(root()) ?? []));
      this.#wake();
    });
  }

  #wake(): void {
    if (this.#busy) return;
    this.#busy = true;
    setImmediate(() => void this.#work());
  }

  /** What is asked for while one batch is worked on makes the next. */
  async #work(): Promise<void> {
    while (this.#requests.length + this.#questions.length > 0) {
      const requests = this.#requests.splice(0);
      const questions = this.#questions.splice(0);
      this.#forest = await this.#look();
      for (const answer of questions) answer();
      if (requests.length > 0) await this.#signal(requests, this.#forest);
    }
    this.#forest = undefined;
    this.#busy = false;
  }

  async #look(): Promise<ProcessForest> {
    const table = await readProcessTable();
    this.#marks.keepOnly(table);
    return new ProcessForest(table, (stat) => this.#marks.of(stat));
  }

  async #signal(requests: readonly Request[], first: ProcessForest): Promise<void> {
    const frozen = requests.map(() => new Set<number>());
    let forest = first;
    const marks = this.#marks;
    for (let look = 1; freeze(requests, { frozen, forest, marks }) && look < MOST_LOOKS; look++)
      forest = await this.#look();
    for (const [index, request] of requests.entries()) {
      const pids = frozen[index] ?? new Set();
      for (const pid of pids) signal(pid, request.signal);
      // Whoever was asked to stop stays so.
      if (request.signal !== 'SIGSTOP') for (const pid of pids) signal(pid, 'SIGCONT');
      request.done(pids.size);
    }
  }
}

/**
 * Stops those who are not stopped yet; whether there were any. Adopts them: who cleared its environment, opened a session and
 * ignores SIGTERM must be found again when those who led to it are gone.
 */
function freeze(
  requests: readonly Request[],
  state: { readonly frozen: readonly Set<number>[]; readonly forest: ProcessForest; readonly marks: ContainerMarks },
): boolean {
  let grown = false;
  for (const [index, request] of requests.entries()) {
    const root = request.root();
    for (const stat of state.forest.members(root)) {
      if (state.frozen[index]?.has(stat.pid) ?? true) continue;
      signal(stat.pid, 'SIGSTOP');
      state.marks.adopt(stat, root.mark);
      state.frozen[index]?.add(stat.pid);
      grown = true;
    }
  }
  return grown;
}

function signal(pid: number, name: ContainerSignal): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone meanwhile.
  }
}
