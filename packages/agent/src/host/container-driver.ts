/**
 * Between the core's wishes about containers and a containerizer: one promise chain per container, whose ends are inputs.
 */
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Containerizer, type ContainerTermination, containerStatePath, readOwner } from '@mesolite/containers';
import type { Disk, Log } from '@mesolite/ports';
import type { AgentEffect, AgentInput, ContainerEnd, LaunchContainer, RecoverContainers } from '../core/index.ts';

export interface ContainerDriverOptions {
  readonly containerizer: Containerizer;
  readonly disk: Disk;
  readonly runtimeDirectory: string;
  /** Names this agent among those of the machine. */
  readonly workDirectory: string;
  /** How long containers may outlive this process, in milliseconds. */
  readonly recoveryTimeoutMs: number;
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

  /** Takes over what an earlier process left, and ends what it left that nobody knows. */
  recover(effect: RecoverContainers): void {
    void this.#recover(effect);
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

  async #recover({ containers, rebooted }: RecoverContainers): Promise<void> {
    const { containerizer, runtimeDirectory, submit } = this.#options;
    // Listed before anything is launched: what comes later is no orphan.
    const orphans = this.#orphans(new Set(containers.map(({ containerId }) => containerId)));
    const running = await containerizer.recover(
      containers.map(({ forkedPid: _pid, ...known }) => ({
        ...known,
        stateDirectory: containerStatePath(runtimeDirectory, known.containerId),
        gone: rebooted,
      })),
    );
    // Asked at once: ends are remembered for those who ask later, but not all of them.
    const ends = containers.map(({ containerId }) => ({ containerId, ended: containerizer.wait(containerId) }));
    submit({ kind: 'containers-recovered', running: running.map(({ containerId, pid }) => ({ containerId, pid })) });
    for (const { containerId, ended } of ends) {
      void ended.then((end) => submit({ kind: 'container-ended', containerId, end: endOf(end) }));
    }
    for (const orphan of orphans) await this.#endOrphan(orphan);
  }

  #orphans(known: ReadonlySet<string>): string[] {
    const { log, runtimeDirectory, workDirectory } = this.#options;
    try {
      return readdirSync(dirname(containerStatePath(runtimeDirectory, 'any')))
        .filter((name) => !known.has(name))
        .map((name) => containerStatePath(runtimeDirectory, name))
        .filter((directory) => readOwner(directory)?.owner === workDirectory);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') log.warning(`Failed to look for orphans: ${text(error)}`);
      return [];
    }
  }

  async #endOrphan(directory: string): Promise<void> {
    const { containerizer, disk, log } = this.#options;
    try {
      await containerizer.endOrphan(directory);
      await disk.remove(directory);
    } catch (error) {
      log.warning(`Failed to end the orphaned container in '${directory}': ${text(error)}`);
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
      owner: {
        owner: this.#options.workDirectory,
        outlivesMs: effect.checkpoint ? this.#options.recoveryTimeoutMs : 0,
      },
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
