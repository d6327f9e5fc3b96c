/** Recorded orders of a stock master about resources, replayed: our answers are those of the stock agent. */
import { join } from 'node:path';
import { Resources } from '@mesolite/resources';
import {
  AcknowledgeOperationStatusMessage,
  ApplyOperationMessage,
  RegisterAgentMessage,
  UpdateOperationStatusMessage,
  type UUID,
} from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { capturesDirectory, readFlows } from '../../../conformance/captured-traffic.mjs';
import { CoreHarness, MASTER } from './core-harness.ts';
import { CAPABILITIES } from './operation-messages.ts';

const directory = capturesDirectory();
if (directory === undefined) console.log('skipped: no captures here (set MESOLITE_CAPTURES)');

/** What the two said to each other about operations, each side in its order. */
function recorded(capture: string) {
  const registrations: RegisterAgentMessage[] = [];
  const orders: ApplyOperationMessage[] = [];
  const acknowledgements: AcknowledgeOperationStatusMessage[] = [];
  const outcomes: UpdateOperationStatusMessage[] = [];
  for (const flow of readFlows(join(directory ?? '', capture, 'flows'))) {
    for (const { start, body } of flow.requests) {
      switch (start.split(' ')[1]?.split('.').at(-1)) {
        case 'RegisterSlaveMessage':
          registrations.push(RegisterAgentMessage.decode(body));
          break;
        case 'ApplyOperationMessage':
          orders.push(ApplyOperationMessage.decode(body));
          break;
        case 'AcknowledgeOperationStatusMessage':
          acknowledgements.push(AcknowledgeOperationStatusMessage.decode(body));
          break;
        case 'UpdateOperationStatusMessage':
          outcomes.push(UpdateOperationStatusMessage.decode(body));
      }
    }
  }
  return { registration: registrations[0]!, orders, acknowledgements, outcomes };
}

/** Without what is drawn by lot. */
function comparable(update: UpdateOperationStatusMessage): UpdateOperationStatusMessage {
  const { uuid: _1, ...status } = update.status;
  const { uuid: _2, ...latest } = update.latest_status ?? update.status;
  return { ...update, status, latest_status: latest };
}

describe.skipIf(directory === undefined)('recorded orders', () => {
  it.each([
    ['v0-persistent-volume-framework', 2],
    ['v1-operation-feedback-framework', 4],
  ])('of %s are answered as by the stock agent', (capture, count) => {
    const { registration, orders, acknowledgements, outcomes } = recorded(capture);
    const given = Resources.from(registration.agent.resources);
    const harness = new CoreHarness({ resources: given.toProto(), capabilities: CAPABILITIES });
    harness.step({ kind: 'started' });
    harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
    harness.advance(1_000);
    harness.fromMaster('agent-registered', { agent_id: outcomes[0]!.agent_id! });
    const statusOf = new Map<string, UUID | undefined>();
    for (const order of orders) {
      harness.take();
      harness.fromMaster('apply-operation', order);
      const [ours] = harness.sent(UpdateOperationStatusMessage);
      const theirs = outcomes.find(({ operation_uuid }) => hex(operation_uuid) === hex(order.operation_uuid));
      expect(comparable(ours!)).toEqual(comparable(theirs!));
      expect(ours?.status.uuid?.value).toHaveLength(16);
      statusOf.set(hex(order.operation_uuid), ours?.status.uuid);
    }
    expect(orders).toHaveLength(count);
    for (const { operation_uuid } of acknowledgements) {
      const status_uuid = statusOf.get(hex(operation_uuid))!;
      harness.fromMaster('operation-status-acknowledged', { operation_uuid, status_uuid });
    }
    expect(harness.core.state.operations.size).toBe(orders.length - acknowledgements.length);
    // These frameworks give everything back.
    expect(harness.core.state.total.equals(given)).toBe(true);
  });
});

function hex(uuid: UUID | undefined): string {
  return Buffer.from(uuid?.value ?? []).toString('hex');
}
