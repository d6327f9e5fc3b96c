/**
 * Random operations on resources, by frameworks and operators, over agents of both kinds that come and go: after every
 * input the books agree, and whatever became of the resources, there are as many as before.
 */
import { type RandomStream, seededRandom } from '@mesolite/base';
import { checkpointedPart, ResourceQuantities, Resources } from '@mesolite/resources';
import { ApplyOperationMessage, type OfferOperation, type Resource } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { getOperations } from '../src/core/capabilities/reads/operator-reads.ts';
import type { AgentRecord } from '../src/core/index.ts';
import { AGENT_CAPABILITIES, CoreHarness, frameworkInfo, type Scheduler, scalar, sent, task } from './core-harness.ts';
import { CAPABILITIES, VERSION } from './operation-cluster.ts';

const TOTAL = [scalar('cpus', 8), scalar('mem', 8192), scalar('disk', 1000)];
const AGENTS = 3;

class Operations {
  readonly master: CoreHarness;
  readonly #random: RandomStream;
  readonly #schedulers: Scheduler[] = [];
  #named = 0;
  #connections = 3_000_000;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.master = new CoreHarness({ random: seededRandom(seed + 1) }).start();
    for (let i = 0; i < AGENTS; i++) {
      const agent = this.master.addAgent({
        resources: TOTAL,
        capabilities: i === 0 ? [...AGENT_CAPABILITIES, { type: 'RESIZE_VOLUME' }] : CAPABILITIES,
      });
      if (i > 0)
        this.master.step({
          kind: 'update-agent',
          from: agent.pid,
          message: { agent_id: { value: agent.id }, operations: {}, resource_version_uuid: { value: VERSION } },
        });
    }
    const capabilities = [...(frameworkInfo().capabilities ?? []), { type: 'SHARED_RESOURCES' as const }];
    for (const role of ['a', 'a/b', 'c'])
      this.#schedulers.push(this.master.subscribe(frameworkInfo({ roles: [role], principal: 'p', capabilities })));
  }

  get agents(): AgentRecord[] {
    return [...this.master.core.state.agents.registered.values()];
  }

  step(): void {
    const actions: readonly (() => void)[] = [
      () => this.#accept(),
      () => this.#accept(),
      () => this.#accept(),
      () => this.#operate(),
      () => this.#operate(),
      () => this.#report(),
      () => this.#report(),
      () => this.#endTask(),
      () => this.#return(),
      () => this.#settings(),
      () => void this.master.advanceAlive(this.#random.below(3_000)),
    ];
    this.#pick(actions)?.();
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[this.#random.below(Math.max(1, items.length))];
  }

  #accept(): void {
    const offer = this.#pick([...this.master.core.state.offers.values()]);
    const scheduler = this.#schedulers.find(({ id }) => id === offer?.frameworkId);
    if (offer === undefined || scheduler === undefined) return;
    const operations = Array.from({ length: this.#random.below(4) }, (): OfferOperation => {
      if (this.#random.below(3) === 0) {
        const resources = offer.resources.toProto().filter(() => this.#random.below(2) === 0);
        const launched = task(`t${this.#named++}`, offer.agentId, { resources });
        return { type: 'LAUNCH', launch: { task_infos: [launched] } };
      }
      const operation = this.#operation(offer.resources, offer.role);
      return this.#random.below(2) === 0 ? operation : { ...operation, id: { value: `o${this.#named++}` } };
    });
    this.master.accept(scheduler, [offer.id], operations, this.#random.below(3));
  }

  #operate(): void {
    const agent = this.#pick(this.agents);
    if (agent === undefined) return;
    this.master.step({
      kind: 'operate-agent',
      connection: ++this.#connections,
      agentId: agent.id,
      operation: this.#operation(agent.total, this.#pick(['a', 'c', 'a/b']) ?? 'a'),
    });
  }

  /** Something that could be done to a part of `resources`; now and then it could not. */
  #operation(resources: Resources, role: string): OfferOperation {
    const list = resources.toProto();
    const volumes = list.filter(({ disk }) => disk?.persistence !== undefined);
    const reserved = list.filter(({ reservations, disk }) => reservations !== undefined && disk === undefined);
    const volume = this.#pick(volumes);
    const part = this.#pick(reserved);
    const kind = this.#random.below(6);
    if (kind === 0 && volume !== undefined) return { type: 'DESTROY', destroy: { volumes: [volume] } };
    const same = JSON.stringify(volume?.reservations);
    const beside = reserved.find((one) => one.name === 'disk' && JSON.stringify(one.reservations) === same);
    if (kind === 1 && volume !== undefined && beside !== undefined)
      return { type: 'GROW_VOLUME', grow_volume: { volume, addition: this.#some(beside) } };
    if (kind === 2 && volume !== undefined)
      return { type: 'SHRINK_VOLUME', shrink_volume: { volume, subtract: { value: this.#random.below(100) } } };
    if (kind === 3 && part !== undefined) return { type: 'UNRESERVE', unreserve: { resources: [this.#some(part)] } };
    if (kind === 4 && part?.name === 'disk') {
      const disk = {
        persistence: { id: `v${this.#random.below(20)}`, principal: 'p' },
        volume: { mode: 'RW' as const, container_path: 'data' },
      };
      const sharing = this.#random.below(4) === 0 ? { shared: {} } : {};
      return { type: 'CREATE', create: { volumes: [{ ...this.#some(part), disk, ...sharing }] } };
    }
    const from = this.#pick(list) ?? scalar('cpus', 1);
    const reservations = [...(from.reservations ?? []), { type: 'DYNAMIC' as const, role, principal: 'p' }];
    return { type: 'RESERVE', reserve: { resources: [{ ...this.#some(from), reservations }] } };
  }

  #some(resource: Resource): Resource {
    const value = this.#random.below(Math.ceil((resource.scalar?.value ?? 1) * 1.1) + 1);
    return { ...resource, scalar: { value } };
  }

  #report(): void {
    const operation = this.#pick(getOperations(this.master.core.state).operations ?? []);
    const agent = this.agents.find(({ id }) => id === operation?.agent_id?.value);
    if (operation === undefined || agent === undefined) return;
    const uuid = Buffer.alloc(16, this.#random.below(4));
    this.master.step({
      kind: 'operation-status-updated',
      from: agent.pid,
      message: {
        framework_id: operation.framework_id,
        agent_id: { value: agent.id },
        status: { state: 'OPERATION_FINISHED', uuid: { value: uuid }, agent_id: { value: agent.id } },
        operation_uuid: operation.uuid,
      },
    });
    const scheduler = this.#schedulers.find(({ id }) => id === operation.framework_id?.value);
    if (scheduler === undefined || operation.info.id === undefined) return;
    this.master.call(scheduler, {
      type: 'ACKNOWLEDGE_OPERATION_STATUS',
      acknowledge_operation_status: { agent_id: { value: agent.id }, uuid, operation_id: operation.info.id },
    });
  }

  #endTask(): void {
    const agent = this.#pick(this.agents);
    const scheduler = this.#pick(this.#schedulers);
    const known = this.#pick([...(agent?.tasks.get(scheduler?.id as never)?.keys() ?? [])]);
    if (agent === undefined || scheduler === undefined || known === undefined) return;
    this.master.update({ id: agent.id, pid: agent.pid }, scheduler, known, 'TASK_FINISHED');
    this.master.acknowledge({ id: agent.id, pid: agent.pid }, scheduler, known, 'TASK_FINISHED');
  }

  /** An agent breaks away and comes back with all it was told, or, if nothing runs there, with less. */
  #return(): void {
    const agent = this.#pick(this.agents);
    if (agent === undefined || this.#random.below(3) > 0) return;
    const forgets = agent.used.size === 0 && this.#random.below(4) === 0;
    const checkpointed = forgets ? [] : checkpointedPart(agent.total).toProto();
    this.master.step({ kind: 'link-exited', pid: agent.pid });
    this.master.step({
      kind: 'reregister-agent',
      from: agent.pid,
      message: {
        agent: { id: { value: agent.id }, hostname: 'localhost', port: 5051, resources: TOTAL, checkpoint: true },
        checkpointed_resources: checkpointed,
        version: '1.12.0',
        agent_capabilities: [...agent.capabilityList],
        resource_version_uuid: agent.resourceVersion && { value: agent.resourceVersion },
      },
    });
  }

  #settings(): void {
    const role = this.#pick(['a', 'c']) ?? 'a';
    const connection = ++this.#connections;
    if (this.#random.below(2) === 0)
      this.master.step({ kind: 'update-weights', connection, weights: [{ role, weight: 1 + this.#random.below(4) }] });
    else {
      const limits = this.#random.below(3) === 0 ? {} : { cpus: { value: this.#random.below(24) } };
      this.master.step({ kind: 'update-quota', connection, configs: [{ role, limits }], force: true });
    }
  }
}

const told = new Map<string, number>();

function count(master: CoreHarness): void {
  for (const { pid } of master.core.state.agents.registered.values())
    for (const { operation_info: info } of sent(master.effects, pid, ApplyOperationMessage))
      told.set(info.type ?? '', (told.get(info.type ?? '') ?? 0) + 1);
}

describe('random operations keep the books straight', () => {
  it.each(Array.from({ length: 25 }, (_, seed) => seed))('seed %i', (seed) => {
    const history = new Operations(seed);
    for (let i = 0; i < 250; i++) history.step();
    count(history.master);
    const { state } = history.master.core;
    for (const id of [...state.frameworks.registered.keys()])
      history.master.step({ kind: 'teardown-framework', connection: 1_000_000, frameworkId: id });
    expect(state.usedQuantities.isEmpty).toBe(true);
    const all = ResourceQuantities.of(Resources.from(TOTAL));
    for (const agent of history.agents) {
      expect(agent.used.size).toBe(0);
      expect(String(ResourceQuantities.of(agent.total))).toBe(String(all));
    }
    expect(history.agents).toHaveLength(AGENTS);
  });

  it('and are of all kinds', () => {
    for (const type of ['RESERVE', 'UNRESERVE', 'CREATE', 'DESTROY', 'GROW_VOLUME', 'SHRINK_VOLUME'])
      expect(told.get(type), type).toBeGreaterThan(5);
  });
});
