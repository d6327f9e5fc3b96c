/** A daemon that is started again whenever it ends, as an init system would, until it is told to stay down. */
import { DaemonProcess, delay } from '../daemons/daemon-process.mjs';

/** An init system waits a moment, too. */
const RESTART_MS = 300;

export class Supervised {
  starts = 0;
  #make;
  #process;
  #stopped = false;
  #paused = false;

  /**
   * @param {string} name
   * @param {import('./bounded-log.mjs').BoundedLog} printed where all its lives print to
   * @param {() => { program: 'master' | 'agent', port: number, args: readonly string[], host?: object }} make
   */
  constructor(name, printed, make) {
    this.name = name;
    this.printed = printed;
    this.#make = make;
  }

  async start() {
    const { program, port, args, host } = this.#make();
    this.starts += 1;
    this.host = host;
    const process = new DaemonProcess(program, {
      port,
      args,
      ...host,
      sawOutput: (chunk) => this.printed.write(chunk),
    });
    this.printed.write(`---- ${this.name}, start ${this.starts}, pid ${process.pid}\n`);
    this.#process = process;
    void process.ended.then(async () => {
      await delay(RESTART_MS);
      if (!this.#stopped && this.#process === process) await this.start().catch(() => undefined);
    });
    await process.up().catch((error) => {
      if (!this.#stopped && process.alive) throw error;
    });
  }

  get alive() {
    return this.#process?.alive === true && !this.#paused;
  }

  get url() {
    return this.#process?.url;
  }

  kill() {
    this.#process?.kill('SIGKILL');
  }

  /** As a machine that stands still: connections stay, nothing answers. */
  pause() {
    this.#paused = true;
    this.#process?.kill('SIGSTOP');
  }

  resume() {
    this.#paused = false;
    this.#process?.kill('SIGCONT');
  }

  async stop() {
    this.#stopped = true;
    this.resume();
    await this.#process?.stop();
  }
}
