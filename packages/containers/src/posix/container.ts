/** One container of the posix containerizer: its state, who waits for its end, and the end itself. Starts nothing. */
import type { ContainerId } from '@mesolite/base';
import type { Resource } from '@mesolite/wire';
import type { ContainerState, ContainerSummary, ContainerTermination, ContainerVolume } from '../containerizer.ts';
import type { TreeRoot } from './process-tree.ts';

export class Container {
  readonly id: ContainerId;
  readonly sandbox: string;
  readonly stateDirectory: string;
  resources: readonly Resource[];
  /** Those linked into the sandbox. */
  volumes: readonly ContainerVolume[] = [];
  state: ContainerState = 'preparing';
  /** The supervisor's. */
  pid: number | undefined;
  /** There may be processes of it. */
  started = false;
  /** Somebody asked for its end. */
  killed = false;
  /** Gives up a fetch. */
  readonly abort = new AbortController();
  readonly ended: Promise<ContainerTermination>;
  #resolve: (termination: ContainerTermination) => void = () => {};

  constructor(options: {
    readonly containerId: ContainerId;
    readonly sandbox: string;
    readonly stateDirectory: string;
    readonly resources: readonly Resource[];
  }) {
    this.id = options.containerId;
    this.sandbox = options.sandbox;
    this.stateDirectory = options.stateDirectory;
    this.resources = options.resources;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  end(termination: ContainerTermination): void {
    this.state = 'ended';
    this.#resolve(termination);
  }

  uses(volume: string): boolean {
    return this.volumes.some(({ source }) => source === volume);
  }

  /** A dead supervisor's pid may be somebody else's by now. */
  root(): TreeRoot {
    return { mark: this.stateDirectory, supervisor: this.state === 'ended' ? undefined : this.pid };
  }

  summary(): ContainerSummary {
    return {
      containerId: this.id,
      state: this.state,
      sandbox: this.sandbox,
      ...(this.pid === undefined ? {} : { pid: this.pid }),
    };
  }
}
