import { spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type ContainerId, err, ok, type Result } from '@mesolite/base';
import { type Log, silentLog } from '@mesolite/ports';
import type { Resource, ResourceStatistics } from '@mesolite/wire';
import type {
  Containerizer,
  ContainerSignal,
  ContainerSpec,
  ContainerSummary,
  ContainerTermination,
  LaunchedContainer,
  LaunchFailure,
  RecoverableContainer,
} from './containerizer.ts';
import { terminationOf } from './termination.ts';
import { signalNumber } from './wait-status.ts';

export interface PosixContainerizerOptions {
  readonly log?: Log;
  /** Where relative URIs are looked up (`--frameworks_home`). */
  readonly frameworksHome?: string | undefined;
  /** A download slower than 1 byte a second for this long fails (`--fetcher_stall_timeout`). */
  readonly fetcherStallTimeoutMs?: number | undefined;
  /** Containers fetching at the same time; others wait. */
  readonly concurrentFetches?: number | undefined;
  /** Off: everything runs as the agent's own user (`--no-switch_user`). */
  readonly switchUser?: boolean | undefined;
}

interface Running {
  readonly spec: ContainerSpec;
  readonly pid: number;
  killed: boolean;
  readonly ended: Promise<ContainerTermination>;
}

export function createPosixContainerizer(options: PosixContainerizerOptions = {}): Containerizer {
  return new PosixContainerizer(options);
}

class PosixContainerizer implements Containerizer {
  readonly #containers = new Map<ContainerId, Running>();
  readonly #log: Log;

  constructor(options: PosixContainerizerOptions) {
    this.#log = options.log ?? silentLog;
  }

  async launch(spec: ContainerSpec): Promise<Result<LaunchedContainer, LaunchFailure>> {
    await mkdir(spec.sandbox, { recursive: true, mode: 0o750 });
    await mkdir(spec.stateDirectory, { recursive: true });
    const stdout = await open(join(spec.sandbox, 'stdout'), 'a', 0o644);
    const stderr = await open(join(spec.sandbox, 'stderr'), 'a', 0o644);
    const shell = spec.command.shell ?? true;
    const env: Record<string, string> = {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      ...spec.env,
    };
    for (const variable of spec.command.environment?.variables ?? []) env[variable.name] = variable.value ?? '';
    const value = spec.command.value ?? '';
    const argv = shell ? ['sh', '-c', value] : (spec.command.arguments ?? [value]);
    const child = spawn(shell ? '/bin/sh' : value, argv.slice(1), {
      argv0: argv[0] ?? value,
      cwd: spec.sandbox,
      detached: true,
      env,
      stdio: ['ignore', stdout.fd, stderr.fd],
    });
    const started = await new Promise<number | undefined>((resolve) => {
      child.once('spawn', () => resolve(child.pid));
      child.once('error', () => resolve(undefined));
    });
    await stdout.close();
    await stderr.close();
    if (started === undefined) {
      return err({ reason: 'REASON_CONTAINER_LAUNCH_FAILED', message: `Failed to execute '${value}'` });
    }
    const running: Running = {
      spec,
      pid: started,
      killed: false,
      ended: new Promise((resolve) => {
        child.once('exit', (code, signal) => {
          const number = signal === null ? undefined : signalNumber(signal);
          const outcome =
            number === undefined
              ? ({ kind: 'exited', code: code ?? 0 } as const)
              : ({ kind: 'signaled', signal: number, coreDumped: false } as const);
          resolve(terminationOf(outcome, { killed: running.killed }));
        });
      }),
    };
    this.#containers.set(spec.containerId, running);
    this.#log.info(`Launched container ${spec.containerId} with pid ${started}`);
    return ok({ pid: started });
  }

  async wait(containerId: ContainerId): Promise<ContainerTermination> {
    return (await this.#containers.get(containerId)?.ended) ?? terminationOf(undefined, { killed: false });
  }

  kill(containerId: ContainerId, signal: ContainerSignal): void {
    const running = this.#containers.get(containerId);
    if (running === undefined) return;
    running.killed = true;
    try {
      process.kill(-running.pid, signal);
    } catch {
      // Already gone.
    }
  }

  async destroy(containerId: ContainerId): Promise<void> {
    this.kill(containerId, 'SIGKILL');
    await this.#containers.get(containerId)?.ended;
  }

  usage(_containerId: ContainerId): Promise<ResourceStatistics | undefined> {
    return Promise.resolve(undefined);
  }

  update(_containerId: ContainerId, _resources: readonly Resource[]): void {}

  recover(_list: readonly RecoverableContainer[]): Promise<readonly ContainerSummary[]> {
    return Promise.resolve([]);
  }

  containers(): readonly ContainerSummary[] {
    return [...this.#containers.values()].map(({ spec, pid }) => ({
      containerId: spec.containerId,
      state: 'running',
      pid,
      sandbox: spec.sandbox,
    }));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
