/**
 * The reads against recorded answers: the recorded cluster is built again in a core, and every body must be the recorded
 * one, but for ids, times and what tells one build from another.
 */
import type { FrameworkId } from '@mesolite/base';
import { AgentRegisteredMessage, MasterResponse, type TaskStatus } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { comparable, haveRecordedAnswers, recordedAnswer } from '../../../conformance/recorded-answers.mjs';
import {
  agentsBody,
  frameworksBody,
  type MasterIdentity,
  parseTasksQuery,
  stateBody,
  stateSummaryBody,
  tasksBody,
} from '../src/core/capabilities/reads/legacy-bodies.ts';
import { agentsJson, frameworksJson, stateJson, tasksJson } from '../src/core/capabilities/reads/operator-json.ts';
import { getAgents, getFrameworks, getState, getTasks } from '../src/core/capabilities/reads/operator-reads.ts';
import { getRoles, rolesBody } from '../src/core/capabilities/reads/role-reads.ts';
import { AGENT_RESOURCES, CoreHarness, MASTER_ID, ports, type Scheduler, scalar, sent } from './core-harness.ts';

const CONTAINER = '7c8577f0-f5ef-4d3c-9b76-d9ff37866652';

const identity: MasterIdentity = {
  info: {
    id: MASTER_ID,
    ip: 16777343,
    port: 5050,
    pid: 'master@127.0.0.1:5050',
    hostname: '127.0.0.1',
  },
  pid: 'master@127.0.0.1:5050',
  build: {},
  startedWallMs: 0,
  electedWallMs: () => 0,
  flags: {},
};

/** The cluster of the recording: one agent, one framework of role dev, one task. */
class RecordedCluster {
  readonly master = new CoreHarness().start();
  readonly scheduler: Scheduler;
  readonly agent: { id: never; pid: string };

  /** With `refuseSeconds` 0 the rest of the agent is offered again at once. */
  constructor(refuseSeconds = 3600) {
    const pid = 'slave(1)@127.0.0.1:5051';
    const effects = this.master.step({
      kind: 'register-agent',
      from: pid,
      message: {
        agent: {
          hostname: '127.0.0.1',
          port: 5051,
          resources: AGENT_RESOURCES,
          attributes: [
            { name: 'rack', type: 'TEXT', text: { value: 'r1' } },
            { name: 'zone', type: 'TEXT', text: { value: 'a' } },
          ],
          checkpoint: true,
        },
        version: '1.12.0',
        agent_capabilities: [
          { type: 'MULTI_ROLE' },
          { type: 'HIERARCHICAL_ROLE' },
          { type: 'RESERVATION_REFINEMENT' },
          { type: 'RESOURCE_PROVIDER' },
          { type: 'RESIZE_VOLUME' },
          { type: 'AGENT_OPERATION_FEEDBACK' },
          { type: 'AGENT_DRAINING' },
          { type: 'TASK_RESOURCE_LIMITS' },
        ],
      },
    });
    this.agent = { id: sent(effects, pid, AgentRegisteredMessage)[0]!.agent_id.value as never, pid };
    this.scheduler = this.master.subscribe({
      user: 'root',
      name: 'capture-framework',
      roles: ['dev'],
      capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }],
    });
    const [offer] = this.master.offers(this.scheduler);
    this.master.accept(
      this.scheduler,
      [offer!.id.value],
      [
        {
          type: 'LAUNCH',
          launch: {
            task_infos: [
              {
                name: 'captured task',
                task_id: { value: 'cap-1' },
                agent_id: { value: this.agent.id },
                resources: [scalar('cpus', 0.5), scalar('mem', 64), ports(31000, 31001)],
                command: { value: 'echo hello' },
                labels: { labels: [{ key: 'k', value: 'v' }] },
                discovery: {
                  visibility: 'CLUSTER',
                  name: 'svc',
                  ports: { ports: [{ number: 31000, name: 'http', protocol: 'tcp' }] },
                },
              },
            ],
          },
        },
      ],
      refuseSeconds,
    );
    this.#update('TASK_STARTING');
    this.#update('TASK_RUNNING');
  }

  #update(state: 'TASK_STARTING' | 'TASK_RUNNING' | 'TASK_FINISHED'): void {
    const status: Partial<TaskStatus> = {
      executor_id: { value: 'cap-1' },
      agent_id: { value: this.agent.id },
      ...(state === 'TASK_FINISHED' ? { message: 'Command exited with status 0' } : {}),
      container_status: {
        container_id: { value: CONTAINER },
        network_infos: [{ ip_addresses: [{ protocol: 'IPv4', ip_address: '127.0.0.1' }] }],
        executor_pid: 6903,
      },
    };
    this.master.update(this.agent, this.scheduler, 'cap-1', state, { status });
    this.master.acknowledge(this.agent, this.scheduler, 'cap-1', state);
  }

  finish(): this {
    this.#update('TASK_FINISHED');
    this.master.advanceAlive(5_000);
    return this;
  }

  get state(): CoreHarness['core']['state'] {
    return this.master.core.state;
  }
}

describe.runIf(haveRecordedAnswers())('recorded answers', () => {
  const query = new URLSearchParams();
  const tasksQuery = parseTasksQuery(query);
  const legacy = {
    'GET_slaves': (cluster: RecordedCluster) => agentsBody(cluster.state, null),
    GET_frameworks: (cluster: RecordedCluster) => frameworksBody(cluster.state, null),
    GET_tasks: (cluster: RecordedCluster) =>
      tasksBody(cluster.state, tasksQuery.ok ? tasksQuery.value : (undefined as never)),
    GET_roles: (cluster: RecordedCluster) => rolesBody(cluster.state),
    'GET_state-summary': (cluster: RecordedCluster) => stateSummaryBody(cluster.state, identity),
    GET_state: (cluster: RecordedCluster) => stateBody(cluster.state, identity),
  };
  const operator = {
    GET_AGENTS: (cluster: RecordedCluster) => `{"get_agents":${agentsJson(getAgents(cluster.state))}}`,
    GET_FRAMEWORKS: (cluster: RecordedCluster) => `{"get_frameworks":${frameworksJson(getFrameworks(cluster.state))}}`,
    GET_TASKS: (cluster: RecordedCluster) => `{"get_tasks":${tasksJson(getTasks(cluster.state))}}`,
    GET_ROLES: (cluster: RecordedCluster) => MasterResponse.toJson({ get_roles: getRoles(cluster.state) }),
    GET_STATE: (cluster: RecordedCluster) => `{"get_state":${stateJson(getState(cluster.state))}}`,
  };
  for (const stage of ['running', 'finished'] as const) {
    const cluster = stage === 'running' ? new RecordedCluster() : new RecordedCluster().finish();
    const offered = stage === 'running' ? new RecordedCluster(0) : cluster;
    offered.master.advanceAlive(2_000);
    for (const [name, body] of Object.entries(legacy))
      it(`${stage}: ${name}`, () => {
        // Capabilities of the master itself: those that are not built are not announced.
        const expected = recordedAnswer(`${stage}/master/${name}.json`, MASTER_ID);
        if (name === 'GET_state') expected['capabilities'] = [];
        expect(comparable(JSON.parse(JSON.stringify(body(cluster))))).toEqual(expected);
      });
    for (const [name, body] of Object.entries(operator))
      it(`${stage}: ${name}`, () => {
        const expected = recordedAnswer(`${stage}/master-api-v1/${name}.json`, MASTER_ID);
        delete expected['type'];
        expect(comparable(JSON.parse(body(offered)))).toEqual(expected);
      });
  }
});

describe('queries', () => {
  it('narrows by id', () => {
    const { state, scheduler } = new RecordedCluster();
    expect(agentsBody(state, 'nope')).toMatchObject({ 'slaves': [] });
    expect(frameworksBody(state, 'nope')).toMatchObject({ frameworks: [] });
    expect(frameworksBody(state, scheduler.id as FrameworkId)).toMatchObject({ frameworks: [{ id: scheduler.id }] });
  });

  it('pages through tasks', () => {
    const { state } = new RecordedCluster();
    const page = (text: string): unknown[] => {
      const parsed = parseTasksQuery(new URLSearchParams(text));
      if (!parsed.ok) throw new Error(parsed.error);
      return tasksBody(state, parsed.value)['tasks'] as unknown[];
    };
    expect(page('')).toHaveLength(1);
    expect(page('offset=1')).toHaveLength(0);
    expect(page('limit=0')).toHaveLength(0);
    expect(page('task_id=other')).toHaveLength(0);
    expect(page('task_id=cap-1&order=asc')).toHaveLength(1);
    expect(parseTasksQuery(new URLSearchParams('limit=-1')).ok).toBe(false);
  });
});
