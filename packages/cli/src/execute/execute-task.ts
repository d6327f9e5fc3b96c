/** `mesolite execute`: tells what a one-shot framework reports, ends with the task's own exit status. */
import type { ExecuteOptions } from '../commands/execute.ts';
import { CommandError, INTERRUPTED } from '../exit-codes.ts';
import { paint, type Terminal } from '../terminal.ts';
import { describeStatus } from './describe-status.ts';
import { exitStatusOf } from './exit-status.ts';
import { OneShot, type OneShotEvent } from './one-shot.ts';
import { frameworkFromOptions, taskFromOptions } from './task-from-options.ts';

/** How long an interrupted task may take to end; its agent may be gone. */
const KILL_LIMIT_MS = 30_000;

/** Answers the exit code. */
export async function executeTask(options: ExecuteOptions, terminal: Terminal): Promise<number> {
  const task = taskFromOptions(options);
  const framework = frameworkFromOptions(options);
  const tell = options.json === true ? tellJson(terminal) : tellPeople(terminal, options.quiet === true);
  const { master, principal, secret, content_type: codec, kill_after: killAfterMs } = options;
  const oneShot = new OneShot({ master, principal, secret, codec, framework, task, killAfterMs }, tell);
  let presses = 0;
  let leave: (code: number) => void = () => {};
  const left = new Promise<number>((resolve) => {
    leave = resolve;
  });
  const ignore = terminal.onInterrupt(() => {
    presses++;
    if (presses > 1) leave(INTERRUPTED);
    else {
      tell({ kind: 'notice', text: 'killing the task; once more to leave it at once' });
      oneShot.kill(KILL_LIMIT_MS);
    }
  });
  try {
    return await Promise.race([left, toTheEnd(oneShot, () => presses > 0)]);
  } finally {
    ignore();
  }
}

async function toTheEnd(oneShot: OneShot, interrupted: () => boolean): Promise<number> {
  const end = await oneShot.run();
  if (interrupted() && (end.kind === 'failed' || end.status.state === 'TASK_KILLED')) return INTERRUPTED;
  if (end.kind === 'failed') throw new CommandError(end.message);
  return exitStatusOf(end.status);
}

function tellPeople(terminal: Terminal, quiet: boolean): (event: OneShotEvent) => void {
  const { stdout, stderr } = terminal;
  const say = (text: string): void => {
    if (!quiet) stderr.write(`${text}\n`);
  };
  return (event) => {
    switch (event.kind) {
      case 'subscribed':
        say(paint(stderr, 'dim', `framework ${event.frameworkId}`));
        break;
      case 'waiting':
        say(paint(stderr, 'yellow', event.reason));
        break;
      case 'launched':
        say(paint(stderr, 'dim', `launched on ${event.hostname} (agent ${event.agentId})`));
        break;
      case 'status':
        say(describeStatus(event.status, stderr));
        break;
      case 'notice':
        say(paint(stderr, 'yellow', event.text));
        break;
      case 'output':
        (event.stream === 'stdout' ? stdout : stderr).write(event.data);
        break;
    }
  };
}

function tellJson(terminal: Terminal): (event: OneShotEvent) => void {
  // A character may be cut in two by where one read ended.
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  return (event) => {
    const plain =
      event.kind === 'status'
        ? {
            kind: event.kind,
            state: event.status.state,
            message: event.status.message,
            reason: event.status.reason,
            source: event.status.source,
            timestamp: event.status.timestamp,
          }
        : event.kind === 'output'
          ? { ...event, data: decoders[event.stream].decode(event.data, { stream: true }) }
          : event;
    terminal.stdout.write(`${JSON.stringify(plain)}\n`);
  };
}
