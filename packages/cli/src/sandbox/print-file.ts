/** `mesolite cat` and `mesolite tail`: files of a sandbox, read through the agent. */
import { type AgentClient, isTerminal, readToEnd } from '@mesolite/sdk';
import type { FileOptions } from '../commands/cat.ts';
import type { TailOptions } from '../commands/tail.ts';
import { describeApiError } from '../describe-api-error.ts';
import { CommandError } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { type FoundTask, findTask } from './find-task.ts';
import { FileFollower } from './follow-file.ts';

/** How far back from the end `tail` looks for lines. */
const TAIL_BYTES = 1024 * 1024;
const TASK_CHECK_MS = 1_000;
const NEWLINE = 0x0a;

export async function printFile(options: FileOptions, terminal: Terminal): Promise<number> {
  const found = await findTask(options);
  try {
    const path = filePath(found.sandbox, options.file);
    for await (const chunk of readToEnd(found.agent, path)) {
      if (!chunk.ok) throw missing(path, options.file, chunk.error.status, describeApiError(chunk.error));
      terminal.stdout.write(chunk.value);
    }
    return 0;
  } finally {
    await close(found);
  }
}

export async function tailFile(options: TailOptions, terminal: Terminal): Promise<number> {
  const found = await findTask(options);
  try {
    const path = filePath(found.sandbox, options.file);
    const start = await printEnd(found.agent, path, options, terminal);
    if (options.follow === true) await follow(found, path, start, terminal);
    return 0;
  } finally {
    await close(found);
  }
}

/** Prints the last lines; answers the offset after them. */
async function printEnd(agent: AgentClient, path: string, options: TailOptions, terminal: Terminal): Promise<number> {
  const probe = await agent.readFile(path, 0, 0);
  if (!probe.ok) throw missing(path, options.file, probe.error.status, describeApiError(probe.error));
  const chunks: Uint8Array[] = [];
  const from = Math.max(0, probe.value.size - TAIL_BYTES);
  for await (const chunk of readToEnd(agent, path, from)) {
    if (!chunk.ok) throw new CommandError(describeApiError(chunk.error));
    chunks.push(chunk.value);
  }
  const text = Buffer.concat(chunks);
  terminal.stdout.write(lastLines(text, options.lines));
  return from + text.length;
}

export function lastLines(text: Buffer, lines: number): Buffer {
  if (lines === 0) return text.subarray(text.length);
  let left = lines;
  let at = text.at(-1) === NEWLINE ? text.length - 1 : text.length;
  while (at > 0) {
    if (text[at - 1] === NEWLINE && --left === 0) return text.subarray(at);
    at--;
  }
  return text;
}

async function follow(found: FoundTask, path: string, offset: number, terminal: Terminal): Promise<void> {
  const follower = new FileFollower({
    files: found.agent,
    path: async () => path,
    offset,
    data: (bytes) => terminal.stdout.write(bytes),
  });
  let interrupt: () => void = () => {};
  const interrupted = new Promise<void>((resolve) => {
    interrupt = resolve;
  });
  const ignore = terminal.onInterrupt(() => interrupt());
  try {
    const ended = await Promise.race([interrupted.then(() => false), untilEnded(found, interrupted)]);
    if (ended) await follower.finish();
  } finally {
    follower.stop();
    ignore();
  }
}

/** Resolves with true once the master says that the task has ended, with false when interrupted before. */
async function untilEnded({ master, task }: FoundTask, interrupted: Promise<void>): Promise<boolean> {
  let stop = false;
  void interrupted.then(() => {
    stop = true;
  });
  if (isTerminal(task.state)) return true;
  while (!stop) {
    await Promise.race([interrupted, new Promise((resolve) => setTimeout(resolve, TASK_CHECK_MS))]);
    const answer = await master.getTasks();
    if (!answer.ok) continue;
    const { tasks = [], unreachable_tasks: unreachable = [] } = answer.value;
    const now = [...tasks, ...unreachable].find(
      ({ task_id: id, framework_id: framework }) =>
        id.value === task.task_id.value && framework.value === task.framework_id.value,
    );
    if (now === undefined || isTerminal(now.state)) return true;
  }
  return false;
}

function filePath(sandbox: string, file = 'stdout'): string {
  return `${sandbox}/${file.replace(/^\/+/, '')}`;
}

function missing(path: string, file = 'stdout', status: number | undefined, message: string): CommandError {
  return new CommandError(status === 404 ? `there is no file '${file}' in the sandbox (${path})` : message);
}

async function close({ master, agent }: FoundTask): Promise<void> {
  await Promise.all([master.close(), agent.close()]);
}
