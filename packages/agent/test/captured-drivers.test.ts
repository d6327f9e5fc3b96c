/** Recorded conversations of a stock agent with drivers of executors, replayed: ours says the same to both sides. */
import { join } from 'node:path';
import { Resources } from '@mesolite/resources';
import {
  AgentRegisteredMessage,
  ExecutorRegisteredMessage,
  type MessageType,
  RegisterAgentMessage,
  RegisterExecutorMessage,
  RunTaskMessage,
  ShutdownExecutorMessage,
  ShutdownFrameworkMessage,
  StatusUpdateAcknowledgementMessage,
  StatusUpdateMessage,
  wireName,
} from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { capturesDirectory, readFlows } from '../../../conformance/captured-traffic.mjs';
import { CoreHarness, MASTER } from './core-harness.ts';

const directory = capturesDirectory();
if (directory === undefined) console.log('skipped: no captures here (set MESOLITE_CAPTURES)');

interface Said {
  readonly to: string;
  readonly from: string;
  readonly name: string;
  readonly body: Buffer;
}

/** Everything said over libprocess, connection by connection. */
function recorded(capture: string): Said[] {
  const said: Said[] = [];
  for (const { requests } of readFlows(join(directory ?? '', capture))) {
    for (const { start, headers, body } of requests) {
      const [, to = '', name = ''] = /^POST \/([^/]+)\/(mesos\.\S+) /.exec(start) ?? [];
      if (name !== '') said.push({ to: decodeURIComponent(to), from: headers['libprocess-from'] ?? '', name, body });
    }
  }
  return said;
}

/** What went to a process, of one kind, in order. */
function messages<M extends object>(said: readonly Said[], to: string, type: MessageType<M>): M[] {
  return said.filter((one) => one.to === to && one.name === wireName(type)).map(({ body }) => type.decode(body));
}

describe.skipIf(directory === undefined)('recorded drivers', () => {
  it.each([
    'v0-test-framework/flows',
    'operator-mutations-and-errors/cram-md5-auth-flows',
  ])('of %s hear what they heard from the stock agent', (capture) => {
    const said = recorded(capture);
    const [introduction] = messages(said, 'master', RegisterAgentMessage);
    const [admitted] = messages(said, 'slave(1)', AgentRegisteredMessage);
    const { hostname, port = 5051, resources, attributes = [] } = introduction!.agent;
    const harness = new CoreHarness({ hostname, port, attributes, resources: Resources.from(resources).toProto() });
    harness.step({ kind: 'started' });
    harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
    harness.advance(1_000);
    harness.fromMaster('agent-registered', admitted!);

    const executor = said.find(({ name }) => name === wireName(RegisterExecutorMessage))!;
    const [word] = messages(said, 'slave(1)', RegisterExecutorMessage);
    const launches = messages(said, 'slave(1)', RunTaskMessage);
    for (const launch of launches) {
      // Which state of the resources it was made for is drawn by lot.
      harness.fromMaster('run-task', { ...launch, resource_version_uuids: [] });
    }
    harness.step({ kind: 'container-launched', containerId: harness.launched(), pid: 1 });
    harness.take();
    harness.fromExecutor('register-executor', word!, executor.from);
    for (const update of messages(said, 'slave(1)', StatusUpdateMessage)) {
      harness.fromExecutor('update-status', update, executor.from);
      const theirs = messages(said, 'master', StatusUpdateMessage).find(
        (one) => Buffer.compare(one.update.uuid!, update.update.uuid!) === 0,
      );
      const ours = harness.updates().at(-1);
      const held = harness.core.state.streams.get(
        update.update.framework_id.value as never,
        update.update.status.task_id.value as never,
      );
      const status = held?.pending.at(-1)?.status ?? ours!.status;
      const container_status = theirs!.update.status.container_status;
      expect({ ...status, container_status }).toEqual(theirs!.update.status);
      harness.fromMaster('status-update-acknowledged', {
        agent_id: update.update.agent_id!,
        framework_id: update.update.framework_id,
        task_id: update.update.status.task_id,
        uuid: update.update.uuid!,
      });
    }
    for (const end of messages(said, 'slave(1)', ShutdownFrameworkMessage))
      harness.fromMaster('shutdown-framework', end);

    const pid = executor.from.split('@')[0]!;
    const registered = messages(said, pid, ExecutorRegisteredMessage);
    expect(harness.sent(ExecutorRegisteredMessage)).toEqual(registered);
    expect(harness.sent(RunTaskMessage)).toEqual(messages(said, pid, RunTaskMessage));
    // Where the original first tells the container that a task ended, other acknowledgements pass that of the end.
    const byUuid = (all: readonly StatusUpdateAcknowledgementMessage[]): StatusUpdateAcknowledgementMessage[] =>
      [...all].sort((a, b) => Buffer.compare(a.uuid, b.uuid));
    expect(byUuid(harness.sent(StatusUpdateAcknowledgementMessage))).toEqual(
      byUuid(messages(said, pid, StatusUpdateAcknowledgementMessage)),
    );
    expect(harness.sent(ShutdownExecutorMessage)).toEqual(messages(said, pid, ShutdownExecutorMessage));
    expect(launches).toHaveLength(5);
  });
});
