/** A v0 scheduler driver by hand, over libprocess: enough to subscribe, launch and acknowledge. */
import { type AuthenticationOutcome, CramMd5Authenticatee, HttpServer, type OwnCredential } from '@mesolite/daemon';
import { Libprocess } from '@mesolite/libprocess';
import {
  FrameworkErrorMessage,
  type FrameworkInfo,
  FrameworkRegisteredMessage,
  type Offer,
  ResourceOffersMessage,
  StatusUpdateMessage,
  type TaskInfo,
  type TaskState,
  V0SchedulerCall,
  wireName,
} from '@mesolite/wire';

const silent = { info: () => {}, warning: () => {}, error: () => {} };
let started = 0;

export class V0Driver {
  readonly offers: Offer[] = [];
  readonly errors: string[] = [];
  readonly updates: { readonly taskId: string; readonly state: TaskState }[] = [];
  frameworkId: string | undefined;
  readonly #id = `scheduler-${++started}`;
  readonly #server: HttpServer;
  readonly #libprocess: Libprocess;
  readonly #master: string;

  static async start(master: string): Promise<V0Driver> {
    const driver = new V0Driver(master);
    await driver.#server.listen();
    driver.#libprocess.start();
    driver.#libprocess.spawn(driver.#id, {
      message: (_from, name, body) => driver.#take(name, body),
      exited: () => {},
    });
    return driver;
  }

  constructor(master: string) {
    this.#master = master;
    this.#server = new HttpServer({ ip: '127.0.0.1', port: 0, log: silent, processIds: [this.#id] });
    this.#libprocess = new Libprocess({ server: this.#server, log: silent });
  }

  async stop(): Promise<void> {
    await Promise.all([this.#server.close(), this.#libprocess.close()]);
  }

  authenticate(credential: OwnCredential): Promise<AuthenticationOutcome> {
    return new Promise((done) => {
      new CramMd5Authenticatee({
        links: this.#libprocess,
        id: 'crammd5-authenticatee(1)',
        client: `${this.#id}@${this.#libprocess.address}`,
        master: this.#master,
        credential,
        done,
      });
    });
  }

  /** `force`: in place of whoever has the framework. */
  subscribe(info: FrameworkInfo, force = false): void {
    this.#call({ type: 'SUBSCRIBE', subscribe: { framework_info: info, force }, framework_id: info.id });
  }

  launch(offer: Offer, tasks: TaskInfo[]): void {
    const operations = [{ type: 'LAUNCH' as const, launch: { task_infos: tasks } }];
    this.#call({ type: 'ACCEPT', accept: { offer_ids: [offer.id], operations } });
  }

  statesOf(taskId: string): TaskState[] {
    return this.updates.flatMap((update) => (update.taskId === taskId ? [update.state] : []));
  }

  #call(call: V0SchedulerCall): void {
    const id = this.frameworkId === undefined ? undefined : { value: this.frameworkId };
    const body = V0SchedulerCall.encode({ framework_id: id, ...call });
    this.#libprocess.send(this.#id, this.#master, wireName(V0SchedulerCall), body);
  }

  #take(name: string, body: Uint8Array): void {
    switch (name) {
      case wireName(FrameworkRegisteredMessage):
        this.frameworkId = FrameworkRegisteredMessage.decode(body).framework_id.value;
        break;
      case wireName(ResourceOffersMessage):
        this.offers.push(...(ResourceOffersMessage.decode(body).offers ?? []));
        break;
      case wireName(FrameworkErrorMessage):
        this.errors.push(FrameworkErrorMessage.decode(body).message);
        break;
      case wireName(StatusUpdateMessage):
        this.#update(StatusUpdateMessage.decode(body));
        break;
    }
  }

  #update({ update: { agent_id, uuid, status } }: StatusUpdateMessage): void {
    this.updates.push({ taskId: status.task_id.value, state: status.state });
    if (agent_id !== undefined && uuid !== undefined)
      this.#call({ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id: status.task_id, uuid } });
  }
}
