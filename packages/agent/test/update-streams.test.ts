import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AGENT, CoreHarness, MASTER } from './core-harness.ts';
import { customExecutor, framework } from './tasks.ts';

/** A custom executor with one running task, all acknowledged. */
function withExecutor(harness = new CoreHarness().register()): CoreHarness {
  harness.run({ id: 't', executor: customExecutor('E', 'x') });
  harness.step({ kind: 'container-launched', containerId: harness.launched(), pid: 1 });
  harness.subscribe('E');
  harness.take();
  return harness;
}

function uuidOf(n: number): Uint8Array {
  const uuid = new Uint8Array(16);
  new DataView(uuid.buffer).setUint32(0, n);
  return uuid;
}

type State = 'TASK_STARTING' | 'TASK_RUNNING' | 'TASK_FINISHED';

function update(harness: CoreHarness, n: number, state: State, message = `${n}`): number {
  return harness.call({
    type: 'UPDATE',
    executor_id: { value: 'E' },
    update: { status: { task_id: { value: 't' }, state, source: 'SOURCE_EXECUTOR', uuid: uuidOf(n), message } },
  });
}

describe('the updates of a task', () => {
  it('go out one at a time, the next after the acknowledgement of the last', () => {
    const harness = withExecutor();
    update(harness, 1, 'TASK_STARTING');
    update(harness, 2, 'TASK_RUNNING');
    expect(harness.told()).toEqual(['TASK_STARTING']);
    harness.acknowledge('t', uuidOf(1));
    expect(harness.told()).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
  });

  it('carry the latest state beside the one they tell', () => {
    const harness = withExecutor();
    update(harness, 1, 'TASK_STARTING');
    update(harness, 2, 'TASK_FINISHED');
    harness.advance(10_000);
    expect(harness.updates().map(({ status, latest_state }) => [status.state, latest_state])).toEqual([
      ['TASK_STARTING', 'TASK_STARTING'],
      ['TASK_STARTING', 'TASK_FINISHED'],
    ]);
  });

  it('are sent again after 10 s, then at doubling intervals up to 10 min', () => {
    const harness = withExecutor();
    update(harness, 1, 'TASK_RUNNING');
    const at: number[] = [];
    for (let last = harness.updates().length; at.length < 9; last = harness.updates().length) {
      const before = harness.nowMs;
      while (harness.updates().length === last) {
        harness.fromMaster('ping-received', { connected: true });
        harness.advance(1_000);
      }
      at.push(harness.nowMs - before);
    }
    expect(at).toEqual([10, 20, 40, 80, 160, 320, 600, 600, 600].map((seconds) => seconds * 1000));
  });

  it('are acknowledged to the executor at once', () => {
    const harness = withExecutor();
    const connection = update(harness, 1, 'TASK_RUNNING');
    expect(harness.of('reply')).toEqual([{ kind: 'reply', connection, status: 202 }]);
    expect(harness.events()).toEqual([
      { type: 'ACKNOWLEDGED', acknowledged: { task_id: { value: 't' }, uuid: uuidOf(1) } },
    ]);
  });

  it('change nothing when repeated, but are acknowledged again', () => {
    const harness = withExecutor();
    update(harness, 1, 'TASK_STARTING');
    update(harness, 2, 'TASK_RUNNING');
    update(harness, 1, 'TASK_STARTING');
    expect(harness.events()).toHaveLength(3);
    harness.acknowledge('t', uuidOf(1));
    harness.acknowledge('t', uuidOf(2));
    expect(harness.told()).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
    const executor = harness.core.state.frameworks.get('F' as never)?.executors.get('E' as never);
    expect([...(executor?.launchedTasks.values() ?? [])].map((task) => task.state)).toEqual(['TASK_RUNNING']);
  });

  it('ignore acknowledgements that do not fit', () => {
    const harness = withExecutor();
    update(harness, 1, 'TASK_STARTING');
    update(harness, 2, 'TASK_RUNNING');
    harness.acknowledge('t', uuidOf(2));
    harness.acknowledge('t', uuidOf(9));
    expect(harness.told()).toEqual(['TASK_STARTING']);
    harness.acknowledge('t', uuidOf(1));
    harness.acknowledge('t', uuidOf(1));
    expect(harness.told()).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
  });

  it('wait while the agent is not registered, and go out again once it is', () => {
    const harness = withExecutor();
    harness.step({ kind: 'leader-detected', leader: undefined });
    update(harness, 1, 'TASK_RUNNING');
    harness.advance(60_000);
    expect(harness.told()).toEqual([]);
    harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
    harness.fromMaster('agent-reregistered', { agent_id: { value: AGENT } });
    expect(harness.told()).toEqual(['TASK_RUNNING']);
  });

  it('go out again when their framework is back', () => {
    const harness = withExecutor();
    update(harness, 1, 'TASK_RUNNING');
    harness.fromMaster('update-framework', { framework_id: { value: 'F' }, framework_info: framework() });
    expect(harness.told()).toEqual(['TASK_RUNNING', 'TASK_RUNNING']);
  });

  it('are refused with 503 when too many wait', () => {
    const harness = withExecutor();
    for (let n = 1; n <= 1_000; n++) update(harness, n, 'TASK_RUNNING');
    harness.take();
    update(harness, 1_001, 'TASK_RUNNING');
    expect(harness.of('reply')).toMatchObject([{ status: 503 }]);
    expect(harness.events()).toEqual([]);
    harness.acknowledge('t', uuidOf(1));
    harness.take();
    update(harness, 1_001, 'TASK_RUNNING');
    expect(harness.of('reply')).toMatchObject([{ status: 202 }]);
  });

  it('that come with a subscription stay with the executor when too many wait', () => {
    const harness = withExecutor();
    for (let n = 1; n <= 1_000; n++) update(harness, n, 'TASK_RUNNING');
    harness.take();
    const told = [1_000, 1_001].map((n) => ({
      status: {
        task_id: { value: 't' },
        state: 'TASK_RUNNING' as const,
        source: 'SOURCE_EXECUTOR' as const,
        uuid: uuidOf(n),
      },
    }));
    harness.subscribe('E', { unacknowledged_updates: told });
    const acknowledged = harness.events().flatMap((event) => event.acknowledged ?? []);
    expect(acknowledged).toEqual([{ task_id: { value: 't' }, uuid: uuidOf(1_000) }]);
  });
});

describe('whatever happens', () => {
  type Step = {
    kind: 'update' | 'repeat' | 'wait' | 'ack' | 'stray-ack' | 'master-lost' | 'master-back' | 'framework-back';
  };
  const steps = fc.array(
    fc.constantFrom<Step['kind']>(
      'update',
      'update',
      'ack',
      'ack',
      'repeat',
      'wait',
      'stray-ack',
      'master-lost',
      'master-back',
      'framework-back',
    ),
    { maxLength: 60 },
  );

  it('every update arrives, in order, and is sent until it is acknowledged', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const harness = withExecutor();
        let last = 0;
        let connected = true;
        const arrived: number[] = [];
        const acknowledged = new Set<number>();
        /** What a scheduler sees and, with `ack`, acknowledges of what was sent meanwhile. */
        const deliver = (ack: boolean): void => {
          for (const { status } of harness.updates()) {
            const n = Number(status.message);
            arrived.push(n);
            if (!ack) continue;
            acknowledged.add(n);
            harness.acknowledge('t', status.uuid);
          }
        };
        const back = (): void => {
          harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
          harness.fromMaster('agent-reregistered', { agent_id: { value: AGENT } });
          connected = true;
        };
        for (const kind of script) {
          harness.take();
          if (kind === 'update') update(harness, ++last, 'TASK_RUNNING');
          else if (kind === 'repeat' && last > 0) update(harness, last, 'TASK_RUNNING');
          else if (kind === 'wait') harness.advance(30_000);
          else if (kind === 'stray-ack') harness.acknowledge('t', uuidOf(9_999));
          else if (kind === 'master-lost') {
            harness.step({ kind: 'leader-detected', leader: undefined });
            connected = false;
          } else if (kind === 'master-back') back();
          else if (kind === 'framework-back' && connected) {
            harness.fromMaster('update-framework', { framework_id: { value: 'F' }, framework_info: framework() });
          } else if (kind === 'ack' && connected) harness.advance(600_000);
          deliver(kind === 'ack' && connected);
        }
        // Faults are over: all must arrive.
        back();
        for (let round = 0; round <= last; round++) {
          deliver(true);
          harness.take();
          harness.fromMaster('ping-received', { connected: true });
          harness.fromMaster('update-framework', { framework_id: { value: 'F' }, framework_info: framework() });
        }
        const first = [...new Set(arrived)];
        expect(first).toEqual(Array.from({ length: last }, (_, index) => index + 1));
        expect(acknowledged.size).toBe(last);
        // Never one before the acknowledgement of all before it, never one after its own.
        let top = 0;
        for (const n of arrived) {
          expect(n).toBeGreaterThanOrEqual(top);
          expect(n).toBeLessThanOrEqual(top + 1);
          top = n;
        }
      }),
      { numRuns: 150 },
    );
  });
});
