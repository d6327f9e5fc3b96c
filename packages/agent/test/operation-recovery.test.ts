/** Operations that were not acknowledged when the agent ended: found again on disk, told again, forgotten in the end. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AgentId, formatUuid } from '@mesolite/base';
import { SystemDisk } from '@mesolite/daemon';
import { silentLog } from '@mesolite/ports';
import { Resources } from '@mesolite/resources';
import {
  type Operation,
  ReregisterAgentMessage,
  UpdateAgentMessage,
  UpdateOperationStatusMessage,
  UpdateOperationStatusRecord,
} from '@mesolite/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecoveredOperation } from '../src/core/index.ts';
import { recoverOperations } from '../src/host/operation-files.ts';
import { AGENT, CoreHarness, MASTER } from './core-harness.ts';
import { CAPABILITIES, create, FLAGS, uuid, volume } from './operation-messages.ts';

function operation(number: number, changes: Partial<Operation> = {}): Operation {
  const status = { state: 'OPERATION_FINISHED' as const, uuid: uuid(100 + number) };
  return {
    framework_id: { value: 'F' },
    agent_id: { value: AGENT },
    info: { ...create(volume(`v${number}`)), id: { value: `op${number}` } },
    latest_status: status,
    statuses: [status],
    uuid: uuid(number),
    ...changes,
  };
}

describe('the records of operations', () => {
  let workDirectory: string;
  const disk = new SystemDisk();
  beforeEach(async () => {
    workDirectory = await mkdtemp(join(tmpdir(), 'agent-operations-'));
  });
  afterEach(() => rm(workDirectory, { recursive: true, force: true }));

  const directoryOf = (number: number): string =>
    join(workDirectory, `meta/slaves/${AGENT}/operations`, formatUuid(uuid(number).value));
  const fileOf = (number: number): string => join(directoryOf(number), 'operation.updates');
  const record = (message: UpdateOperationStatusRecord): Buffer => {
    const body = UpdateOperationStatusRecord.encode(message);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(body.length);
    return Buffer.concat([length, body]);
  };
  const update = (number: number): Buffer => {
    const { latest_status: status, uuid: operation_uuid } = operation(number);
    return record({ type: 'UPDATE', update: { status, operation_uuid } });
  };
  const write = (number: number, ...parts: Uint8Array[]): void => {
    mkdirSync(directoryOf(number), { recursive: true });
    writeFileSync(fileOf(number), Buffer.concat(parts));
  };
  const recover = async (...remembered: Operation[]): Promise<unknown> => {
    const found = await recoverOperations({ workDirectory, agentId: AGENT }, remembered, disk, silentLog);
    if (!found.ok) return found.error;
    const { operations, discard } = found.value;
    return [operations.map((one) => [one.operation.uuid.value[0], one.recorded]), discard];
  };

  it('say which outcomes are written down, and which acknowledged', async () => {
    write(1, update(1));
    write(2);
    write(3, update(3), record({ type: 'ACK', uuid: uuid(103) }));
    write(4, update(4), record({ type: 'ACK', uuid: uuid(99) }));
    expect(await recover(operation(1), operation(2), operation(3), operation(4), operation(5))).toEqual([
      [
        [1, true],
        [2, false],
        [4, true],
        [5, false],
      ],
      [directoryOf(3)],
    ]);
  });

  it('of operations nobody remembers go, and those of another agent are left out', async () => {
    write(1, update(1));
    expect(await recover(operation(2, { agent_id: { value: 'other' } }))).toEqual([[], [directoryOf(1)]]);
  });

  it('may end in a torn one, which is cut off', async () => {
    for (const kept of [1, 3, 10]) {
      write(1, update(1), update(1).subarray(0, kept));
      expect(await recover(operation(1))).toEqual([[[1, true]], []]);
      expect(readFileSync(fileOf(1))).toEqual(update(1));
      write(1, update(1).subarray(0, kept));
      expect(await recover(operation(1))).toEqual([[[1, false]], []]);
      expect(readFileSync(fileOf(1))).toHaveLength(0);
    }
  });

  it('that are spoiled are refused by the name of their file', async () => {
    const spoiled = update(1);
    write(1, spoiled.fill(255, 4));
    expect(await recover(operation(1))).toContain(`Failed to read '${fileOf(1)}': `);
    expect(existsSync(fileOf(1))).toBe(true);
  });
});

describe('an agent that goes on as it was', () => {
  const agent = (operations: readonly RecoveredOperation[], discard: readonly string[] = []): CoreHarness => {
    const harness = new CoreHarness({
      resources: FLAGS,
      capabilities: CAPABILITIES,
      checkpointedResources: operations
        .filter((one) => one.operation.latest_status.state === 'OPERATION_FINISHED')
        .map((one) => volume(`v${one.operation.uuid.value[0]}`)),
      former: { agentId: AGENT as AgentId, operations, discard },
    });
    harness.step({ kind: 'started' });
    return harness;
  };
  const reregister = (harness: CoreHarness): void => {
    harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
    harness.advance(1_000);
    harness.fromMaster('agent-reregistered', {
      agent_id: { value: AGENT },
      connection: { total_ping_timeout_seconds: 75_000 },
    });
  };
  const told = (harness: CoreHarness): unknown[] =>
    harness
      .sent(UpdateOperationStatusMessage)
      .map(({ status, operation_uuid }) => [operation_uuid?.value[0], status.state, status.uuid?.value[0]]);

  it('registers as the same, names its operations, then tells their outcomes until they are acknowledged', () => {
    const harness = agent([
      { operation: operation(1), recorded: true },
      { operation: operation(2), recorded: true },
    ]);
    expect(harness.effects.map(({ kind }) => kind)).toEqual(['recover-containers']);
    reregister(harness);
    const [message] = harness.sent(ReregisterAgentMessage);
    expect(message?.agent.id).toEqual({ value: AGENT });
    expect(Resources.from(message?.checkpointed_resources).size).toBe(2);
    expect(harness.sent(UpdateAgentMessage)[0]?.operations?.operations?.map(({ info }) => info.id?.value)).toEqual([
      'op1',
      'op2',
    ]);
    expect(told(harness)).toEqual([
      [1, 'OPERATION_FINISHED', 101],
      [2, 'OPERATION_FINISHED', 102],
    ]);
    harness.take();
    harness.fromMaster('operation-status-acknowledged', { operation_uuid: uuid(1), status_uuid: uuid(101) });
    expect(harness.of('commit-resources')[0]?.discard[0]).toMatch(/\/meta\/slaves\/M-S0\/operations\/01010101-.*/);
    const times: number[] = [];
    for (let seconds = 0; seconds < 2_000; seconds += 5) {
      harness.take();
      harness.advance(5_000);
      for (const one of told(harness)) {
        expect(one).toEqual([2, 'OPERATION_FINISHED', 102]);
        times.push(seconds + 5);
      }
    }
    expect(times).toEqual([10, 30, 70, 150, 310, 630, 1230, 1830]);
  });

  it('writes down first what it had no time to', () => {
    const harness = agent([{ operation: operation(1), recorded: false }]);
    const [append] = harness.of('append-file');
    expect(append?.path).toMatch(/operations\/01010101-.*\/operation\.updates$/);
    const { update } = UpdateOperationStatusRecord.decode(Buffer.from(append!.data).subarray(4));
    expect(update?.status.uuid?.value[0]).toBe(101);
    reregister(harness);
    expect(told(harness)).toEqual([[1, 'OPERATION_FINISHED', 101]]);
  });

  it('does what was only begun', () => {
    const pending = { state: 'OPERATION_PENDING' as const };
    const harness = agent([
      { operation: operation(1, { latest_status: pending, statuses: [] }), recorded: false },
      { operation: operation(2), recorded: true },
    ]);
    expect(harness.of('commit-resources')[0]?.volumes.create).toEqual(['/work-dir/volumes/roles/web api/v1']);
    expect(harness.core.state.checkpointed.size).toBe(2);
    reregister(harness);
    expect(told(harness).map((one) => (one as unknown[]).slice(0, 2))).toEqual([
      [2, 'OPERATION_FINISHED'],
      [1, 'OPERATION_FINISHED'],
    ]);
  });

  it('removes what is left of settled ones, once the file of all says so', () => {
    const harness = agent([], ['/old']);
    expect(harness.of('commit-resources')[0]?.discard).toEqual(['/old']);
  });

  it('takes no other id', () => {
    const harness = agent([]);
    harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
    harness.fromMaster('agent-reregistered', { agent_id: { value: 'other' } });
    expect(harness.of('exit')[0]?.text).toContain('Registered but got wrong id: other');
  });
});
