/**
 * A framework for load: v1 scheduler API in protobuf over two sockets, one for the event stream, one for calls, which
 * are pipelined. Decides nothing: events go to a handler, calls come from it.
 */
import { connect } from 'node:net';
import { RecordParser, SchedulerCall, SchedulerEvent } from '@mesolite/wire';
import { HttpReader } from './http-reader.mjs';

const PROTOBUF = 'application/x-protobuf';

export class LoadFramework {
  id;
  /** Answers to calls that were not 202, by first line. */
  refused = new Map();
  calls = 0;
  answers = 0;
  #host;
  #stream;
  #channel;
  #streamId = '';

  /**
   * Resolves once subscribed.
   * @param {number} port of the master
   * @param {{ name: string, id?: { value: string }, failoverTimeout?: number, roles?: string[], onEvent: (event: import('@mesolite/wire').SchedulerEvent) => void,
   *   onClose?: () => void }} options `onClose` is told when the master ends the stream
   */
  static subscribe(port, options) {
    return new Promise((resolve, reject) => new LoadFramework(port, options, resolve, reject));
  }

  constructor(
    port,
    { name, id, failoverTimeout = 0, roles = ['*'], onEvent, onClose = () => undefined },
    resolve,
    reject,
  ) {
    this.onClose = onClose;
    this.#host = `127.0.0.1:${port}`;
    this.#channel = connect({ host: '127.0.0.1', port, noDelay: true });
    this.#channel.on('error', reject);
    const answers = new HttpReader((start) => {
      this.answers += 1;
      if (start !== 'HTTP/1.1 202 Accepted') this.refused.set(start, (this.refused.get(start) ?? 0) + 1);
    });
    this.#channel.on('data', (bytes) => answers.push(bytes));
    this.#stream = connect({ host: '127.0.0.1', port, noDelay: true });
    this.#stream.on('error', reject);
    this.#stream.on('close', () => {
      this.#channel.destroy();
      this.onClose();
    });
    const records = new RecordParser();
    const events = new HttpReader(
      (start, body) => reject(new Error(`${start}: ${body.toString()}`)),
      (chunk) => {
        for (const record of records.push(chunk)) {
          const event = SchedulerEvent.decode(record);
          if (event.type === 'SUBSCRIBED') {
            this.id = event.subscribed.framework_id;
            resolve(this);
          }
          if (event.type === 'ERROR') reject(new Error(event.error.message));
          onEvent(event);
        }
      },
      // The server may keep the connection for a next request; we have none.
      () => this.#stream.destroy(),
    );
    this.#stream.on('data', (bytes) => {
      if (this.#streamId === '') this.#streamId = /mesos-stream-id: *(\S+)/i.exec(bytes.toString('latin1'))?.[1] ?? '';
      events.push(bytes);
    });
    const capabilities = [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }];
    const framework_info = { user: 'root', name, id, roles, capabilities, failover_timeout: failoverTimeout };
    const body = SchedulerCall.encode({ type: 'SUBSCRIBE', framework_id: id, subscribe: { framework_info } });
    this.#post(this.#stream, body, '');
  }

  #post(socket, body, streamId) {
    const stream = streamId === '' ? '' : `Mesos-Stream-Id: ${streamId}\r\n`;
    socket.cork();
    socket.write(
      `POST /api/v1/scheduler HTTP/1.1\r\nHost: ${this.#host}\r\nContent-Type: ${PROTOBUF}\r\nAccept: ${PROTOBUF}\r\n${stream}Content-Length: ${body.length}\r\n\r\n`,
      'latin1',
    );
    socket.write(body);
    process.nextTick(() => socket.uncork());
  }

  get streamId() {
    return this.#streamId;
  }

  /** @param {import('@mesolite/wire').SchedulerCall} call its framework id is filled in */
  call(call) {
    this.calls += 1;
    this.#post(this.#channel, SchedulerCall.encode({ ...call, framework_id: this.id }), this.#streamId);
  }

  acknowledge(status) {
    if (status.uuid === undefined) return;
    const { agent_id, task_id, uuid } = status;
    this.call({ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });
  }

  /** Ends the framework and its tasks, then the sockets. */
  async teardown() {
    this.call({ type: 'TEARDOWN' });
    await new Promise((resolve) => {
      this.#stream.once('close', resolve);
      setTimeout(resolve, 2_000).unref();
    });
    this.close();
  }

  close() {
    this.onClose = () => undefined;
    this.#stream.destroy();
    this.#channel.destroy();
  }
}
