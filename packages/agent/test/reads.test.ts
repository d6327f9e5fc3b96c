/**
 * The reads against recorded answers: the recorded agent is built again in a core, and every body must be the recorded one,
 * but for ids, times and what tells one build from another.
 */
import { seededRandom } from '@mesolite/base';
import { MetricsRegistry } from '@mesolite/daemon';
import { silentLog } from '@mesolite/ports';
import type { Resource, StatusUpdateMessage } from '@mesolite/wire';
import { AgentResponseGetAgent, StatusUpdateMessage as UpdateMessage, wireName } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { comparable, haveRecordedAnswers, recordedAnswer } from '../../../conformance/recorded-answers.mjs';
import { type AgentIdentity, stateBody } from '../src/core/capabilities/reads/legacy-bodies.ts';
import {
  executorsJson,
  frameworksJson,
  getAgent,
  getExecutors,
  getFrameworks,
  getState,
  getTasks,
  stateJson,
  tasksJson,
} from '../src/core/capabilities/reads/operator-reads.ts';
import { AgentCore, type AgentEffect, type AgentInput } from '../src/core/index.ts';

const MASTER_ID = '2c1b0f6e-4f6d-4d6a-9d55-0d1f8a3f2a10';
const AGENT_ID = { value: `${MASTER_ID}-S0` };
const FRAMEWORK_ID = { value: `${MASTER_ID}-0000` };
const MASTER = 'master@127.0.0.1:5050';
const CONTAINER = '7c8577f0-f5ef-4d3c-9b76-d9ff37866652';

const identity: AgentIdentity = { pid: 'slave(1)@127.0.0.1:5051', build: {}, startedWallMs: 0, flags: {} };

function scalar(name: string, value: number, role?: string): Resource {
  return {
    name,
    type: 'SCALAR',
    scalar: { value },
    ...(role === undefined ? {} : { allocation_info: { role } }),
  };
}

function ports(begin: number, end: number, role?: string): Resource {
  return {
    name: 'ports',
    type: 'RANGES',
    ranges: { range: [{ begin, end }] },
    ...(role === undefined ? {} : { allocation_info: { role } }),
  };
}

/** The agent of the recording with its one task running. */
class RecordedAgent {
  readonly core = new AgentCore({
    pid: 'slave(1)@127.0.0.1:5051',
    ip: '127.0.0.1',
    port: 5051,
    hostname: '127.0.0.1',
    resources: [scalar('cpus', 8), scalar('mem', 8192), scalar('disk', 20480), ports(31000, 32000)],
    attributes: [
      { name: 'rack', type: 'TEXT', text: { value: 'r1' } },
      { name: 'zone', type: 'TEXT', text: { value: 'a' } },
    ],
    capabilities: [
      'MULTI_ROLE',
      'HIERARCHICAL_ROLE',
      'RESERVATION_REFINEMENT',
      'RESOURCE_PROVIDER',
      'RESIZE_VOLUME',
      'AGENT_OPERATION_FEEDBACK',
      'AGENT_DRAINING',
      'TASK_RESOURCE_LIMITS',
    ],
    workDirectory: '/var/mesos/x/op/a',
    version: '1.12.0',
    registrationBackoffMs: 10,
    executorRegistrationTimeoutMs: 60_000,
    executorReregistrationTimeoutMs: 2_000,
    executorShutdownGracePeriodMs: 5_000,
    recoveryTimeoutMs: 900_000,
    gcDelayMs: 604_800_000,
    gcDiskHeadroom: 0.1,
    diskWatchIntervalMs: 60_000,
    maxCompletedExecutorsPerFramework: 150,
    switchUser: false,
    httpCommandExecutor: false,
    log: silentLog,
    metrics: new MetricsRegistry(),
    random: seededRandom(5),
  });
  #nowMs = 0;

  constructor() {
    this.step({ kind: 'started' });
    this.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'localhost' } });
    this.step({ kind: 'agent-registered', from: MASTER, message: { agent_id: AGENT_ID } });
    const effects = this.step({
      kind: 'run-task',
      from: MASTER,
      message: {
        framework: {
          user: 'root',
          name: 'capture-framework',
          id: FRAMEWORK_ID,
          roles: ['dev'],
          capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }],
        },
        pid: '',
        task: {
          name: 'captured task',
          task_id: { value: 'cap-1' },
          agent_id: AGENT_ID,
          resources: [scalar('cpus', 0.5, 'dev'), scalar('mem', 64, 'dev'), ports(31000, 31001, 'dev')],
          command: {
            value: 'echo hello from task; sleep 20',
            environment: { variables: [{ name: 'FOO', type: 'VALUE', value: 'bar' }] },
          },
          labels: { labels: [{ key: 'k', value: 'v' }] },
          discovery: {
            visibility: 'CLUSTER',
            name: 'svc',
            ports: { ports: [{ number: 31000, name: 'http', protocol: 'tcp' }] },
          },
        },
      },
    });
    const launched = effects.find((effect) => effect.kind === 'launch-container');
    if (launched?.kind !== 'launch-container') throw new Error('no container was asked for');
    this.#containerId = launched.containerId;
    this.step({ kind: 'container-launched', containerId: this.#containerId, pid: 6903 });
  }

  readonly #containerId;

  /** Steps, and acknowledges at once whatever update goes out. */
  step(input: AgentInput): AgentEffect[] {
    this.core.step(input, { wallMs: 1_795_223_949_000 + this.#nowMs, monotonicMs: this.#nowMs++ });
    const effects = this.core.drain();
    this.core.check();
    for (const effect of effects) {
      if (effect.kind !== 'send' || effect.name !== wireName(UpdateMessage)) continue;
      const { update }: StatusUpdateMessage = UpdateMessage.decode(effect.body);
      this.step({
        kind: 'status-update-acknowledged',
        from: MASTER,
        message: {
          agent_id: AGENT_ID,
          framework_id: update.framework_id,
          task_id: update.status.task_id,
          uuid: update.uuid!,
        },
      });
    }
    return effects;
  }

  finish(): this {
    this.step({ kind: 'container-ended', containerId: this.#containerId, end: { status: 0 } });
    this.step({ kind: 'shutdown-framework', from: MASTER, message: { framework_id: FRAMEWORK_ID } });
    return this;
  }

  /** A body with our container's id replaced by the recorded one. */
  body(value: unknown): unknown {
    return comparable(JSON.parse(JSON.stringify(value).replaceAll(this.#containerId, CONTAINER)));
  }
}

/** What the command executor's record says about its program: ours is none, the original's is an executable. */
function withoutProgram(answer: unknown): unknown {
  const text = JSON.stringify(answer, (key, value: unknown) => {
    if (key !== 'command' || typeof value !== 'object' || value === null) return value;
    const { value: _program, shell: _shell, arguments: _arguments, ...rest } = value as Record<string, unknown>;
    return rest;
  });
  return JSON.parse(text);
}

describe.runIf(haveRecordedAnswers())('recorded answers', () => {
  for (const stage of ['running', 'finished'] as const) {
    const agent = stage === 'running' ? new RecordedAgent() : new RecordedAgent().finish();
    const { state } = agent.core;
    const operator = {
      GET_AGENT: () => JSON.parse(AgentResponseGetAgent.toJson(getAgent(state))),
      GET_STATE: () => JSON.parse(stateJson(getState(state))),
      GET_TASKS: () => JSON.parse(tasksJson(getTasks(state))),
      GET_EXECUTORS: () => JSON.parse(executorsJson(getExecutors(state))),
      GET_FRAMEWORKS: () => JSON.parse(frameworksJson(getFrameworks(state))),
    };

    it(`${stage}: /state`, () => {
      expect(agent.body(stateBody(state, identity))).toEqual(
        recordedAnswer(`${stage}/agent/GET_state.json`, MASTER_ID),
      );
    });
    for (const [name, answer] of Object.entries(operator))
      it(`${stage}: ${name}`, () => {
        const expected = recordedAnswer(`${stage}/agent-api-v1/${name}.json`, MASTER_ID)[name.toLowerCase()];
        expect(withoutProgram(agent.body(answer()))).toEqual(withoutProgram(expected));
      });
  }
});
