/**
 * Plays a golden script on a master core: each line is something that happens, the indented lines after it are what the
 * master did about it.
 */
import { type AgentId, parseDuration } from '@mesolite/base';
import { parseResources } from '@mesolite/resources';
import type {
  FrameworkInfo,
  FrameworkInfoCapabilityType,
  MachineID,
  Resource,
  SchedulerCall,
  SchedulerCallAcceptInverseOffers,
  TaskState,
} from '@mesolite/wire';
import { type MasterInput, RegistryContents } from '../src/core/index.ts';
import { ALLOCATION_GAP_MS } from '../src/core/options.ts';
import { CoreDriver } from './core-driver.ts';
import {
  AGENT_CAPABILITIES,
  CoreHarness,
  frameworkInfo,
  MASTER_INFO,
  type RegisteredAgent,
  type Scheduler,
  task,
  uuidOf,
} from './core-harness.ts';
import { constraintsOf, domainOf, placeOf } from './placement.ts';
import { Trace } from './script-trace.ts';

type Options = ReadonlyMap<string, string>;

/** Whoever asks for what frameworks may not. */
const OPERATOR = 1_000_000;

class Script {
  #master = new CoreHarness({ info: { ...MASTER_INFO, domain: domainOf('home/z0') } });
  /** What masters leave to each other. */
  readonly #registry = new RegistryContents();
  readonly #trace = new Trace();
  #masters = 1;
  readonly #agents = new Map<string, RegisteredAgent & { readonly resources: Resource[] }>();
  readonly #frameworks = new Map<string, Scheduler>();
  readonly #drivers = new Map<string, CoreDriver>();
  /** What they said of themselves last, by id. */
  readonly #infos = new Map<string, FrameworkInfo>();

  readonly #commands: Readonly<Record<string, (words: readonly string[], options: Options) => void>> = {
    'start': (agents) => {
      this.#registry.load({
        admitted: agents.map((value) => ({ id: { value }, hostname: value })),
        unreachable: [],
        gone: [],
      });
      this.#master.start(this.#registry.read());
    },
    'new-master': () => {
      const { nowMs } = this.#master;
      const { info } = this.#master.core.options;
      this.#trace.connections.clear();
      this.#master = new CoreHarness({ info: { ...info, id: `master-${++this.#masters}` } });
      this.#master.nowMs = nowMs;
      this.#master.start(this.#registry.read());
    },
    'drain': ([name = ''], options) => {
      const grace = options.get('grace');
      this.#operate(name, (agentId) => ({
        kind: 'drain-agent',
        connection: OPERATOR,
        agentId,
        config: {
          ...(grace === undefined
            ? {}
            : { max_grace_period: { nanoseconds: BigInt(milliseconds(grace)) * 1_000_000n } }),
          mark_gone: options.get('gone') === 'yes',
        },
      }));
    },
    'deactivate': ([name = '']) =>
      this.#operate(name, (agentId) => ({ kind: 'deactivate-agent', connection: OPERATOR, agentId })),
    'reactivate': ([name = '']) =>
      this.#operate(name, (agentId) => ({ kind: 'reactivate-agent', connection: OPERATOR, agentId })),
    'gone': ([name = '']) =>
      this.#operate(name, (agentId) => ({ kind: 'mark-agent-gone', connection: OPERATOR, agentId })),
    'agent': ([name = '', text = 'cpus:4;mem:1024'], options) => {
      const resources = resourcesOf(text);
      const pid = `slave(1)@10.0.0.${this.#agents.size + 1}:5051`;
      this.#trace.names.set(pid, name);
      const agent = this.#master.addAgent({ pid, hostname: name, resources, place: placeOf(options) });
      this.#trace.names.set(agent.id, name);
      this.#agents.set(name, { ...agent, resources });
    },
    'framework': ([name = ''], options) => this.#subscribe(name, undefined, options),
    'driver': ([name = ''], options) => this.#subscribeDriver(name, options),
    'driver-exits': ([name = '']) => void this.#driver(name).exited(),
    'driver-aborts': ([name = '']) =>
      void this.#driver(name).send('deactivate-framework', { framework_id: { value: this.#driver(name).id } }),
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
      this.#call(framework, {
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
      this.#call(framework, {
        type: 'ACKNOWLEDGE',
        acknowledge: {
          agent_id: { value: this.#idOf(agent) },
          task_id: { value: id },
          uuid: uuidOf(id, taskState(state)),
        },
      }),
    'kill': ([framework = '', id = '']) => this.#call(framework, { type: 'KILL', kill: { task_id: { value: id } } }),
    'reconcile': ([framework = '', id, agent]) =>
      this.#call(framework, {
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
      this.#call(framework, {
        type: 'ACCEPT_INVERSE_OFFERS',
        accept_inverse_offers: this.#inverseAnswer(framework, agent, seconds),
      }),
    'decline-inverse': ([framework = '', agent = '', seconds = '0']) =>
      this.#call(framework, {
        type: 'DECLINE_INVERSE_OFFERS',
        decline_inverse_offers: this.#inverseAnswer(framework, agent, seconds),
      }),
    'suppress': ([framework = '']) => this.#call(framework, { type: 'SUPPRESS' }),
    'revive': ([framework = '']) => this.#call(framework, { type: 'REVIVE' }),
    'teardown': ([framework = '']) => this.#call(framework, { type: 'TEARDOWN' }),
  };

  #operate(name: string, demand: (agentId: AgentId) => MasterInput): void {
    this.#master.step(demand(this.#idOf(name) as AgentId));
  }

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
    const before = this.#master;
    const seen = before.effects.length;
    command(words.slice(1), options);
    // Long enough for an allocation that an event asked for.
    this.#master.advance(ALLOCATION_GAP_MS);
    const effects = this.#master.effects.slice(before === this.#master ? seen : 0);
    for (const effect of effects) if (effect.kind === 'write-registry') this.#registry.apply(effect.operation);
    return effects.flatMap((effect) => this.#trace.shown(effect, this.#master.now().wallMs));
  }

  #call(name: string, call: Omit<SchedulerCall, 'framework_id' | 'subscribe'>): void {
    const driver = this.#drivers.get(name);
    if (driver === undefined) this.#master.call(this.#framework(name), call);
    else driver.call(call);
  }

  /** `of=NAME`: of the framework that one has; `force=yes`: in its place. */
  #subscribeDriver(name: string, options: Options): void {
    const pid = `scheduler@10.0.1.${this.#drivers.size + 1}:9000`;
    const driver = this.#drivers.get(name) ?? new CoreDriver(this.#master, pid);
    this.#drivers.set(name, driver);
    this.#trace.names.set(driver.pid, name);
    const of = options.get('of');
    const id = of === undefined ? undefined : this.#framework(of).id;
    driver.subscribe(frameworkInfo({ name, ...(id === undefined ? {} : { id: { value: id } }) }), {
      force: options.get('force') === 'yes',
    });
    this.#trace.names.set(driver.id, name);
  }

  #driver(name: string): CoreDriver {
    const driver = this.#drivers.get(name);
    if (driver === undefined) throw new Error(`no driver ${name}`);
    return driver;
  }

  #subscribe(name: string, id: string | undefined, options: Options): void {
    const capabilities = (options.get('caps') ?? 'MULTI_ROLE,PARTITION_AWARE,RESERVATION_REFINEMENT').split(',');
    // Known before the first event is shown.
    this.#trace.connections.set(this.#master.nextConnection, name);
    const info = frameworkInfo({
      name,
      id: id === undefined ? undefined : { value: id },
      roles: (options.get('roles') ?? '*').split(','),
      capabilities: capabilities.map((type) => ({ type: type as FrameworkInfoCapabilityType })),
      failover_timeout: Number(options.get('failover') ?? 60),
      checkpoint: options.get('checkpoint') !== 'no',
    });
    const scheduler = this.#master.subscribe(info, {
      constraints: constraintsOf(options.get('roles') ?? '*', options.get('constrain')),
    });
    if (scheduler.id === '') return;
    this.#infos.set(scheduler.id, info);
    this.#trace.names.set(scheduler.id, name);
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
    this.#call(framework, {
      type: 'ACCEPT',
      accept: {
        offer_ids: this.#offersOf(framework, agent),
        operations: [{ type: 'LAUNCH', launch: { task_infos: infos } }],
        filters: { refuse_seconds: 0 },
      },
    });
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
        frameworks: [...new Set(reported.map(({ frameworkId }) => frameworkId))].map((value) => ({
          ...this.#infos.get(value)!,
          id: { value },
        })),
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

  #agent(name: string): RegisteredAgent & { readonly resources: Resource[] } {
    const agent = this.#agents.get(name);
    if (agent === undefined) throw new Error(`no agent ${name}`);
    return agent;
  }

  #idOf(name: string): string {
    return this.#agents.get(name)?.id ?? name;
  }

  #framework(name: string): Scheduler {
    const driver = this.#drivers.get(name);
    if (driver !== undefined) return { id: driver.id, connection: -1, streamId: '' };
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
