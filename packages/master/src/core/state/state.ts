/** All tables of a master. Reads take it as it is; only transitions change it. */
import { assert, type TaskId } from '@mesolite/base';
import { ResourceQuantities } from '@mesolite/resources';
import { isTerminal, type TaskState } from '@mesolite/wire';
import type { MasterOptions } from '../options.ts';
import { Agents } from './agents.ts';
import { AllocationTurns } from './allocation-turns.ts';
import { checkSums } from './check-sums.ts';
import { Clients } from './clients.ts';
import { Deadlines } from './deadlines.ts';
import { Declines } from './declines.ts';
import { type FrameworkRecord, Frameworks } from './frameworks.ts';
import { IssuedIds } from './ids.ts';
import { InverseOffers } from './inverse-offers.ts';
import { Maintenance } from './maintenance.ts';
import { Offers } from './offers.ts';
import { Operations } from './operations.ts';
import { OperatorWorkQueue } from './operator-work.ts';
import { PendingTable } from './pending.ts';
import { RateLimits } from './rate-limits.ts';
import { RoleSettings } from './role-settings.ts';
import { holdsNothing, type TaskRecord } from './task.ts';

export class MasterState {
  readonly ids: IssuedIds;
  readonly agents = new Agents();
  readonly frameworks: Frameworks;
  readonly clients = new Clients();
  readonly rateLimits: RateLimits;
  readonly offers = new Offers();
  readonly declines = new Declines();
  readonly inverseOffers = new InverseOffers();
  readonly maintenance = new Maintenance();
  readonly operations = new Operations();
  readonly operatorWork = new OperatorWorkQueue();
  readonly roleSettings = new RoleSettings();
  readonly pending = new PendingTable();
  readonly deadlines = new Deadlines();
  readonly allocation = new AllocationTurns();
  /** Tasks in memory by state, completed ones not counted; for gauges. */
  readonly tasksByState = new Map<TaskState, number>();
  /**
   * Scalars over registered agents that nobody may take back: all of them, and what tasks and executors hold. By name only:
   * resources would not merge where agents have volumes, and whoever changed such a sum would have to go through it all.
   */
  totalQuantities = ResourceQuantities.empty;
  usedQuantities = ResourceQuantities.empty;
  startedWallMs = 0;

  constructor(options: MasterOptions) {
    this.ids = new IssuedIds(options.info.id);
    this.frameworks = new Frameworks(options.maxCompletedFrameworks);
    this.rateLimits = new RateLimits(options.rateLimits);
  }

  countTask(state: TaskState, by: number): void {
    this.tasksByState.set(state, (this.tasksByState.get(state) ?? 0) + by);
  }

  /** Throws AssertionError when a table contradicts another. Scans everything: for tests and simulation. */
  check(): void {
    this.agents.check();
    this.frameworks.check();
    this.operations.check();
    this.roleSettings.check();
    for (const { agentId, key } of this.operations.values())
      assert(this.agents.registered.has(agentId), `operation ${key} is on an agent that is not registered`);
    let offers = 0;
    for (const offer of this.offers.values()) {
      offers++;
      const framework = this.frameworks.registered.get(offer.frameworkId);
      const agent = this.agents.registered.get(offer.agentId);
      assert(framework?.offers.has(offer.id), `offer ${offer.id} is unknown to its framework`);
      assert(agent?.offers.has(offer.id), `offer ${offer.id} is unknown to its agent`);
    }
    let known = 0;
    for (const framework of this.frameworks.registered.values()) known += framework.offers.size;
    assert(known === offers, 'a framework holds an offer that is not out');
    this.#checkMaintenance();
    for (const id of this.declines.agents)
      assert(this.agents.registered.has(id), `declines are remembered of agent ${id}, which is gone`);
    this.#checkTasks();
    checkSums(this);
  }

  #checkMaintenance(): void {
    this.maintenance.check();
    this.inverseOffers.check();
    const untold = this.operatorWork.untoldAgents();
    for (const agent of this.agents.registered.values())
      assert(
        untold.has(agent) || agent.unavailability === this.maintenance.machine(agent.machine)?.unavailability,
        `agent ${agent.id} goes by another schedule than its machine`,
      );
    for (const { id, frameworkId, agentId, unavailability } of this.inverseOffers.values()) {
      const agent = this.agents.registered.get(agentId);
      assert(agent?.active, `inverse offer ${id} is about an agent that is not there`);
      assert(agent.unavailability === unavailability, `inverse offer ${id} is not of the present schedule`);
      assert(
        this.frameworks.registered.get(frameworkId)?.state === 'active',
        `inverse offer ${id} is out to a framework that is not there`,
      );
    }
  }

  #checkTasks(): void {
    const counted = new Map<TaskState, number>();
    const count = (task: TaskRecord): void => void counted.set(task.state, (counted.get(task.state) ?? 0) + 1);
    let onAgents = 0;
    for (const agent of this.agents.registered.values())
      for (const [frameworkId, tasks] of agent.tasks) {
        onAgents += tasks.size;
        for (const [id, task] of tasks)
          assert(
            this.frameworks.registered.get(frameworkId)?.tasks.get(id) === task,
            `task ${id} on agent ${agent.id} is unknown to framework ${frameworkId}`,
          );
      }
    let inFrameworks = 0;
    for (const framework of this.frameworks.registered.values()) {
      inFrameworks += framework.tasks.size;
      for (const [id, task] of framework.tasks) {
        assert(task.id === (id as TaskId), `task ${id} is filed under another id`);
        assert(holdsNothing(task.state) === task.released, `task ${id} is ${task.state} and released=${task.released}`);
        count(task);
      }
      for (const task of framework.unreachableTasks.values()) count(task);
      checkCounts(framework);
    }
    assert(onAgents === inFrameworks, 'tasks of agents and frameworks differ in number');
    for (const state of new Set([...counted.keys(), ...this.tasksByState.keys()]))
      assert((counted.get(state) ?? 0) === (this.tasksByState.get(state) ?? 0), `counter of ${state} is wrong`);
  }
}

function checkCounts({ id, tasks, unreachableTasks, counts }: FrameworkRecord): void {
  const live = [...tasks.values(), ...unreachableTasks.values()].filter(({ state }) => !isTerminal(state));
  for (const [name, count] of counts.entries()) {
    if (!name.startsWith('tasks/active/')) continue;
    const found = live.filter(({ state }) => name.endsWith(`/${state.toLowerCase()}`)).length;
    assert(count === found, `framework ${id} has ${found} tasks, but ${count} are counted in ${name}`);
  }
}
