/**
 * A cluster with something of everything (a weight, a quota, reservations, volumes, a running task), of which a picture
 * is taken: what is refused must leave it as it was. Offers go out only while a test asks for one; what is refused then
 * must leave that, too.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAgent } from '@mesolite/agent';
import { startMaster } from '@mesolite/master';
import {
  type AgentID,
  type FrameworkInfo,
  MasterCall,
  MasterResponse,
  type Offer,
  type OfferOperation,
  type Resource,
  type SchedulerOfferConstraints,
} from '@mesolite/wire';
import { expect, onTestFinished } from 'vitest';
import { LocalCluster } from '../src/index.ts';
import { ROLE, scalar, volume } from './bad-input.ts';
import { type Answer, RawScheduler, until } from './raw-scheduler.ts';

export type { Answer } from './raw-scheduler.ts';

const FRAMEWORK: FrameworkInfo = {
  user: 'root',
  name: 'asker',
  roles: [ROLE],
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }],
};
/** Longer than any test. */
export const FILTERS = { refuse_seconds: 1_000_000 };
const JSON_TYPE = 'application/json';
const READS = ['GET_STATE', 'GET_QUOTA', 'GET_WEIGHTS', 'GET_ROLES', 'GET_OPERATIONS'] as const;

interface Options {
  readonly offer_constraints?: SchedulerOfferConstraints;
  readonly suppressed_roles?: string[];
}

/** JSON with the amounts it has no words for: as a number that reads as they do, or as a string. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'number' && !Number.isFinite(member) ? `#${member}` : member,
  );
  return text.replaceAll('"#Infinity"', '1e999').replaceAll('"#-Infinity"', '-1e999').replaceAll('"#NaN"', '"NaN"');
}

export class PicturedCluster {
  readonly #cluster: LocalCluster;
  /** Runs a task in the volume `busy`. */
  readonly #holder: RawScheduler;
  readonly asker: RawScheduler;
  #agentId: AgentID = { value: '' };
  #picture = '';
  #operations = 0;

  private constructor(cluster: LocalCluster) {
    this.#cluster = cluster;
    this.#holder = new RawScheduler(cluster.master);
    this.asker = new RawScheduler(cluster.master);
  }

  static async start(...agentFlags: string[]): Promise<PicturedCluster> {
    const started = await LocalCluster.start({
      resources: 'cpus:8;mem:8192;disk:20480;ports:[31000-32000]',
      masterFlags: ['--allocation_interval=20ms'],
      agentFlags: ['--registration_backoff_factor=1ms', '--no-switch_user', ...agentFlags],
    });
    if (!started.ok) throw new Error(started.error);
    const cluster = new PicturedCluster(started.value);
    try {
      await cluster.#furnish();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#holder.close();
    this.asker.close();
    await this.#cluster.stop();
  }

  get agentId(): AgentID {
    return this.#agentId;
  }

  async send(method: string, path: string, body: string | Uint8Array, type = JSON_TYPE): Promise<Answer> {
    const headers = { 'Content-Type': type, 'Accept': type === JSON_TYPE ? JSON_TYPE : '*/*' };
    const url = `http://${this.#cluster.master}${path}`;
    const response = await fetch(url, { method, headers, ...(method !== 'GET' && { body }) });
    return { status: response.status, text: await response.text() };
  }

  /** The call by each codec. */
  async ask(call: MasterCall): Promise<Answer[]> {
    return [
      await this.send('POST', '/api/v1', MasterCall.encode(call), 'application/x-protobuf'),
      await this.send('POST', '/api/v1', jsonText(call)),
    ];
  }

  form(path: string, fields: Record<string, readonly Resource[]>): Promise<Answer> {
    const body = new URLSearchParams({ 'slaveId': this.#agentId.value });
    for (const [name, list] of Object.entries(fields)) body.set(name, jsonText(list));
    return this.send('POST', path, body.toString(), 'application/x-www-form-urlencoded');
  }

  /** Each answer has that status and says that; nothing has changed. */
  async refused(answers: readonly Answer[], status: number, says: RegExp): Promise<void> {
    for (const [i, answer] of answers.entries()) {
      expect({ i, ...answer }).toMatchObject({ i, status });
      expect(answer.text).toMatch(says);
    }
    await this.unchanged();
  }

  async unchanged(): Promise<void> {
    expect(await this.#takePicture()).toBe(this.#picture);
  }

  /** Offers that are out. */
  async offers(): Promise<number> {
    const { text } = await this.send('POST', '/api/v1', '{"type":"GET_FRAMEWORKS"}');
    const { frameworks = [] } = MasterResponse.fromJson(text).get_frameworks ?? {};
    return frameworks.reduce((sum, framework) => sum + (framework.offers ?? []).length, 0);
  }

  /** One to the asker, who asks for it: the first after so many events. */
  async offer(after: number = this.asker.events.length): Promise<Offer> {
    await this.asker.call({ type: 'REVIVE' });
    return firstOffer(this.asker, after);
  }

  /** Meanwhile all that the asker may have is on offer to it, and in the picture. */
  async whileOffered(meanwhile: () => Promise<void>): Promise<void> {
    const picture = this.#picture;
    const { id } = await this.offer();
    await this.asker.call({ type: 'SUPPRESS' });
    const before = this.asker.events.length;
    this.#picture = await this.#takePicture();
    expect(this.#picture).toContain(id.value);
    try {
      await meanwhile();
      expect(this.asker.events.slice(before).map(({ type }) => type)).not.toContain('RESCIND');
    } finally {
      await this.asker.call({ type: 'DECLINE', decline: { offer_ids: [id], filters: FILTERS } });
      await until('no offer is out', async () => (await this.offers()) === 0);
      this.#picture = picture;
    }
    await this.unchanged();
  }

  /** The asker uses an offer for one operation and wants no more. Answers how that ended. */
  async accept(make: (id: string) => OfferOperation): Promise<{ state: string; message: string }> {
    const id = `o${++this.#operations}`;
    const { id: offerId } = await this.offer();
    const before = this.asker.events.length;
    const operation: OfferOperation = { ...make(id) };
    if (operation.type !== 'LAUNCH') operation.id = { value: id };
    const accept = { offer_ids: [offerId], operations: [operation], filters: FILTERS };
    expect(await this.asker.call({ type: 'ACCEPT', accept })).toEqual({ status: 202, text: '' });
    await this.asker.call({ type: 'SUPPRESS' });
    const ends = () =>
      this.asker.events.slice(before).flatMap((event) => {
        const status = event.update_operation_status?.status ?? event.update?.status;
        return status === undefined ? [] : [{ state: status.state ?? '', message: status.message ?? '' }];
      });
    await until('the end of the operation', () => ends().length > 0);
    await until('no offer is out', async () => (await this.offers()) === 0);
    return ends()[0]!;
  }

  launch(resources: readonly Resource[], command = 'true'): (id: string) => OfferOperation {
    return (id) => {
      const task = { name: id, task_id: { value: id }, agent_id: this.#agentId, command: { value: command } };
      return { type: 'LAUNCH', launch: { task_infos: [{ ...task, resources: [...resources] }] } };
    };
  }

  /** The text of the ERROR that ends a subscription. */
  async subscriptionError(info: Partial<FrameworkInfo>, more: Options = {}): Promise<string> {
    const scheduler = new RawScheduler(this.#cluster.master);
    const event = await scheduler.subscribe({ framework_info: { ...FRAMEWORK, name: 'other', ...info }, ...more });
    scheduler.close();
    if ('status' in event) throw new Error(`answered ${event.status}: ${event.text}`);
    expect(event.type).toBe('ERROR');
    return event.error?.message ?? '';
  }

  /** UPDATE_FRAMEWORK of the asker. */
  update(info: Partial<FrameworkInfo>, more: Options = {}): Promise<Answer> {
    const framework = { ...FRAMEWORK, id: this.asker.frameworkId, ...info };
    const update = { framework_info: framework, suppressed_roles: [ROLE], ...more };
    return this.asker.call({ type: 'UPDATE_FRAMEWORK', update_framework: update });
  }

  /** What a daemon with these flags says when it refuses to start. */
  async refusal(program: 'master' | 'agent', ...flags: string[]): Promise<string> {
    const directory = mkdtempSync(join(tmpdir(), 'mesolite-refused-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const common = ['--ip=127.0.0.1', '--port=0', '--quiet', `--work_dir=${directory}`, `--config_root=${directory}`];
    const own = [`--master=${this.#cluster.master}`, `--runtime_dir=${join(directory, 'runtime')}`, '--no-switch_user'];
    const started =
      program === 'master'
        ? await startMaster({ argv: [...common, ...flags], env: {} })
        : await startAgent({ argv: [...common, ...own, ...flags], env: {} });
    if (started.ok) {
      await started.value.stop();
      throw new Error(`the ${program} took ${flags.join(' ')}`);
    }
    expect(started.error.exitCode).toBe(1);
    return started.error.text;
  }

  async #furnish(): Promise<void> {
    const agents = await this.send('POST', '/api/v1', '{"type":"GET_AGENTS"}');
    const agentId = MasterResponse.fromJson(agents.text).get_agents!.agents![0]!.agent_info.id!;
    this.#agentId = agentId;
    const set = async (call: MasterCall): Promise<void> => {
      const { status, text } = await this.send('POST', '/api/v1', JSON.stringify(call));
      expect([call.type, status < 300, text]).toEqual([call.type, true, '']);
    };
    await set({ type: 'UPDATE_WEIGHTS', update_weights: { weight_infos: [{ role: ROLE, weight: 2 }] } });
    const limits = { cpus: { value: 2 } };
    await set({ type: 'UPDATE_QUOTA', update_quota: { quota_configs: [{ role: 'ops', guarantees: limits, limits }] } });
    const resources = [scalar('cpus', 2), scalar('mem', 512), scalar('disk', 300)];
    await set({ type: 'RESERVE_RESOURCES', reserve_resources: { agent_id: agentId, resources } });
    const volumes = [volume('busy', 100), volume('idle', 50)];
    await set({ type: 'CREATE_VOLUMES', create_volumes: { agent_id: agentId, volumes } });
    await subscribe(this.#holder, 'holder');
    await this.#occupy();
    await subscribe(this.asker, 'asker');
    await until('no offer is out', async () => (await this.offers()) === 0);
    this.#picture = await this.#takePicture();
  }

  /** The holder's task runs, and all its updates are acknowledged. */
  async #occupy(): Promise<void> {
    const holder = this.#holder;
    await holder.call({ type: 'REVIVE' });
    const { id } = await firstOffer(holder, 0);
    const task = this.launch([scalar('cpus', 1), scalar('mem', 64), volume('busy', 100)], 'sleep 600')('sleeper');
    await holder.call({ type: 'ACCEPT', accept: { offer_ids: [id], operations: [task], filters: FILTERS } });
    await holder.call({ type: 'SUPPRESS' });
    for (const state of ['TASK_STARTING', 'TASK_RUNNING']) {
      const status = () => holder.events.map(({ update }) => update?.status).find((one) => one?.state === state);
      await until(state, () => status() !== undefined);
      const { uuid, task_id } = status()!;
      await holder.call({ type: 'ACKNOWLEDGE', acknowledge: { agent_id: this.#agentId, task_id, uuid: uuid! } });
    }
  }

  /** All that operators see. */
  async #takePicture(): Promise<string> {
    const answers = await Promise.all(READS.map((type) => this.send('POST', '/api/v1', JSON.stringify({ type }))));
    return answers.map(({ text }) => text).join('\n');
  }
}

async function subscribe(scheduler: RawScheduler, name: string): Promise<void> {
  const framework = { ...FRAMEWORK, name };
  const event = await scheduler.subscribe({ framework_info: framework, suppressed_roles: [ROLE] });
  expect(event).toMatchObject({ type: 'SUBSCRIBED' });
}

/** The first that comes after so many events. */
async function firstOffer(scheduler: RawScheduler, after: number): Promise<Offer> {
  const fresh = () => scheduler.events.slice(after).flatMap((event) => event.offers?.offers ?? []);
  await until('an offer', () => fresh().length > 0);
  return fresh()[0]!;
}
