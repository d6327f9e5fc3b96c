/** The one task a person means, and the agent that has its files. */
import { AgentClient, type MasterClient } from '@mesolite/sdk';
import type { Task } from '@mesolite/wire';
import type { FileOptions } from '../commands/cat.ts';
import { describeApiError } from '../describe-api-error.ts';
import { CommandError, USAGE } from '../exit-codes.ts';
import { reachMaster } from '../reach-master.ts';
import { locateSandbox } from './locate-sandbox.ts';

export interface FoundTask {
  readonly task: Task;
  readonly master: MasterClient;
  readonly agent: AgentClient;
  /** A path of the agent's files. */
  readonly sandbox: string;
}

/** Throws CommandError when there is none, or more than one. The caller closes both clients. */
export async function findTask(options: FileOptions): Promise<FoundTask> {
  if (options.task === undefined) throw new CommandError('say which task: its id is in `mesolite ps --all`', USAGE);
  const master = await reachMaster(options);
  const answer = await master.getTasks();
  if (!answer.ok) throw new CommandError(describeApiError(answer.error));
  const { tasks = [], unreachable_tasks: unreachable = [], completed_tasks: completed = [] } = answer.value;
  const task = chooseTask([...tasks, ...unreachable, ...[...completed].reverse()], options.task, options.framework);
  const agents = await master.getAgents();
  if (!agents.ok) throw new CommandError(describeApiError(agents.error));
  const pid = agents.value.agents?.find(({ agent_info: info }) => info.id?.value === task.agent_id.value)?.pid;
  const address = pid?.split('@')[1];
  if (address === undefined)
    throw new CommandError(`agent ${task.agent_id.value}, which has the files of this task, is not registered`);
  const agent = new AgentClient(address, options);
  const executorId = task.executor_id?.value ?? '';
  const sandbox = await locateSandbox(agent, {
    frameworkId: task.framework_id.value,
    executorId: executorId === '' ? task.task_id.value : executorId,
  });
  if (!sandbox.ok) throw new CommandError(`task ${task.task_id.value}: ${describeApiError(sandbox.error)}`);
  return { task, master, agent, sandbox: sandbox.value };
}

/** By whole id first, the newest of a framework's tasks of that id; else by a part that only one task has. */
export function chooseTask(tasks: readonly Task[], wanted: string, framework: string | undefined): Task {
  const own = tasks.filter((task) => framework === undefined || task.framework_id.value === framework);
  const exact = own.filter((task) => task.task_id.value === wanted);
  const matches = exact.length > 0 ? exact : own.filter((task) => task.task_id.value.includes(wanted));
  const first = matches[0];
  if (first === undefined) throw new CommandError(`no task '${wanted}' is known to the master; see mesolite ps --all`);
  const distinct = new Set(matches.map((task) => `${task.framework_id.value} ${task.task_id.value}`));
  if (distinct.size > 1) {
    const shown = [...distinct].slice(0, 5).map((text) => {
      const [frameworkId, id] = text.split(' ');
      return `\n  ${id} --framework=${frameworkId}`;
    });
    throw new CommandError(`'${wanted}' may be one of ${distinct.size} tasks:${shown.join('')}`);
  }
  return first;
}
