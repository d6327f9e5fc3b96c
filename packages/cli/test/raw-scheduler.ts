/** A scheduler that says whatever a test wants, however wrong, and keeps the events it is sent. Never corrects anything. */
import { RecordParser, SchedulerCall, SchedulerEvent } from '@mesolite/wire';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

const TYPE = 'application/x-protobuf';
const LIMIT_MS = 20_000;

/** Waits for a condition, with a deadline; `what` names it in the failure. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((wake) => setTimeout(wake, 5));
  }
}

export class RawScheduler {
  readonly events: SchedulerEvent[] = [];
  readonly #address: string;
  readonly #abort = new AbortController();
  #streamId = '';
  ended = false;

  /** `address` is `ip:port` of the master. */
  constructor(address: string) {
    this.#address = address;
  }

  get frameworkId(): { value: string } {
    return this.events[0]?.subscribed?.framework_id ?? { value: '' };
  }

  /** Resolves with the first event, or with the refusal if there is no stream. */
  async subscribe(subscribe: NonNullable<SchedulerCall['subscribe']>): Promise<SchedulerEvent | Answer> {
    const response = await this.#post({ type: 'SUBSCRIBE', subscribe });
    if (response.status !== 200) return { status: response.status, text: await response.text() };
    this.#streamId = response.headers.get('mesos-stream-id') ?? '';
    void this.#read(response);
    await until('an event', () => this.events.length > 0 || this.ended);
    return this.events[0] ?? { status: 200, text: 'no event' };
  }

  async call(call: Omit<SchedulerCall, 'framework_id'>): Promise<Answer> {
    const response = await this.#post({ ...call, framework_id: this.frameworkId });
    return { status: response.status, text: await response.text() };
  }

  close(): void {
    this.#abort.abort();
  }

  #post(call: SchedulerCall): Promise<Response> {
    return fetch(`http://${this.#address}/api/v1/scheduler`, {
      method: 'POST',
      headers: { 'Content-Type': TYPE, 'Accept': TYPE, ...(this.#streamId && { 'Mesos-Stream-Id': this.#streamId }) },
      body: SchedulerCall.encode(call),
      signal: this.#abort.signal,
    });
  }

  async #read(response: Response): Promise<void> {
    const parser = new RecordParser();
    try {
      for await (const chunk of response.body!)
        for (const record of parser.push(chunk)) this.events.push(SchedulerEvent.decode(record));
    } catch (error) {
      if (!this.#abort.signal.aborted) throw error;
    }
    this.ended = true;
  }
}
