/**
 * Messages with random bytes changed: those that still decode reach the core, which must neither throw nor lose count,
 * whatever they say; and a framework that has nothing to do with it notices nothing.
 */
import { type RandomStream, seededRandom } from '@mesolite/base';
import {
  ExitedExecutorMessage,
  type MessageType,
  RegisterAgentMessage,
  ReregisterAgentMessage,
  SchedulerCall,
  StatusUpdateMessage,
  UpdateAgentMessage,
  WireError,
} from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { type MasterInput, schedulerCallError } from '../src/core/index.ts';

import {
  AGENT_CAPABILITIES,
  AGENT_RESOURCES,
  CoreHarness,
  eventsIn,
  frameworkInfo,
  ports,
  type RegisteredAgent,
  type Scheduler,
  scalar,
  task,
  uuidOf,
} from './core-harness.ts';

/** The message with up to three bytes or stretches changed; undefined when that is no message any more. */
function spoiled<M extends object>(type: MessageType<M>, message: M, random: RandomStream): M | undefined {
  let bytes = type.encode(message);
  for (let i = random.below(4) === 0 ? 2 : 0; i >= 0; i--) {
    const at = random.below(bytes.length);
    const length = random.below(4);
    const kind = random.below(4);
    if (kind <= 1) bytes[at] = random.below(256);
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    else bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(random.bytes(length)), bytes.subarray(at)]);
    if (bytes.length === 0) return undefined;
  }
  try {
    return type.decode(bytes);
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

class Fuzzed {
  readonly master = new CoreHarness().start();
  readonly agent: RegisteredAgent = this.master.addAgent();
  readonly victim: Scheduler = this.master.subscribe();
  readonly bystander: Scheduler = this.master.subscribe(frameworkInfo({ id: { value: 'somebody-else' } }), {
    suppressedRoles: ['*'],
  });
  taken = 0;
  readonly #random: RandomStream;
  #connections = 10_000;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  agentMessage(): MasterInput | undefined {
    const { agent, victim } = this;
    const from = this.#random.below(3) === 0 ? 'slave(1)@127.0.0.9:1' : agent.pid;
    const info = { hostname: 'localhost', port: 5051, resources: AGENT_RESOURCES, checkpoint: true };
    const capabilities = [...AGENT_CAPABILITIES];
    switch (this.#random.below(5)) {
      case 0: {
        const message = spoiled(
          RegisterAgentMessage,
          { agent: info, version: '1.12.0', agent_capabilities: capabilities },
          this.#random,
        );
        return message && { kind: 'register-agent', from, message };
      }
      case 1: {
        const message = spoiled(ReregisterAgentMessage, this.#reregistration(info), this.#random);
        return message && { kind: 'reregister-agent', from, message };
      }
      case 2: {
        const uuid = uuidOf('t1', 'TASK_RUNNING');
        const status = { task_id: { value: 't1' }, state: 'TASK_RUNNING' as const, uuid };
        const update = {
          framework_id: { value: victim.id },
          agent_id: { value: agent.id },
          status,
          timestamp: 1,
          uuid,
          latest_state: 'TASK_RUNNING' as const,
        };
        const message = spoiled(StatusUpdateMessage, { update, pid: agent.pid }, this.#random);
        return message && { kind: 'status-updated', from, message };
      }
      case 3: {
        const ids = { agent_id: { value: agent.id }, framework_id: { value: victim.id }, executor_id: { value: 'e' } };
        const message = spoiled(ExitedExecutorMessage, { ...ids, status: 9 }, this.#random);
        return message && { kind: 'executor-exited', from, message };
      }
      default: {
        const message = spoiled(UpdateAgentMessage, { agent_id: { value: agent.id } }, this.#random);
        return message && { kind: 'update-agent', from, message };
      }
    }
  }

  #reregistration(info: ReregisterAgentMessage['agent']): ReregisterAgentMessage {
    const framework_id = { value: this.victim.id };
    const allocated = { ...scalar('cpus', 1), allocation_info: { role: '*' } };
    return {
      agent: { ...info, id: { value: this.agent.id } },
      version: '1.12.0',
      agent_capabilities: [...AGENT_CAPABILITIES],
      frameworks: [frameworkInfo({ id: framework_id })],
      executor_infos: [{ executor_id: { value: 'e' }, framework_id, command: { value: 'e' }, resources: [allocated] }],
      tasks: [
        {
          name: 't1',
          task_id: { value: 't1' },
          agent_id: { value: this.agent.id },
          framework_id,
          executor_id: { value: 'e' },
          state: 'TASK_RUNNING',
          resources: [allocated],
        },
      ],
    };
  }

  call(): MasterInput | undefined {
    const call = spoiled(SchedulerCall, this.#validCall(), this.#random);
    if (call === undefined || schedulerCallError(call) !== undefined) return undefined;
    const connection = this.#connections++;
    if (call.type === 'SUBSCRIBE' && call.subscribe !== undefined)
      return { kind: 'subscribe-scheduler', connection, subscribe: call.subscribe };
    return { kind: 'call-scheduler', connection, call, streamId: this.#streamOf(call) };
  }

  /** Whoever the call says it is from: an intruder who knows everything but the bystander's stream. */
  #streamOf(call: SchedulerCall): string | undefined {
    const id = call.framework_id?.value;
    if (id === this.bystander.id) return 'guessed';
    for (const framework of this.master.core.state.frameworks.registered.values())
      if (framework.id === id) return framework.scheduler?.kind === 'stream' ? framework.scheduler.streamId : undefined;
    return undefined;
  }

  #validCall(): SchedulerCall {
    const { agent, victim } = this;
    const framework_id = { value: victim.id };
    const [offer] = this.master.core.state.offers.values();
    const offer_ids = [{ value: offer?.id ?? 'none' }];
    const executor = { executor_id: { value: 'e' }, command: { value: 'e' }, resources: [scalar('cpus', 1)] };
    const tasks = [
      task(`t${this.#random.below(50)}`, agent.id, { resources: [scalar('cpus', 0.1), ports(31000, 31000)] }),
      task(`u${this.#random.below(50)}`, agent.id, { command: undefined, executor }),
    ];
    const calls: SchedulerCall[] = [
      { type: 'SUBSCRIBE', subscribe: { framework_info: frameworkInfo(), suppressed_roles: ['*'] } },
      { type: 'SUBSCRIBE', framework_id, subscribe: { framework_info: frameworkInfo({ id: framework_id }) } },
      {
        type: 'ACCEPT',
        framework_id,
        accept: { offer_ids, operations: [{ type: 'LAUNCH', launch: { task_infos: tasks } }] },
      },
      { type: 'DECLINE', framework_id, decline: { offer_ids, filters: { refuse_seconds: 1 } } },
      { type: 'KILL', framework_id, kill: { task_id: { value: 't1' }, agent_id: { value: agent.id } } },
      { type: 'REVIVE', framework_id, revive: { roles: ['*'] } },
      { type: 'SUPPRESS', framework_id, suppress: { roles: ['*'] } },
      { type: 'RECONCILE', framework_id, reconcile: { tasks: [{ task_id: { value: 't1' } }] } },
      {
        type: 'ACKNOWLEDGE',
        framework_id,
        acknowledge: { agent_id: { value: agent.id }, task_id: { value: 't1' }, uuid: uuidOf('t1', 'TASK_RUNNING') },
      },
      {
        type: 'UPDATE_FRAMEWORK',
        framework_id,
        update_framework: { framework_info: frameworkInfo({ id: framework_id, roles: ['*', 'a'] }) },
      },
    ];
    return calls[this.#random.below(calls.length)]!;
  }

  step(): void {
    const input = this.#random.below(2) === 0 ? this.agentMessage() : this.call();
    if (input !== undefined) {
      this.master.step(input);
      this.taken++;
    }
    if (this.#random.below(20) === 0) this.master.advanceAlive(1_000);
  }
}

describe('spoiled messages', () => {
  it.each([1, 2, 3, 229])('do no harm (seed %i)', (seed) => {
    const fuzzed = new Fuzzed(seed);
    const from = fuzzed.master.effects.length;
    for (let i = 0; i < 1_500; i++) fuzzed.step();
    expect(fuzzed.taken).toBeGreaterThan(200);
    const heard = eventsIn(fuzzed.master.effects.slice(from), fuzzed.bystander.connection);
    expect(heard.filter(({ type }) => type !== 'HEARTBEAT' && type !== 'FAILURE')).toEqual([]);
    const alive = fuzzed.master.call(fuzzed.bystander, { type: 'RECONCILE', reconcile: {} });
    expect(alive).toMatchObject([{ kind: 'reply', status: 202 }]);
  });
});
