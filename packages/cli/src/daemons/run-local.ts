/** `mesolite local`: starts a cluster, says where it is, waits for Ctrl-C, ends all of it. */
import type { LocalOptions } from '../commands/local.ts';
import { CommandError, FAILED } from '../exit-codes.ts';
import { paint, type Terminal } from '../terminal.ts';
import { runFirstTask } from './first-task.ts';
import { LocalCluster } from './local-cluster.ts';

export async function runLocal(options: LocalOptions, terminal: Terminal): Promise<number> {
  const { stdout, stderr } = terminal;
  let interrupt: () => void = () => {};
  const interrupted = new Promise<'interrupted'>((resolve) => {
    interrupt = () => resolve('interrupted');
  });
  let insist: () => void = () => {};
  const insisted = new Promise<'insisted'>((resolve) => {
    insist = () => resolve('insisted');
  });
  let presses = 0;
  const ignore = terminal.onInterrupt(() => (++presses === 1 ? interrupt() : insist()));
  const started = await LocalCluster.start({
    agents: options.agents,
    ip: options.ip,
    masterPort: options.port,
    agentPort: options.agent_port,
    env: terminal.env,
    verbose: options.verbose === true,
    stderr: (text) => stderr.write(text),
    ...(options.work_dir === undefined ? {} : { workDirectory: options.work_dir }),
    ...(options.resources === undefined ? {} : { resources: options.resources }),
  });
  if (!started.ok) {
    ignore();
    throw new CommandError(started.error);
  }
  const cluster = started.value;
  try {
    stdout.write(`\n${paint(stdout, 'bold', 'Mesolite runs on this machine.')}\n\n`);
    stdout.write(addresses(cluster, options));
    if (options.demo === true) await Promise.race([interrupted, runFirstTask(cluster, terminal)]);
    stdout.write(nextSteps(cluster, terminal));
    const why = await Promise.race([interrupted, cluster.broken().then(() => 'broken' as const)]);
    if (why === 'interrupted') return 0;
    stderr.write(`${paint(stderr, 'red', 'error:')} a daemon ended by itself; ending the others\n`);
    return FAILED;
  } finally {
    stdout.write('\nEnding the tasks, the agents and the master …\n');
    const how = await Promise.race([cluster.stop(), insisted]);
    if (how === 'insisted') stderr.write('left at once; tasks may still run\n');
    ignore();
  }
}

function addresses(cluster: LocalCluster, options: LocalOptions): string {
  const rows = [
    `  master   http://${cluster.master}/state`,
    ...cluster.agents.map((agent) => `  agent    http://${agent}/state`),
    `  files    ${cluster.workDirectory}${options.work_dir === undefined ? '  (removed at the end; --work_dir keeps them)' : ''}`,
  ];
  if (options.verbose !== true) rows.push(`  logs     ${cluster.logDirectory}`);
  return `${rows.join('\n')}\n`;
}

function nextSteps(cluster: LocalCluster, { stdout }: Terminal): string {
  const master = cluster.master === '127.0.0.1:5050' ? '' : ` --master=${cluster.master}`;
  const commands = [
    `npx mesolite execute${master} --name=hello --command='echo hello from $(hostname)'`,
    `npx mesolite ps --all${master}`,
    `curl -s http://${cluster.master}/state`,
  ];
  return [
    '',
    'Try, in another terminal:',
    ...commands.map((command) => `  ${paint(stdout, 'cyan', command)}`),
    '',
    'Ctrl-C ends the cluster.',
    '',
  ].join('\n');
}
