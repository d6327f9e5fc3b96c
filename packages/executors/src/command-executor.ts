/**
 * The built-in command executor: one command task from its fork to its end, as a state machine. It says which updates
 * to send, which signals, and when it wants to be woken; it does none of that itself.
 *
 * Departs from Mesos: it is not a process but lives in the agent, so it subscribes to nobody and ends with its task
 * instead of a second (or a minute) later. A negative grace period counts as none. Checks and health checks are not run yet:
 * a check's result stays without values, and nothing is ever said of health.
 *
 * Never: reads a clock, knows containers or messages.
 */
import { commandMessage, fromRawStatus } from '@mesolite/containers';
import type {
  CheckStatusInfo,
  DurationInfo,
  FrameworkInfoCapabilityType,
  KillPolicy,
  TaskInfo,
  TaskState,
  TaskStatusReason,
} from '@mesolite/wire';

/** Grace between SIGTERM and SIGKILL when neither the kill nor the task says otherwise, in milliseconds. */
export const DEFAULT_KILL_GRACE_MS = 3_000;

/**
 * Grace of a task that outstays its maximum completion time. The original says none, yet takes about as long from its
 * SIGTERM to its SIGKILL; with none at all, a task would never be seen to end by SIGTERM.
 */
export const OVERDUE_GRACE_MS = 100;

/** What the original takes off the agent's shutdown grace: its interval of reaping, and a second. */
export const SHUTDOWN_MARGIN_MS = 2_000;

export interface CommandExecutorOptions {
  readonly task: TaskInfo;
  readonly capabilities: readonly FrameworkInfoCapabilityType[];
  /** From the order to shut down until the agent destroys the container, in milliseconds. */
  readonly shutdownGracePeriodMs: number;
}

/** What outlives the process that runs the machine. Times on the clock of `step`. */
export interface CommandMemory {
  readonly phase: 'running' | 'killing';
  /** It was told to end because it took too long. */
  readonly overdue: boolean;
  readonly killedAtMs: number;
  readonly wakeAtMs: number | undefined;
}

export type CommandExecutorInput =
  /** The command runs. */
  | { readonly kind: 'forked' }
  | { readonly kind: 'kill'; readonly killPolicy?: KillPolicy | undefined }
  | { readonly kind: 'shutdown' }
  /** The command ended, with its `waitpid` word where anybody saw it. */
  | { readonly kind: 'exited'; readonly status: number | undefined }
  /** The command runs on under another process of the agent than the one that started it. */
  | { readonly kind: 'resumed'; readonly memory: CommandMemory }
  | { readonly kind: 'woken' };

export interface CommandTaskStatus {
  readonly state: TaskState;
  readonly reason?: TaskStatusReason;
  readonly message?: string;
  readonly check_status?: CheckStatusInfo;
}

export type CommandExecutorAction =
  | { readonly kind: 'update'; readonly status: CommandTaskStatus }
  /** To the whole process tree of the command. */
  | { readonly kind: 'signal'; readonly signal: 'SIGTERM' | 'SIGKILL' };

type Phase = 'waiting' | 'running' | 'killing' | 'ended';

export class CommandExecutor {
  readonly #task: TaskInfo;
  readonly #killingState: boolean;
  readonly #shutdownGracePeriodMs: number;
  #phase: Phase = 'waiting';
  #overdue = false;
  #killedAtMs = 0;
  #wakeAtMs: number | undefined;
  #actions: CommandExecutorAction[] = [];

  constructor(options: CommandExecutorOptions) {
    this.#task = options.task;
    this.#killingState = options.capabilities.includes('TASK_KILLING_STATE');
    this.#shutdownGracePeriodMs = options.shutdownGracePeriodMs;
  }

  /** When it wants `woken`, on the clock of `step`; unset: never. */
  get wakeAtMs(): number | undefined {
    return this.#wakeAtMs;
  }

  get running(): boolean {
    return this.#phase === 'running' || this.#phase === 'killing';
  }

  /** What a later process must know to go on; nothing before the command runs and after its end. */
  get memory(): CommandMemory | undefined {
    if (this.#phase !== 'running' && this.#phase !== 'killing') return undefined;
    return { phase: this.#phase, overdue: this.#overdue, killedAtMs: this.#killedAtMs, wakeAtMs: this.#wakeAtMs };
  }

  /** Takes one input in at `nowMs` and answers what is to be done, in order. */
  step(input: CommandExecutorInput, nowMs: number): CommandExecutorAction[] {
    this.#actions = [];
    switch (input.kind) {
      case 'forked':
        this.#forked(nowMs);
        break;
      case 'kill':
        this.#kill(
          milliseconds(input.killPolicy?.grace_period ?? this.#task.kill_policy?.grace_period) ?? DEFAULT_KILL_GRACE_MS,
          nowMs,
        );
        break;
      case 'shutdown':
        this.#kill(this.#shutdownGracePeriodMs - SHUTDOWN_MARGIN_MS, nowMs);
        break;
      case 'exited':
        this.#exited(input.status);
        break;
      case 'woken':
        this.#woken(nowMs);
        break;
      case 'resumed':
        this.#resumed(input.memory);
        break;
    }
    return this.#actions;
  }

  #forked(nowMs: number): void {
    if (this.#phase !== 'waiting') return;
    this.#phase = 'running';
    this.#update('TASK_STARTING');
    this.#update('TASK_RUNNING');
    const limitMs = milliseconds(this.#task.max_completion_time);
    if (limitMs !== undefined && limitMs > 0) this.#wakeAtMs = nowMs + limitMs;
  }

  /** The last signal may not have been sent: a further one does less harm than none. */
  #resumed(memory: CommandMemory): void {
    if (this.#phase !== 'waiting') return;
    this.#phase = memory.phase;
    this.#overdue = memory.overdue;
    this.#killedAtMs = memory.killedAtMs;
    this.#wakeAtMs = memory.wakeAtMs;
    if (memory.phase === 'killing') {
      this.#actions.push({ kind: 'signal', signal: memory.wakeAtMs === undefined ? 'SIGKILL' : 'SIGTERM' });
    }
  }

  #kill(graceMs: number, nowMs: number): void {
    const grace = Math.max(graceMs, 0);
    if (this.#phase === 'running') {
      this.#phase = 'killing';
      this.#killedAtMs = nowMs;
      this.#wakeAtMs = nowMs + grace;
      if (this.#killingState && !this.#overdue) this.#update('TASK_KILLING');
      this.#actions.push({ kind: 'signal', signal: 'SIGTERM' });
    } else if (this.#phase === 'killing' && this.#wakeAtMs !== undefined) {
      // A further kill may bring the end nearer, never put it off; its grace counts from the first.
      const end = Math.max(this.#killedAtMs + grace, nowMs);
      if (end < this.#wakeAtMs) this.#wakeAtMs = end;
    }
  }

  #woken(nowMs: number): void {
    if (this.#wakeAtMs === undefined || nowMs < this.#wakeAtMs) return;
    this.#wakeAtMs = undefined;
    if (this.#phase === 'running') {
      this.#overdue = true;
      this.#kill(OVERDUE_GRACE_MS, nowMs);
    } else if (this.#phase === 'killing') this.#actions.push({ kind: 'signal', signal: 'SIGKILL' });
  }

  #exited(status: number | undefined): void {
    if (!this.running) return;
    const killed = this.#phase === 'killing';
    this.#phase = 'ended';
    this.#wakeAtMs = undefined;
    const outcome = status === undefined ? undefined : fromRawStatus(status);
    const message = commandMessage(outcome);
    if (outcome === undefined) this.#update('TASK_FAILED', message);
    else if (this.#overdue) this.#update('TASK_FAILED', message, 'REASON_MAX_COMPLETION_TIME_REACHED');
    else if (killed) this.#update('TASK_KILLED', message);
    else this.#update(status === 0 ? 'TASK_FINISHED' : 'TASK_FAILED', message);
  }

  #update(state: TaskState, message?: string, reason?: TaskStatusReason): void {
    const check = emptyCheckStatus(this.#task);
    this.#actions.push({
      kind: 'update',
      status: {
        state,
        ...(message === undefined ? {} : { message }),
        ...(reason === undefined ? {} : { reason }),
        ...(check === undefined ? {} : { check_status: check }),
      },
    });
  }
}

/** A task with a check carries a result without values until the first one is there. */
function emptyCheckStatus(task: TaskInfo): CheckStatusInfo | undefined {
  switch (task.check?.type) {
    case 'COMMAND':
      return { type: 'COMMAND', command: {} };
    case 'HTTP':
      return { type: 'HTTP', http: {} };
    case 'TCP':
      return { type: 'TCP', tcp: {} };
    default:
      return undefined;
  }
}

function milliseconds(duration: DurationInfo | undefined): number | undefined {
  return duration === undefined ? undefined : Number(duration.nanoseconds) / 1e6;
}
