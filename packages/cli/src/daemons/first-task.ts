/** The first task of `local --demo`: shows each change of its state with the time it took, and where its output lies. */
import { userInfo } from 'node:os';
import { AgentClient, resources, shell } from '@mesolite/sdk';
import { describeStatus } from '../execute/describe-status.ts';
import { OneShot, type OneShotEvent } from '../execute/one-shot.ts';
import { findDirectory } from '../sandbox/locate-sandbox.ts';
import { paint, type Terminal } from '../terminal.ts';
import type { LocalCluster } from './local-cluster.ts';

const TASK_ID = 'first-task';
const COMMAND = 'echo "Hello from $MESOS_TASK_ID, process $$"; sleep 1; echo "Done."';

export async function runFirstTask(cluster: LocalCluster, { stdout }: Terminal): Promise<void> {
  const startedMs = performance.now();
  let frameworkId = '';
  let agent = '';
  const say = (text: string): void => {
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(3);
    stdout.write(`  ${paint(stdout, 'dim', `${seconds.padStart(7)} s`)}  ${text}\n`);
  };
  const tell = (event: OneShotEvent): void => {
    switch (event.kind) {
      case 'subscribed':
        frameworkId = event.frameworkId;
        say(`framework ${event.frameworkId} subscribed`);
        break;
      case 'launched':
        agent = event.agentAddress;
        say(`offer accepted, task sent to agent ${event.agentId}`);
        break;
      case 'status':
        say(describeStatus(event.status, stdout));
        break;
      case 'output':
        say(`${paint(stdout, 'dim', event.stream)}  ${Buffer.from(event.data).toString().trimEnd()}`);
        break;
      case 'waiting':
        say(event.reason);
        break;
      case 'notice':
        say(event.text);
        break;
    }
  };
  stdout.write(`\nA first task: ${paint(stdout, 'cyan', COMMAND)}\n\n`);
  const oneShot = new OneShot(
    {
      master: cluster.master,
      codec: 'protobuf',
      framework: {
        user: userInfo().username,
        name: 'first steps',
        roles: ['*'],
        capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }, { type: 'RESERVATION_REFINEMENT' }],
      },
      task: {
        name: TASK_ID,
        task_id: { value: TASK_ID },
        agent_id: { value: '' },
        resources: resources({ cpus: 0.1, mem: 32 }),
        command: shell(COMMAND, { env: { MESOS_TASK_ID: TASK_ID } }),
      },
    },
    tell,
  );
  const end = await oneShot.run();
  if (end.kind === 'failed') {
    stdout.write(`\n  ${paint(stdout, 'red', 'the first task could not be run:')} ${end.message}\n`);
    return;
  }
  const client = new AgentClient(agent);
  const directory = await findDirectory(client, { frameworkId, executorId: TASK_ID });
  await client.close();
  if (directory.ok) stdout.write(`\n  its output lies in ${directory.value}/stdout\n`);
}
