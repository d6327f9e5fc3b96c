/** For tests: an agent with a task, and an operator who takes it out of service. */
import type { AgentId } from '@mesolite/base';
import type { DrainConfig, Task } from '@mesolite/wire';
import { getAgents } from '../src/core/capabilities/reads/operator-reads.ts';
import type { MasterEffect, MasterInput, MasterOptions } from '../src/core/index.ts';
import {
  AGENT_CAPABILITIES,
  AGENT_RESOURCES,
  CoreHarness,
  frameworkInfo,
  type RegisteredAgent,
  scalar,
  task,
} from './core-harness.ts';

export const OPERATOR = 1_000_000;
export const OK = [{ status: 200, text: undefined }];

export type Demand = 'drain-agent' | 'deactivate-agent' | 'reactivate-agent' | 'mark-agent-gone';

export function ask(master: CoreHarness, kind: Demand, agentId: string, config: DrainConfig = {}): MasterEffect[] {
  const common = { connection: OPERATOR, agentId: agentId as AgentId };
  const input: MasterInput = kind === 'drain-agent' ? { kind, ...common, config } : { kind, ...common };
  return master.step(input);
}

export function running(options: Partial<MasterOptions> = {}) {
  const master = new CoreHarness(options).start();
  const agent = master.addAgent();
  const scheduler = master.subscribe();
  const [offer] = master.offers(scheduler);
  master.launch(scheduler, offer!, [task('t', agent.id)]);
  master.update(agent, scheduler, 't', 'TASK_RUNNING');
  return { master, agent, scheduler };
}

export function ends({ master, agent, scheduler }: ReturnType<typeof running>): MasterEffect[] {
  master.update(agent, scheduler, 't', 'TASK_KILLED');
  return master.acknowledge(agent, scheduler, 't', 'TASK_KILLED');
}

export function comesBack(
  master: CoreHarness,
  agent: RegisteredAgent,
  more: { tasks?: Task[]; capabilities?: boolean } = {},
) {
  const frameworks = [...new Set((more.tasks ?? []).map(({ framework_id }) => framework_id.value))];
  return master.step({
    kind: 'reregister-agent',
    from: agent.pid,
    message: {
      agent: {
        id: { value: agent.id },
        hostname: 'localhost',
        resources: AGENT_RESOURCES,
        checkpoint: true,
        port: 5051,
      },
      version: '1.12.0',
      agent_capabilities: [
        ...AGENT_CAPABILITIES,
        ...(more.capabilities ? [{ type: 'RESOURCE_PROVIDER' as const }] : []),
      ],
      tasks: more.tasks ?? [],
      frameworks: frameworks.map((value) => ({ ...frameworkInfo(), id: { value } })),
    },
  });
}

export function runningTask(agentId: string, frameworkId: string): Task {
  const allocated = (name: string, value: number) => ({ ...scalar(name, value), allocation_info: { role: '*' } });
  return {
    name: 't',
    task_id: { value: 't' },
    agent_id: { value: agentId },
    framework_id: { value: frameworkId },
    state: 'TASK_RUNNING',
    resources: [allocated('cpus', 0.1), allocated('mem', 32)],
  };
}

export function shown(master: CoreHarness) {
  const [agent] = getAgents(master.core.state).agents ?? [];
  return {
    active: agent?.active,
    deactivated: agent?.deactivated,
    drain: agent?.drain_info?.state,
    started: agent?.estimated_drain_start_time !== undefined,
  };
}

export const written = (effects: readonly MasterEffect[]): string[] =>
  effects.flatMap((effect) => (effect.kind === 'write-registry' ? [effect.operation.kind] : []));
