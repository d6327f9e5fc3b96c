/** Wiring of the agent daemon: the only place that reads flags and environment. */
import { err, ok, type Result } from '@mesolite/base';
import { createPosixContainerizer, startWatchdog } from '@mesolite/containers';
import { detectMaster, masterPlace } from '@mesolite/coordination';
import {
  buildJson,
  daemonLog,
  FilesApi,
  HttpServer,
  loadCredential,
  loadFlags,
  MetricsRegistry,
  mountProcessEndpoints,
  type RunningDaemon,
  resolvePlace,
  type StartOptions,
  SystemDisk,
  systemClock,
  systemMetrics,
  systemRandom,
  systemTimers,
  Verbosity,
} from '@mesolite/daemon';
import { Libprocess } from '@mesolite/libprocess';
import type { Log } from '@mesolite/ports';
import { formatAttributes } from '@mesolite/resources';
import { AGENT_PROCESS_ID, Resource } from '@mesolite/wire';
import { agentLimits } from './agent-options.ts';
import { AgentCore, type Leader } from './core/index.ts';
import { AgentHost } from './host/agent-host.ts';
import { ContainerDriver } from './host/container-driver.ts';
import { type AgentDisk, openAgentDisk } from './host/durability/agent-disk.ts';
import { mountExecutorApi } from './host/executor-api.ts';
import { MasterAuthentication } from './host/master-authentication.ts';
import { agentProcess } from './host/master-messages.ts';
import { mountOperatorEndpoints } from './host/operator-endpoints.ts';
import { findRemains, type RecoveryOptions, takeOver } from './host/recovery/recover-agent.ts';

/** Stopping it leaves the tasks of frameworks that checkpoint running. */
export interface RunningAgent extends RunningDaemon {
  /** What SIGUSR1 asks for: every task ends, the master forgets this agent, the daemon ends. */
  unregister(): void;
}

/** Starts an agent. Refuses bad flags with the text to show and the exit code to use. */
export async function startAgent(
  options: StartOptions,
): Promise<Result<RunningAgent, { exitCode: number; text: string }>> {
  const loaded = loadFlags('agent', options);
  if (!loaded.ok) return loaded;
  const { flags, warnings } = loaded.value;
  const refuse = (text: string): Result<never, { exitCode: number; text: string }> =>
    err({ exitCode: 1, text: `${text}\n` });
  const masterText = flags.text('master');
  if (masterText === undefined) return refuse('Missing required option --master');
  const place = await resolvePlace(flags);
  if (!place.ok) return refuse(place.error);

  for (const flag of ['work_dir', 'runtime_dir']) {
    try {
      await new SystemDisk().makeDirectory(flags.required(flag));
    } catch (error) {
      return refuse(`--${flag}: ${(error as Error).message}`);
    }
  }
  const limits = await agentLimits(flags, options.env);
  if (!limits.ok) return refuse(limits.error);
  const { workDirectory, resources } = limits.value;
  const runtimeDirectory = flags.required('runtime_dir');
  const logged = daemonLog('agent', flags, options.stderr);
  if (!logged.ok) return refuse(logged.error);
  const log = logged.value;
  for (const warning of warnings) log.warning(warning);
  const masters = await masterPlace(masterText, log);
  if (!masters.ok) return refuse(`Failed to create a master detector: ${masters.error}`);
  const credential =
    flags.text('credential') === undefined ? undefined : await loadCredential(flags.required('credential'), log);
  if (credential?.ok === false) return refuse(credential.error);
  log.info(`Agent resources: [${resources.map((resource) => Resource.toJson(resource)).join(',')}]`);
  log.info(`Agent attributes: ${formatAttributes(limits.value.attributes)}`);
  log.info(`Agent hostname: ${place.value.hostname}`);
  // Where another agent listens on this port, its files are not to be touched.
  const early = place.value.port === 0 ? undefined : await listen(place.value, undefined, log);
  if (early?.ok === false) return refuse(early.error);
  const withdraw = async (text: string): Promise<Result<never, { exitCode: number; text: string }>> => {
    if (early?.ok === true) await early.value.close();
    return refuse(text);
  };
  let disk: AgentDisk;
  try {
    const durability = flags.required('durability') === 'mesos' ? 'mesos' : 'strict';
    disk = await openAgentDisk({ durability, workDirectory, timers: systemTimers, log });
  } catch (error) {
    return withdraw(`Failed to perform recovery: ${(error as Error).message}`);
  }
  const recovery: RecoveryOptions = {
    workDirectory,
    disk,
    log,
    strict: flags.bool('strict'),
    policy: flags.required('reconfiguration_policy') === 'additive' ? 'additive' : 'equal',
    bootId: limits.value.bootId,
    nowMs: systemClock.wallMs(),
  };
  const remains = await findRemains(recovery, resources);
  if (!remains.ok) return withdraw(remains.error);

  const listening = early ?? (await listen(place.value, remains.value.tree.former?.info.port, log));
  if (!listening.ok) return refuse(listening.error);
  const server = listening.value;
  const { ip: boundIp, port: boundPort } = server.address;
  const advertise = { ip: place.value.advertiseIp, port: place.value.advertisePort ?? boundPort };
  const libprocess = new Libprocess({ server, advertise, log });
  const pid = `${AGENT_PROCESS_ID}@${libprocess.address}`;
  const identity = { ...limits.value, hostname: place.value.hostname, port: advertise.port };
  const inheritance = await takeOver(recovery, remains.value, identity);
  if (!inheritance.ok) {
    await server.close();
    return refuse(inheritance.error);
  }

  // From here on an earlier watchdog ends nothing that this process might take over.
  const watchdog = await startWatchdog({
    runtimeDirectory,
    owner: workDirectory,
    graceMs: limits.value.executorShutdownGracePeriodMs,
    log,
  });
  if (!watchdog.ok) {
    await server.close();
    return refuse(watchdog.error);
  }
  const metrics = new MetricsRegistry();
  systemMetrics(metrics);
  const startedWallMs = systemClock.wallMs();
  metrics.gauge('slave/uptime_secs', () => (systemClock.wallMs() - startedWallMs) / 1000);
  const core = new AgentCore({
    ...limits.value,
    checkpointedResources: remains.value.remembered.resources.toProto(),
    former: inheritance.value.former,
    ...advertise,
    pid,
    hostname: place.value.hostname,
    log,
    metrics,
    random: systemRandom,
  });
  const containerizer = createPosixContainerizer({
    log,
    metrics,
    frameworksHome: flags.text('frameworks_home'),
    fetcherStallTimeoutMs: flags.durationMs('fetcher_stall_timeout'),
    switchUser: flags.bool('switch_user'),
  });

  let ended: (code: number) => void = () => {};
  const stopped = new Promise<number>((resolve) => {
    ended = resolve;
  });
  let stopping: Promise<void> | undefined;
  const stop = (code: number): Promise<void> => {
    stopping ??= (async () => {
      await host.stop();
      detector.close();
      const left = containerizer.containers().length > 0;
      await containerizer.close();
      await watchdog.value.release({ wait: !left });
      await disk.close();
      await libprocess.close();
      await server.close();
      log.close();
      ended(code);
    })();
    return stopping;
  };
  const files = new FilesApi();
  const host: AgentHost = new AgentHost({
    core,
    clock: systemClock,
    timers: systemTimers,
    links: libprocess,
    disk,
    files,
    log,
    detectLeader: () => {
      detector.again();
      host.submit({ kind: 'leader-detected', leader });
    },
    authentication:
      credential === undefined
        ? undefined
        : new MasterAuthentication({
            links: libprocess,
            pid,
            credential: credential.value,
            submit: (input) => host.submit(input),
          }),
    exit: (code, text) => {
      if (code === 0) log.info(text);
      else log.error(text);
      // Checkpoints can no longer be trusted: whatever the core still wants is not done.
      if (code !== 0) host.close();
      void stop(code);
    },
  });
  host.useContainers(
    new ContainerDriver({
      containerizer,
      // Links to sandboxes are for people: they need not survive a crash of the machine.
      disk: new SystemDisk(),
      runtimeDirectory,
      workDirectory,
      recoveryTimeoutMs: limits.value.recoveryTimeoutMs,
      submit: (input) => host.submit(input),
      log,
    }),
  );
  const detector = detectMaster(masters.value, {
    clock: systemClock,
    timers: systemTimers,
    log,
    sessionTimeoutMs: flags.durationMs('zk_session_timeout'),
  });
  let leader: Leader | undefined;

  if (log.file !== undefined) files.attach(log.file, '/slave/log');
  const verbosity = new Verbosity(systemTimers);
  const effective = flags.effective();
  mountProcessEndpoints(server, { metrics, log, verbosity });
  files.mount(server);
  mountExecutorApi(server, host);
  mountOperatorEndpoints(server, {
    state: core.state,
    identity: {
      pid,
      build: buildJson(),
      startedWallMs,
      logDirectory: flags.text('log_dir'),
      flags: effective,
    },
    facts: { metrics, files, verbosity, flags: effective },
    usage: (containerId) => containerizer.usage(containerId),
  });
  server.open();

  libprocess.spawn(AGENT_PROCESS_ID, agentProcess({ submit: (input) => host.submit(input), metrics, log }));
  libprocess.start();
  host.submit(inheritance.value.started);
  detector.watch((found) => {
    // That nobody is known yet is no news.
    if (found === undefined && leader === undefined) return;
    leader = found;
    host.submit({ kind: 'leader-detected', leader });
  });
  log.info(`Agent (${place.value.hostname}) started on ${boundIp}:${boundPort}`);
  return ok({
    ip: boundIp,
    port: boundPort,
    pid,
    stop: () => stop(0),
    stopped,
    unregister: () => host.submit({ kind: 'unregister' }),
  });
}

/** With any port asked for, that of the former agent comes first: its executors look for it there. */
async function listen(
  { bindIp: ip, port }: { readonly bindIp: string; readonly port: number },
  former: number | undefined,
  log: Log,
): Promise<Result<HttpServer>> {
  let failed = '';
  for (const one of port === 0 && former !== undefined ? [former, 0] : [port]) {
    const server = new HttpServer({ ip, port: one, log, processIds: [AGENT_PROCESS_ID], opensLater: true });
    try {
      await server.listen();
      return ok(server);
    } catch (error) {
      failed = (error as Error).message;
    }
  }
  return err(failed);
}
