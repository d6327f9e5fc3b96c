/**
 * Plays a golden script on a master core: each line is something that happens, the indented lines after it are what the
 * master did about it. Agents and frameworks go by the names the script gives them; pings, heartbeats, wake-ups and
 * replies that only say 202 are left out.
 */
import { parseDuration } from '@mesolite/base';
import { parseResources } from '@mesolite/resources';
import {
  AgentReregisteredMessage,
  ExecutorToFrameworkMessage,
  type FrameworkInfoCapabilityType,
  KillTaskMessage,
  type MachineID,
  type Offer,
  type Resource,
  RunTaskMessage,
  type SchedulerCallAcceptInverseOffers,
  type SchedulerEvent,
  ShutdownMessage,
  type TaskState,
  wireName,
} from '@mesolite/wire';
import type { MasterEffect } from '../src/core/index.ts';
import { ALLOCATION_GAP_MS } from '../src/core/options.ts';
import {
  AGENT_CAPABILITIES,
  CoreHarness,
  frameworkInfo,
  MASTER_INFO,
  type RegisteredAgent,
  type Scheduler,
  task,
} from './core-harness.ts';
import { constraintsOf, domainOf, placeOf } from './placement.ts';

type Options = ReadonlyMap<string, string>;

/** Whoever asks for what frameworks may not. */
const OPERATOR = 1_000_000;

class Script {
  readonly #master = new CoreHarness({ info: { ...MASTER_INFO, domain: domainOf('home/z0') } });
  readonly #agents = new Map<string, RegisteredAgent & { readonly resources: Resource[] }>();
  readonly #frameworks = new Map<string, Scheduler>();
  /** Names by id and pid, for what is shown. */
  readonly #names = new Map<string, string>();
  readonly #connections = new Map<number, string>();
  readonly #offers = new Map<string, Offer>();
  /** Names of agents by id. */
  readonly #inverseOffers = new Map<string, string>();

  readonly #commands: Readonly<Record<string, (words: readonly string[], options: Options) => void>> = {
    'start': (agents) =>
      void this.#master.start({
        admitted: agents.map((value) => ({ id: { value }, hostname: value })),
        unreachable: [],
        gone: [],
      }),
    'agent': ([name = '', text = 'cpus:4;mem:1024'], options) => {
      const resources = resourcesOf(text);
      const pid = `slave(1)@10.0.0.${this.#agents.size + 1}:5051`;
      this.#names.set(pid, name);
      const agent = this.#master.addAgent({ pid, hostname: name, resources, place: placeOf(options) });
      this.#names.set(agent.id, name);
      this.#agents.set(name, { ...agent, resources });
    },
    'framework': ([name = ''], options) => this.#subscribe(name, undefined, options),
    'subscribe-again': ([name = ''], options) => this.#subscribe(name, this.#framework(name).id, options),
    'disconnect': ([name = '']) =>
      void this.#master.step({ kind: 'stream-closed', connection: this.#framework(name).connection }),
    'break': ([name = '']) => void this.#master.step({ kind: 'link-exited', pid: this.#agent(name).pid }),
    'return': ([name = '', ...tasks], options) => this.#return(name, tasks, options),
    'unregister': ([name = '']) => {
      const { id, pid } = this.#agent(name);
      this.#master.step({ kind: 'unregister-agent', from: pid, message: { agent_id: { value: id } } });
    },
    'silence': ([text = '']) => void this.#master.advance(milliseconds(text)),
    'pass': ([text = '']) => void this.#master.advanceAlive(milliseconds(text)),
    'launch': ([framework = '', agent = '', ...tasks], options) => this.#launch(framework, agent, tasks, options),
    'decline': ([framework = '', agent = '', seconds = '0']) =>
      void this.#master.call(this.#framework(framework), {
        type: 'DECLINE',
        decline: { offer_ids: this.#offersOf(framework, agent), filters: { refuse_seconds: Number(seconds) } },
      }),
    'update': ([agent = '', framework = '', id = '', state = ''], options) => {
      const latest = options.get('latest');
      this.#master.update(this.#agent(agent), this.#framework(framework), id, taskState(state), {
        ...(latest === undefined ? {} : { latest: taskState(latest) }),
      });
    },
    'acknowledge': ([framework = '', agent = '', id = '', state = '']) =>
      void this.#master.acknowledge(this.#agent(agent), this.#framework(framework), id, taskState(state)),
    'kill': ([framework = '', id = '']) =>
      void this.#master.call(this.#framework(framework), { type: 'KILL', kill: { task_id: { value: id } } }),
    'reconcile': ([framework = '', id, agent]) =>
      void this.#master.call(this.#framework(framework), {
        type: 'RECONCILE',
        reconcile:
          id === undefined
            ? {}
            : {
                tasks: [
                  { task_id: { value: id }, agent_id: agent === undefined ? undefined : { value: this.#idOf(agent) } },
                ],
              },
      }),
    'schedule': (windows) => this.#schedule(windows),
    'down': (machines) => this.#changeMode('start-maintenance', machines),
    'up': (machines) => this.#changeMode('stop-maintenance', machines),
    'accept-inverse': ([framework = '', agent = '', seconds = '0']) =>
      void this.#master.call(this.#framework(framework), {
        type: 'ACCEPT_INVERSE_OFFERS',
        accept_inverse_offers: this.#inverseAnswer(framework, agent, seconds),
      }),
    'decline-inverse': ([framework = '', agent = '', seconds = '0']) =>
      void this.#master.call(this.#framework(framework), {
        type: 'DECLINE_INVERSE_OFFERS',
        decline_inverse_offers: this.#inverseAnswer(framework, agent, seconds),
      }),
    'suppress': ([framework = '']) => void this.#master.call(this.#framework(framework), { type: 'SUPPRESS' }),
    'revive': ([framework = '']) => void this.#master.call(this.#framework(framework), { type: 'REVIVE' }),
    'teardown': ([framework = '']) => void this.#master.call(this.#framework(framework), { type: 'TEARDOWN' }),
  };

  /** Windows `agent,agent@start`, each of an hour. */
  #schedule(windows: readonly string[]): void {
    this.#master.step({
      kind: 'update-maintenance-schedule',
      connection: OPERATOR,
      schedule: {
        windows: windows.map((text) => {
          const [names = '', start = '0'] = text.split('@');
          return {
            machine_ids: names.split(',').map((name) => this.#machine(name)),
            unavailability: { start: { nanoseconds: BigInt(start) }, duration: { nanoseconds: 3_600_000_000_000n } },
          };
        }),
      },
    });
  }

  #changeMode(kind: 'start-maintenance' | 'stop-maintenance', names: readonly string[]): void {
    this.#master.step({ kind, connection: OPERATOR, machines: names.map((name) => this.#machine(name)) });
  }

  #machine(name: string): MachineID {
    const pid = this.#agents.get(name)?.pid;
    return { hostname: name, ip: pid?.slice(pid.indexOf('@') + 1).split(':')[0] };
  }

  #inverseAnswer(framework: string, agent: string, seconds: string): SchedulerCallAcceptInverseOffers {
    const { inverseOffers } = this.#master.core.state;
    const ids = inverseOffers
      .ofFramework(this.#framework(framework).id as never)
      .filter(({ agentId }) => agentId === this.#idOf(agent))
      .map(({ id }) => ({ value: id }));
    return { inverse_offer_ids: ids, filters: { refuse_seconds: Number(seconds) } };
  }

  run(line: string): string[] {
    const parts = line.split(/\s+/);
    const words = parts.filter((part) => !part.includes('='));
    const options = new Map(
      parts.filter((part) => part.includes('=')).map((part) => part.split('=') as [string, string]),
    );
    const command = this.#commands[words[0] ?? ''];
    if (command === undefined) throw new Error(`no command ${words[0]}`);
    const from = this.#master.effects.length;
    command(words.slice(1), options);
    // Long enough for an allocation that an event asked for.
    this.#master.advance(ALLOCATION_GAP_MS);
    return this.#master.effects.slice(from).flatMap((effect) => this.#shown(effect));
  }

  #subscribe(name: string, id: string | undefined, options: Options): void {
    const capabilities = (options.get('caps') ?? 'MULTI_ROLE,PARTITION_AWARE,RESERVATION_REFINEMENT').split(',');
    // Known before the first event is shown.
    this.#connections.set(this.#master.nextConnection, name);
    const scheduler = this.#master.subscribe(
      frameworkInfo({
        name,
        id: id === undefined ? undefined : { value: id },
        roles: (options.get('roles') ?? '*').split(','),
        capabilities: capabilities.map((type) => ({ type: type as FrameworkInfoCapabilityType })),
        failover_timeout: Number(options.get('failover') ?? 60),
        checkpoint: options.get('checkpoint') !== 'no',
      }),
      { constraints: constraintsOf(options.get('roles') ?? '*', options.get('constrain')) },
    );
    if (scheduler.id === '') return;
    this.#names.set(scheduler.id, name);
    this.#frameworks.set(name, scheduler);
  }

  #launch(framework: string, agent: string, tasks: readonly string[], options: Options): void {
    const executor = options.get('executor');
    const infos = tasks.map((text) => {
      const [id = '', resources = ''] = text.split(/:(.*)/);
      return task(id, this.#idOf(agent), {
        resources: resourcesOf(resources),
        ...(executor === undefined
          ? {}
          : { command: undefined, executor: { executor_id: { value: executor }, command: { value: executor } } }),
      });
    });
    this.#master.accept(
      this.#framework(framework),
      this.#offersOf(framework, agent).map(({ value }) => value),
      [{ type: 'LAUNCH', launch: { task_infos: infos } }],
    );
  }

  #return(name: string, tasks: readonly string[], options: Options): void {
    const { id, pid, resources } = this.#agent(name);
    const reported = tasks.map((text) => {
      const [framework = '', taskId = '', amounts = ''] = text.split(/[/](.*?)[:](.*)/);
      return { frameworkId: this.#framework(framework).id, taskId, held: resourcesOf(amounts) };
    });
    this.#master.step({
      kind: 'reregister-agent',
      from: pid,
      message: {
        agent: { id: { value: id }, hostname: name, port: 5051, resources, checkpoint: true, ...placeOf(options) },
        version: '1.12.0',
        agent_capabilities: [...AGENT_CAPABILITIES],
        frameworks: [...new Set(reported.map(({ frameworkId }) => frameworkId))].map((value) =>
          frameworkInfo({ id: { value } }),
        ),
        tasks: reported.map(({ frameworkId, taskId, held }) => ({
          name: taskId,
          task_id: { value: taskId },
          framework_id: { value: frameworkId },
          agent_id: { value: id },
          state: 'TASK_RUNNING',
          resources: held.map((resource) => ({ ...resource, allocation_info: { role: '*' } })),
        })),
      },
    });
  }

  #shown(effect: MasterEffect): string[] {
    switch (effect.kind) {
      case 'send':
        return this.#shownMessage(effect);
      case 'stream-event':
        return this.#shownEvent(this.#connections.get(effect.connection) ?? '?', effect.event);
      case 'close-stream':
        return [`${this.#connections.get(effect.connection)} < end of stream`];
      case 'reply':
        return effect.status === 202 ? [] : [`reply ${effect.status} ${effect.text ?? ''}`];
      case 'write-registry': {
        const { operation } = effect;
        if (!('agentId' in operation) && !('info' in operation)) return [`registry ${operation.kind}`];
        const id = 'agentId' in operation ? operation.agentId : (operation.info.id?.value ?? '');
        return [`registry ${operation.kind} ${this.#names.get(id) ?? (id.startsWith('x') ? id : 'new')}`];
      }
      case 'exit':
        return [`exit ${effect.code}: ${effect.text}`];
      default:
        return [];
    }
  }

  #shownMessage({ to, name, body }: Extract<MasterEffect, { kind: 'send' }>): string[] {
    const receiver = this.#names.get(to) ?? to;
    const short = name.replace('mesos.internal.', '');
    if (short === 'PingSlaveMessage') return [];
    let more = '';
    if (name === wireName(RunTaskMessage)) {
      const run = RunTaskMessage.decode(body);
      more = ` ${run.task.task_id.value}${run.launch_executor === true ? ' on a new executor' : ''}`;
    } else if (name === wireName(ShutdownMessage)) more = ` "${ShutdownMessage.decode(body).message}"`;
    else if (name === wireName(KillTaskMessage)) more = ` ${KillTaskMessage.decode(body).task_id.value}`;
    else if (name === wireName(AgentReregisteredMessage)) {
      const asked = AgentReregisteredMessage.decode(body).reconciliations ?? [];
      const ids = asked.flatMap(({ statuses }) => (statuses ?? []).map(({ task_id }) => task_id.value));
      if (ids.length > 0) more = ` asks about ${ids.join(', ')}`;
    } else if (name === wireName(ExecutorToFrameworkMessage)) more = ' data';
    return [`${receiver} < ${short}${more}`];
  }

  #shownEvent(name: string, event: SchedulerEvent): string[] {
    switch (event.type) {
      case 'HEARTBEAT':
        return [];
      case 'OFFERS':
        return (event.offers?.offers ?? []).map((offer) => {
          this.#offers.set(offer.id.value, offer);
          const amounts = (offer.resources ?? []).map(({ name: what, scalar }) => `${what}:${scalar?.value ?? '…'}`);
          const out = offer.unavailability === undefined ? '' : `, out from ${offer.unavailability.start.nanoseconds}`;
          return `${name} < offer ${this.#names.get(offer.agent_id.value)} ${amounts.join('; ')}${out}`;
        });
      case 'RESCIND': {
        const offer = this.#offers.get(event.rescind?.offer_id.value ?? '');
        return [`${name} < rescinded ${this.#names.get(offer?.agent_id.value ?? '')}`];
      }
      case 'INVERSE_OFFERS':
        return (event.inverse_offers?.inverse_offers ?? []).map(({ id, agent_id, unavailability }) => {
          const agent = this.#names.get(agent_id?.value ?? '') ?? '?';
          this.#inverseOffers.set(id.value, agent);
          return `${name} < inverse offer ${agent}, out from ${unavailability.start.nanoseconds}`;
        });
      case 'RESCIND_INVERSE_OFFER':
        return [
          `${name} < rescinded inverse offer ${this.#inverseOffers.get(event.rescind_inverse_offer?.inverse_offer_id.value ?? '')}`,
        ];
      case 'UPDATE': {
        const { task_id, state, source, reason, message } = event.update!.status;
        const why = source === 'SOURCE_MASTER' ? ` ${reason} "${this.#readable(message ?? '')}"` : '';
        return [`${name} < ${task_id.value} ${state}${why}`];
      }
      case 'FAILURE':
        return [
          `${name} < lost ${this.#names.get(event.failure?.agent_id?.value ?? '') ?? event.failure?.agent_id?.value}`,
        ];
      case 'ERROR':
        return [`${name} < ERROR ${event.error?.message}`];
      default:
        return [`${name} < ${event.type}`];
    }
  }

  /** Offer ids are random to a reader. */
  #readable(text: string): string {
    let result = text;
    for (const [id, name] of this.#names) result = result.replaceAll(id, name);
    return result;
  }

  #agent(name: string): RegisteredAgent & { readonly resources: Resource[] } {
    const agent = this.#agents.get(name);
    if (agent === undefined) throw new Error(`no agent ${name}`);
    return agent;
  }

  #idOf(name: string): string {
    return this.#agents.get(name)?.id ?? name;
  }

  #framework(name: string): Scheduler {
    const framework = this.#frameworks.get(name);
    if (framework === undefined) throw new Error(`no framework ${name}`);
    return framework;
  }

  #offersOf(framework: string, agent: string): { value: string }[] {
    return [...this.#master.core.state.offers.values()]
      .filter(
        ({ frameworkId, agentId }) => frameworkId === this.#framework(framework).id && agentId === this.#idOf(agent),
      )
      .map(({ id }) => ({ value: id }));
  }
}

function resourcesOf(text: string): Resource[] {
  if (text === '') return [];
  const parsed = parseResources(text, '*');
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

function milliseconds(text: string): number {
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

function taskState(word: string): TaskState {
  return `TASK_${word}` as TaskState;
}

/** The script with what the master does about each line. Comments and empty lines stay. */
export function runScript(text: string): string {
  const script = new Script();
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('  ')) continue;
    lines.push(line);
    if (line !== '' && !line.startsWith('#')) lines.push(...script.run(line).map((effect) => `  ${effect}`));
  }
  return lines.join('\n');
}
