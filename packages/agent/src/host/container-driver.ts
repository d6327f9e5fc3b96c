/**
 * Between the core's wishes about containers and a containerizer: one promise chain per container, whose ends are inputs.
 */
import { type Containerizer, type ContainerTermination, containerStatePath } from '@mesolite/containers';
import type { Disk, Log } from '@mesolite/ports';
import type { AgentEffect, AgentInput, ContainerEnd, LaunchContainer } from '../core/index.ts';

export interface ContainerDriverOptions {
  readonly containerizer: Containerizer;
  readonly disk: Disk;
  readonly runtimeDirectory: string;
  readonly submit: (input: AgentInput) => void;
  readonly log: Log;
}

export class ContainerDriver {
  readonly #options: ContainerDriverOptions;
  readonly #destroying = new Set<Promise<void>>();

  constructor(options: ContainerDriverOptions) {
    this.#options = options;
  }

  launch(effect: LaunchContainer): void {
    void this.#run(effect);
  }

  signal(containerId: LaunchContainer['containerId'], signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#options.containerizer.kill(containerId, signal);
  }

  update({ containerId, resources, volumes }: Extract<AgentEffect, { kind: 'update-container' }>): void {
    const updated = this.#options.containerizer.update(containerId, resources, volumes);
    if (!updated.ok) {
      this.#options.submit({ kind: 'container-update-failed', containerId, message: updated.error });
    }
  }

  destroy(containerId: LaunchContainer['containerId']): void {
    const { containerizer, log } = this.#options;
    const done = containerizer
      .destroy(containerId)
      .catch((error: unknown) => log.error(`Failed to destroy container ${containerId}: ${text(error)}`))
      .finally(() => this.#destroying.delete(done));
    this.#destroying.add(done);
  }

  /** Removes what is kept of an ended container beside its sandbox, which else would pile up until the next boot. */
  forget(containerId: LaunchContainer['containerId']): void {
    const { disk, log, runtimeDirectory } = this.#options;
    disk
      .remove(containerStatePath(runtimeDirectory, containerId))
      .catch((error: unknown) => log.warning(`Failed to remove the state of container ${containerId}: ${text(error)}`));
  }

  /** Resolves when everything being destroyed is gone. */
  async settled(): Promise<void> {
    await Promise.all(this.#destroying);
  }

  async #run(effect: LaunchContainer): Promise<void> {
    const { containerizer, disk, submit } = this.#options;
    const { containerId } = effect;
    try {
      const linked = disk.symlink(effect.sandbox, effect.latestLink);
      linked.catch(() => {});
      const launched = await containerizer.launch(this.#spec(effect));
      if (!launched.ok) {
        submit({ kind: 'container-launch-failed', containerId, ...launched.error });
        return;
      }
      // Asked at once, before anything slow: ends are remembered for those who ask later, but not all of them.
      const ended = containerizer.wait(containerId);
      await linked;
      submit({ kind: 'container-launched', containerId, pid: launched.value.pid });
      submit({ kind: 'container-ended', containerId, end: endOf(await ended) });
    } catch (error) {
      const message = text(error);
      this.destroy(containerId);
      submit({ kind: 'container-launch-failed', containerId, reason: 'REASON_CONTAINER_LAUNCH_FAILED', message });
    }
  }

  #spec(effect: LaunchContainer): Parameters<Containerizer['launch']>[0] {
    return {
      containerId: effect.containerId,
      sandbox: effect.sandbox,
      command: effect.command,
      env: effect.environment,
      user: effect.user,
      checkpoint: effect.checkpoint,
      stateDirectory: containerStatePath(this.#options.runtimeDirectory, effect.containerId),
      resources: effect.resources,
      volumes: effect.volumes,
    };
  }
}

/** Only what the containerizer itself caused has a message: an ordinary exit speaks by its status. */
function endOf({ status, reason, message }: ContainerTermination): ContainerEnd {
  return {
    ...(status === undefined ? {} : { status }),
    ...(reason === undefined ? {} : { reason, message, state: 'TASK_FAILED' as const }),
  };
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
