/** `mesolite execute`: tells what a one-shot framework reports, ends with the task's own exit status. */
import type { ExecuteOptions } from '../commands/execute.ts';
import { CommandError, INTERRUPTED } from '../exit-codes.ts';
import { followLeader, namesNoAddress } from '../find-master.ts';
import { agentNotMaster } from '../reach-master.ts';
import { paint, type Terminal } from '../terminal.ts';
import { describeStatus } from './describe-status.ts';
import { exitStatusOf } from './exit-status.ts';
import { OneShot, type OneShotEvent, type Schedule } from './one-shot.ts';
import { frameworkFromOptions, taskFromOptions } from './task-from-options.ts';

/** How long an interrupted task may take to end; its agent may be gone. */
const KILL_LIMIT_MS = 30_000;

/** Answers the exit code. `schedule` is given by tests only. */
export async function executeTask(options: ExecuteOptions, terminal: Terminal, schedule?: Schedule): Promise<number> {
  const task = taskFromOptions(options);
  const framework = frameworkFromOptions(options);
  const tell = options.json === true ? tellJson(terminal) : tellPeople(terminal, options.quiet === true);
  const leader = await followLeader(options.master);
  const master = namesNoAddress(options.master) ? () => leader.address() : options.master;
  const { principal, secret, content_type: codec, kill_after: killAfterMs } = options;
  const oneShot = new OneShot({ master, principal, secret, codec, framework, task, killAfterMs, schedule }, tell);
  let interrupted: number | undefined;
  let leave: (code: number) => void = () => {};
  const left = new Promise<number>((resolve) => {
    leave = resolve;
  });
  const ignore = terminal.onInterrupt((signal) => {
    if (interrupted !== undefined) leave(INTERRUPTED[signal]);
    else {
      interrupted = INTERRUPTED[signal];
      tell({ kind: 'notice', text: 'killing the task; once more to leave it at once' });
      oneShot.kill(KILL_LIMIT_MS);
    }
  });
  try {
    return await Promise.race([left, toTheEnd(oneShot, { options, tell, interrupted: () => interrupted })]);
  } finally {
    ignore();
    leader.close();
  }
}

interface Watch {
  readonly options: ExecuteOptions;
  readonly tell: (event: OneShotEvent) => void;
  /** The exit code it makes, once there was one. */
  readonly interrupted: () => number | undefined;
}

async function toTheEnd(oneShot: OneShot, { options, tell, interrupted }: Watch): Promise<number> {
  const end = await oneShot.run();
  const exitCode = interrupted();
  if (end.kind === 'ended')
    return exitCode !== undefined && end.status.state === 'TASK_KILLED' ? exitCode : exitStatusOf(end.status);
  if (exitCode === undefined) throw new CommandError((await agentNotMaster(options)) ?? end.message);
  tell({ kind: 'notice', text: end.message });
  return exitCode;
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
