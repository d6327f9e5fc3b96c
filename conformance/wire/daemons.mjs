/** One daemon of ours that talks to stand-ins: started, killed and started again with the same directories and port. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DaemonProcess, freePort, waitFor } from '../../tools/daemons/daemon-process.mjs';
import { RESOURCES } from '../../tools/daemons/local-cluster.mjs';

export class OurDaemon {
  directory = mkdtempSync(join(tmpdir(), 'mesolite-wire-'));
  #program;
  #args;
  #process;
  #formerLog = '';

  static async create(program) {
    return new OurDaemon(program, await freePort());
  }

  constructor(program, port) {
    this.#program = program;
    this.port = port;
  }

  subdirectory(name) {
    const path = join(this.directory, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** An agent needs the port of its master; `resources` may be those of the recorded one. */
  async start({ args = [], masterPort, resources = RESOURCES }) {
    this.#args = [
      '--ip=127.0.0.1',
      '--hostname=127.0.0.1',
      `--work_dir=${this.subdirectory('work')}`,
      `--config_root=${this.subdirectory('no-configuration')}`,
      ...args,
    ];
    if (this.#program === 'agent') {
      this.#args.push(
        `--runtime_dir=${this.subdirectory('runtime')}`,
        `--master=127.0.0.1:${masterPort}`,
        `--resources=${resources}`,
        '--launcher=posix',
        '--registration_backoff_factor=1ms',
      );
    }
    await this.return();
  }

  async return() {
    this.#process = new DaemonProcess(this.#program, { port: this.port, args: this.#args });
    await this.#process.up();
    if (this.#program === 'master') await waitFor('the master to lead', () => this.#leads());
  }

  /** Until then a master lets messages drop, which only real agents and drivers repeat. */
  async #leads() {
    return (await this.#agents()) !== undefined;
  }

  /** Resolves once a master knows that its agents' connections are broken. */
  missesAgents() {
    const missed = async () => (await this.#agents())?.every(({ active }) => !active);
    return waitFor('the master to miss its agents', missed);
  }

  async #agents() {
    const response = await fetch(`${this.#process.url}/slaves`, { redirect: 'manual' }).catch(() => undefined);
    if (response?.status === 200) return (await response.json()).slaves;
    await response?.arrayBuffer();
    return undefined;
  }

  async die() {
    this.#formerLog = this.log;
    this.#process.kill('SIGKILL');
    await this.#process.stop();
  }

  /** What it printed, in all its lives. */
  get log() {
    return `${this.#formerLog}${this.#process?.log ?? ''}`;
  }

  /** Ends it and removes its files. */
  async stop() {
    await this.#process?.stop();
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }
}
