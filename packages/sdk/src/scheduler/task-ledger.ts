/**
 * The tasks a scheduler launched that have not ended as far as it knows: what it asks about after a reconnection.
 *
 * Never: more than `capacity` tasks; beyond it new ones are not remembered, and implicit reconciliation covers them.
 */
import {
  isTerminal,
  type OfferOperation,
  type SchedulerCallReconcileTask,
  type TaskInfo,
  type TaskStatus,
} from '@mesolite/wire';

export class TaskLedger {
  readonly #capacity: number;
  /** Task id to agent id. */
  readonly #tasks = new Map<string, string>();
  #unanswered = new Set<string>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#tasks.size;
  }

  launched(operations: readonly OfferOperation[]): void {
    for (const operation of operations) {
      for (const task of operation.launch?.task_infos ?? []) this.#add(task);
      for (const task of operation.launch_group?.task_group?.tasks ?? []) this.#add(task);
    }
  }

  updated(status: TaskStatus): void {
    const id = status.task_id.value;
    this.#unanswered.delete(id);
    if (isTerminal(status.state)) this.#tasks.delete(id);
    else if (this.#tasks.has(id) || this.#tasks.size < this.#capacity)
      this.#tasks.set(id, status.agent_id?.value ?? this.#tasks.get(id) ?? '');
  }

  /** Marks every known task as not answered for; {@link unanswered} then tells which still are. */
  ask(): void {
    this.#unanswered = new Set(this.#tasks.keys());
  }

  unanswered(): SchedulerCallReconcileTask[] {
    const tasks: SchedulerCallReconcileTask[] = [];
    for (const id of this.#unanswered) {
      const agent = this.#tasks.get(id);
      if (agent === undefined) continue;
      tasks.push({ task_id: { value: id }, ...(agent === '' ? {} : { agent_id: { value: agent } }) });
    }
    return tasks;
  }

  #add(task: TaskInfo): void {
    if (this.#tasks.size < this.#capacity) this.#tasks.set(task.task_id.value, task.agent_id.value);
  }
}
