/** The executor's side of the v1 executor API, in either encoding, for tests that play an executor. */
import { ExecutorCall, ExecutorEvent, RecordParser } from '@mesolite/wire';

export type Encoding = 'application/json' | 'application/x-protobuf';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export class ExecutorClient {
  readonly events: ExecutorEvent[] = [];
  closed = false;
  readonly #url: string;
  readonly #encoding: Encoding;
  readonly #abort = new AbortController();

  constructor(agentUrl: string, encoding: Encoding) {
    this.#url = `${agentUrl}/slave(1)/api/v1/executor`;
    this.#encoding = encoding;
  }

  /** Resolves once the agent answered; events arrive in `events` from then on. */
  async subscribe(call: Omit<ExecutorCall, 'type'>): Promise<number> {
    const response = await this.#post({ subscribe: {}, ...call, type: 'SUBSCRIBE' });
    if (response.status === 200) void this.#read(response);
    return response.status;
  }

  async call(call: ExecutorCall): Promise<Answer> {
    const response = await this.#post(call);
    return { status: response.status, text: await response.text() };
  }

  types(): (string | undefined)[] {
    return this.events.map(({ type }) => type);
  }

  disconnect(): void {
    this.#abort.abort();
  }

  #post(call: ExecutorCall): Promise<Response> {
    const json = this.#encoding === 'application/json';
    return fetch(this.#url, {
      method: 'POST',
      headers: { 'Content-Type': this.#encoding, 'Accept': this.#encoding },
      body: json ? ExecutorCall.toJson(call) : new Uint8Array(ExecutorCall.encode(call)),
      signal: this.#abort.signal,
    });
  }

  async #read(response: Response): Promise<void> {
    const parser = new RecordParser();
    try {
      for await (const chunk of response.body ?? []) {
        for (const record of parser.push(chunk)) {
          this.events.push(
            this.#encoding === 'application/json'
              ? ExecutorEvent.fromJson(Buffer.from(record).toString())
              : ExecutorEvent.decode(record),
          );
        }
      }
    } catch {
      // The test, or the agent, cut the connection.
    }
    this.closed = true;
  }
}
