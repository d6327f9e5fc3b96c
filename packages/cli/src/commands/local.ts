/** `mesolite local`: its options and help. */
import { Command } from 'commander';
import type { Run } from '../program.ts';
import type { Terminal } from '../terminal.ts';
import { count, port } from './options.ts';

export interface LocalOptions {
  readonly agents: number;
  readonly ip: string;
  readonly port: number;
  readonly agent_port: number;
  readonly work_dir?: string;
  readonly resources?: string;
  readonly demo?: boolean;
  readonly verbose?: boolean;
}

const EXAMPLES = `
Everything runs in this one process and listens on the loopback interface only. Ctrl-C ends the tasks, the agents and the
master. Each agent offers all of this machine unless --resources says less.

Examples:
  mesolite local                                  master on 5050, agent on 5051
  mesolite local --demo                           and a first task
  mesolite local --agents=3 --resources='cpus:2;mem:1024;ports:[31000-31999]'
  mesolite local --port=6050 --agent_port=6051 --work_dir=./cluster`;

export function localCommand(terminal: Terminal, runLater: Run): Command {
  return new Command('local')
    .description('run a whole cluster on this machine')
    .option('--agents <count>', 'how many agents', count, 1)
    .option('--ip <address>', 'where to listen', '127.0.0.1')
    .option('--port <port>', "the master's port; 0 takes a free one", port, 5050)
    .option('--agent_port <port>', "the first agent's port, counted up for the others; 0 takes free ones", port, 5051)
    .option('--work_dir <path>', 'keep files there (default: a temporary directory, removed at the end)')
    .option('--resources <text>', 'what each agent offers')
    .option('--demo', 'run a first task and show what happens to it')
    .option('--verbose', 'show the logs of the daemons')
    .addHelpText('after', EXAMPLES)
    .action((options: LocalOptions) => {
      runLater(async () => (await import('../daemons/run-local.ts')).runLocal(options, terminal));
    });
}
