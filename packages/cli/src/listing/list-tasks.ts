/** `mesolite ps`: the tasks the master knows, as a table or as JSON. */
import { scalarOf } from '@mesolite/sdk';
import type {
  MasterResponseGetAgents,
  MasterResponseGetFrameworks,
  MasterResponseGetTasks,
  Task,
} from '@mesolite/wire';
import type { PsOptions } from '../commands/ps.ts';
import { describeApiError } from '../describe-api-error.ts';
import { stateColor } from '../execute/describe-status.ts';
import { CommandError } from '../exit-codes.ts';
import { reachMaster } from '../reach-master.ts';
import { paint, type Terminal } from '../terminal.ts';
import { age, table } from './table.ts';

/** Of one task, as `ps --json` prints it. */
export interface TaskRow {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly framework_id: string;
  readonly framework: string;
  readonly agent_id: string;
  readonly host: string;
  readonly cpus: number;
  /** MiB. */
  readonly mem: number;
  /** Of the first status, in seconds since 1970; absent when there is none yet. */
  readonly started: number | undefined;
  readonly message: string | undefined;
}

export async function listTasks(options: PsOptions, terminal: Terminal): Promise<number> {
  const client = await reachMaster(options);
  try {
    const tasks = await client.getTasks();
    if (!tasks.ok) throw new CommandError(describeApiError(tasks.error));
    const frameworks = await client.getFrameworks();
    if (!frameworks.ok) throw new CommandError(describeApiError(frameworks.error));
    const agents = await client.getAgents();
    if (!agents.ok) throw new CommandError(describeApiError(agents.error));
    const rows = taskRows(tasks.value, frameworks.value, agents.value, options.all === true);
    if (options.json === true) terminal.stdout.write(`${JSON.stringify(rows, undefined, 2)}\n`);
    else printTable(rows, options.all === true, terminal);
    return 0;
  } finally {
    await client.close();
  }
}

/** Oldest first. */
export function taskRows(
  tasks: MasterResponseGetTasks,
  frameworks: MasterResponseGetFrameworks,
  agents: MasterResponseGetAgents,
  all: boolean,
): TaskRow[] {
  const names = new Map(
    [...(frameworks.frameworks ?? []), ...(frameworks.completed_frameworks ?? [])].map(({ framework_info: info }) => [
      info.id?.value,
      info.name,
    ]),
  );
  const hosts = new Map((agents.agents ?? []).map(({ agent_info: info }) => [info.id?.value, info.hostname]));
  const live = [...(tasks.tasks ?? []), ...(tasks.unreachable_tasks ?? [])];
  const chosen = all ? [...(tasks.completed_tasks ?? []), ...live] : live;
  const rows = chosen.map((task) => rowOf(task, names, hosts));
  return rows.sort((a, b) => (a.started ?? Number.POSITIVE_INFINITY) - (b.started ?? Number.POSITIVE_INFINITY));
}

function rowOf(
  task: Task,
  names: ReadonlyMap<string | undefined, string>,
  hosts: ReadonlyMap<string | undefined, string>,
): TaskRow {
  return {
    id: task.task_id.value,
    name: task.name,
    state: task.state,
    framework_id: task.framework_id.value,
    framework: names.get(task.framework_id.value) ?? '',
    agent_id: task.agent_id.value,
    host: hosts.get(task.agent_id.value) ?? '',
    cpus: scalarOf(task.resources, 'cpus'),
    mem: scalarOf(task.resources, 'mem'),
    started: task.statuses?.[0]?.timestamp,
    message: task.statuses?.at(-1)?.message,
  };
}

function printTable(rows: readonly TaskRow[], all: boolean, { stdout }: Terminal): void {
  if (rows.length === 0) {
    stdout.write(all ? 'no tasks\n' : 'no tasks are running (--all shows those that ended)\n');
    return;
  }
  const nowSeconds = Date.now() / 1000;
  const head = ['TASK', 'STATE', 'FRAMEWORK', 'HOST', 'CPUS', 'MEM', 'AGE'].map((word) => paint(stdout, 'bold', word));
  const body = rows.map((row) => [
    row.id,
    paint(stdout, stateColor(row.state as Task['state']), row.state.replace(/^TASK_/, '')),
    row.framework,
    row.host,
    `${row.cpus}`,
    `${row.mem}`,
    row.started === undefined ? '-' : age(nowSeconds - row.started),
  ]);
  stdout.write(table([head, ...body], stdout.columns));
}
