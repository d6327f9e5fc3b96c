/** A v0 scheduler driver over real sockets, as small as tests need: it subscribes, launches, and acknowledges what it is told. */
import { type AuthenticationOutcome, CramMd5Authenticatee, HttpServer, type OwnCredential } from '@mesolite/daemon';
import { Libprocess } from '@mesolite/libprocess';
import { silentLog } from '@mesolite/ports';
import {
  FrameworkErrorMessage,
  type FrameworkInfo,
  FrameworkRegisteredMessage,
  FrameworkReregisteredMessage,
  type MessageType,
  type Offer,
  ResourceOffersMessage,
  StatusUpdateMessage,
  type TaskInfo,
  type TaskState,
  V0SchedulerCall,
  wireName,
} from '@mesolite/wire';
import { onTestFinished } from 'vitest';
import { eventually } from './running-master.ts';

const FROM_MASTER = '@0.0.0.0:0';

interface Received {
  readonly from: string;
  readonly name: string;
  readonly body: Uint8Array;
}

let started = 0;

export class TestDriver {
  readonly received: Received[] = [];
  readonly exits: string[] = [];
  readonly #server: HttpServer;
  readonly #libprocess: Libprocess;
  readonly #id: string;
  readonly #master: string;
  #attempts = 0;
  frameworkId = '';
  acknowledges = true;

  private constructor(server: HttpServer, libprocess: Libprocess, id: string, master: string) {
    this.#server = server;
    this.#libprocess = libprocess;
    this.#id = id;
    this.#master = master;
  }

  static async start(master: string, id = `scheduler-${++started}`): Promise<TestDriver> {
    const server = new HttpServer({ ip: '127.0.0.1', port: 0, log: silentLog, processIds: [id] });
    await server.listen();
    const libprocess = new Libprocess({ server, log: silentLog });
    const driver = new TestDriver(server, libprocess, id, master);
    onTestFinished(() => driver.stop());
    libprocess.start();
    libprocess.spawn(id, {
      message: (from, name, body) => driver.#take(from, name, body),
      exited: (pid) => driver.exits.push(pid),
    });
    libprocess.link(id, master);
    return driver;
  }

  get pid(): string {
    return `${this.#id}@${this.#libprocess.address}`;
  }

  async stop(): Promise<void> {
    await Promise.all([this.#server.close(), this.#libprocess.close()]);
  }

  authenticate(credential: OwnCredential): Promise<AuthenticationOutcome> {
    return new Promise((done) => {
      new CramMd5Authenticatee({
        links: this.#libprocess,
        id: `crammd5-authenticatee(${++this.#attempts})`,
        client: this.pid,
        master: this.#master,
        credential,
        done,
      });
    });
  }

  subscribe(info: FrameworkInfo, force?: boolean): void {
    this.call({ type: 'SUBSCRIBE', subscribe: { framework_info: info, force }, framework_id: info.id });
  }

  async register(info: FrameworkInfo, force?: boolean): Promise<void> {
    this.subscribe(info, force);
    await eventually('the registration', () => this.frameworkId !== '' || this.errors().length > 0);
  }

  call(call: V0SchedulerCall): void {
    this.send(V0SchedulerCall, {
      ...call,
      framework_id: call.framework_id ?? (this.frameworkId === '' ? undefined : { value: this.frameworkId }),
    });
  }

  send<M extends object>(type: MessageType<M>, message: M): void {
    this.#libprocess.send(this.#id, this.#master, wireName(type), type.encode(message));
  }

  all<M extends object>(type: MessageType<M>): M[] {
    return this.received.flatMap(({ name, body }) => (name === wireName(type) ? [type.decode(body)] : []));
  }

  errors(): string[] {
    return this.all(FrameworkErrorMessage).map(({ message }) => message);
  }

  async offer(from = 0): Promise<Offer> {
    await eventually('an offer', () => this.offers().length > from);
    return this.offers()[from]!;
  }

  offers(): Offer[] {
    return this.all(ResourceOffersMessage).flatMap(({ offers }) => offers ?? []);
  }

  launch(offer: Offer, tasks: readonly TaskInfo[]): void {
    this.call({
      type: 'ACCEPT',
      accept: {
        offer_ids: [offer.id],
        operations: [{ type: 'LAUNCH', launch: { task_infos: [...tasks] } }],
        filters: {},
      },
    });
  }

  states(taskId: string): TaskState[] {
    return this.all(StatusUpdateMessage).flatMap(({ update: { status } }) =>
      status.task_id.value === taskId ? [status.state] : [],
    );
  }

  #take(from: string, name: string, body: Uint8Array): void {
    this.received.push({ from, name, body });
    if (name === wireName(FrameworkRegisteredMessage))
      this.frameworkId = FrameworkRegisteredMessage.decode(body).framework_id.value;
    if (name === wireName(FrameworkReregisteredMessage))
      this.frameworkId = FrameworkReregisteredMessage.decode(body).framework_id.value;
    if (name === wireName(StatusUpdateMessage) && this.acknowledges)
      this.#acknowledge(StatusUpdateMessage.decode(body));
  }

  #acknowledge({ update: { agent_id, status, uuid }, pid }: StatusUpdateMessage): void {
    if (uuid === undefined || agent_id === undefined || pid === undefined || pid === FROM_MASTER) return;
    this.call({ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id: status.task_id, uuid } });
  }
}
