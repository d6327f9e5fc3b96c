/** When each fault struck and whom, so that what became of a task can be told beside what was done to the cluster meanwhile. */
import { appendFileSync } from 'node:fs';

/** A fault is of interest to a task that was launched so long after it was over. */
const AFTERMATH_MS = 5_000;

/** Time of day, as in the daemons' logs. */
export function clockTime(ms) {
  const at = new Date(ms);
  const two = (value) => String(value).padStart(2, '0');
  const millis = String(at.getMilliseconds()).padStart(3, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${millis}`;
}

export class Chronicle {
  #path;
  #faults = [];

  /** `path`: a file that says the same. */
  constructor(path) {
    this.#path = path;
  }

  begins(name) {
    this.#faults.push({ name, victim: undefined, fromMs: Date.now(), toMs: Number.POSITIVE_INFINITY });
  }

  /** The last one has been inflicted on `victim`, and is over. */
  inflicted(victim) {
    const fault = this.#faults.at(-1);
    fault.victim = victim;
    fault.overMs = Date.now();
  }

  /** The cluster is at work again. */
  recovered() {
    const fault = this.#faults.at(-1);
    fault.toMs = Date.now();
    appendFileSync(this.#path, `${tell(fault)}\n`);
  }

  /** What is known of a task, in lines. `nameOf`: the daemon behind an agent's id. */
  explain(fate, nameOf) {
    const named = (id) => (nameOf(id) === undefined ? id : `${nameOf(id)} (${id})`);
    const lastMs = fate.heard.at(-1)?.atMs ?? Number.POSITIVE_INFINITY;
    const meanwhile = this.#faults.filter(
      ({ fromMs, toMs }) => fromMs <= lastMs && toMs + AFTERMATH_MS >= fate.launchedMs,
    );
    return [
      `${fate.id}: launched ${clockTime(fate.launchedMs)} on ${named(fate.agent)}; last state ${fate.state ?? fate.heard.at(-1)?.state ?? 'none'}`,
      ...fate.heard.map(
        ({ what, atMs, state, agent, source, reason }) =>
          `  ${what} ${clockTime(atMs)} ${state} by ${source}, ${reason}, agent ${named(agent)}`,
      ),
      ...fate.starts.map((line) => `  ran: ${line}`),
      `  ended by itself ${fate.ends} times`,
      ...meanwhile.map((fault) => `  fault: ${tell(fault)}`),
    ];
  }
}

function tell({ name, victim, fromMs, overMs, toMs }) {
  const over = overMs === undefined ? 'not over' : `over ${clockTime(overMs)}`;
  const after = Number.isFinite(toMs) ? `at work again ${clockTime(toMs)}` : 'not at work again';
  return `${clockTime(fromMs)} ${name}${victim === undefined ? '' : ` (${victim})`}, ${over}, ${after}`;
}
