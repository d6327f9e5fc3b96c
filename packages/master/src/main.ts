/** Wiring of the master daemon: the only place that reads flags and environment. */
import { hostname } from 'node:os';
import { err, ok, type Result, uuidText } from '@mesolite/base';
import {
  buildJson,
  CramMd5Authenticator,
  daemonLog,
  FilesApi,
  HttpServer,
  jsonReply,
  loadFlags,
  MESOLITE_VERSION,
  MetricsRegistry,
  mountProcessEndpoints,
  parseDomain,
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
import { type DomainInfo, MASTER_PROCESS_ID, type MasterInfo } from '@mesolite/wire';
import { MasterCore } from './core/index.ts';
import { masterProcess } from './host/agent-messages.ts';
import { identityChecks } from './host/identity-checks.ts';
import { mountLeaderGate } from './host/leader-gate.ts';
import { Leadership } from './host/leadership.ts';
import { MasterHost } from './host/master-host.ts';
import { mountOperatorEndpoints } from './host/operator-endpoints.ts';
import { registryJson } from './host/registry-entries.ts';
import { RegistryStore } from './host/registry-store.ts';
import { mountSchedulerApi } from './host/scheduler-api.ts';
import { WhitelistFile } from './host/whitelist-file.ts';
import { openElection, registryStore } from './master-election.ts';
import { masterLimits, unusualNames } from './master-options.ts';

/** Starts a master. Refuses bad flags with the text to show and the exit code to use. */
export async function startMaster(
  options: StartOptions,
): Promise<Result<RunningDaemon, { exitCode: number; text: string }>> {
  const loaded = loadFlags('master', options);
  if (!loaded.ok) return loaded;
  const { flags, warnings } = loaded.value;
  const refuse = (text: string): Result<never, { exitCode: number; text: string }> =>
    err({ exitCode: 1, text: `${text}\n` });
  const limits = masterLimits(flags);
  if (!limits.ok) return refuse(limits.error);
  const domain = parseDomain(flags.text('domain'));
  if (!domain.ok) return refuse(`--domain: ${domain.error}`);
  const place = await resolvePlace(flags);
  if (!place.ok) return refuse(place.error);

  const logged = daemonLog('master', flags, options.stderr);
  if (!logged.ok) return refuse(logged.error);
  const log = logged.value;
  for (const warning of warnings) log.warning(warning);
  for (const name of unusualNames(limits.value.minAllocatable))
    log.warning(`--min_allocatable_resources names '${name}', which is none of cpus, mem, disk, ports and gpus`);

  const identity = await identityChecks(flags, log);
  if (!identity.ok) return refuse(identity.error);
  const disk = new SystemDisk({ strict: true });
  const election = await openElection(flags, log);
  if (!election.ok) return refuse(election.error);
  const store = await registryStore(flags, election.value, { disk, log });
  if (!store.ok) {
    election.value?.session.close();
    return refuse(store.error);
  }
  const metrics = new MetricsRegistry();
  const registry = new RegistryStore({ store: store.value, metrics });

  const server = new HttpServer({
    ip: place.value.bindIp,
    port: place.value.port,
    log,
    processIds: [MASTER_PROCESS_ID],
    opensLater: true,
  });
  try {
    await server.listen();
  } catch (error) {
    election.value?.session.close();
    return refuse((error as Error).message);
  }
  const { ip: boundIp, port: boundPort } = server.address;
  const advertise = { ip: place.value.advertiseIp, port: place.value.advertisePort ?? boundPort };
  const libprocess = new Libprocess({ server, advertise, log });
  const pid = `${MASTER_PROCESS_ID}@${libprocess.address}`;

  systemMetrics(metrics);
  const info = masterInfo({ pid, hostname: place.value.hostname, ...advertise, domain: domain.value });
  const core = new MasterCore({ ...limits.value, ...identity.value.options, info, log, metrics, random: systemRandom });

  let ended: (code: number) => void = () => {};
  const stopped = new Promise<number>((resolve) => {
    ended = resolve;
  });
  let stopping: Promise<void> | undefined;
  const stop = (code: number): Promise<void> => {
    stopping ??= (async () => {
      whitelist.close();
      host.close();
      authenticator.close();
      await libprocess.close();
      await server.close();
      await registry.close();
      await leadership.close();
      election.value?.session.close();
      log.close();
      ended(code);
    })();
    return stopping;
  };
  const authenticator = new CramMd5Authenticator({
    links: libprocess,
    secrets: identity.value.secrets,
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    log,
    timeoutMs: flags.durationMs('authentication_v0_timeout')!,
  });
  const host = new MasterHost({
    core,
    authenticator,
    clock: systemClock,
    timers: systemTimers,
    links: libprocess,
    registry,
    log,
    metrics,
    exit: (code, text) => fail(text, code),
  });
  const fail = (text: string, code = 1): void => {
    log.error(text);
    void stop(code);
  };

  let electedWallMs: number | undefined;
  const isRecovered = (): boolean => electedWallMs !== undefined;
  const messages = masterProcess({
    submit: (input) => host.submit(input),
    leads: () => leadership.leads && isRecovered(),
    metrics,
    log,
  });
  /** Before it is done nothing is answered: whoever asked now about tasks would hear that they are unknown. */
  const lead = async (): Promise<Result<undefined>> => {
    const recovered = await registry.recover();
    if (!recovered.ok) return recovered;
    const unwritten = await registry.lead(info);
    if (unwritten !== undefined) return err(unwritten);
    if (stopping !== undefined) return ok(undefined);
    electedWallMs = systemClock.wallMs();
    host.submit({ kind: 'started', registry: recovered.value });
    messages.release();
    return ok(undefined);
  };
  const leadership = new Leadership({
    info,
    election: election.value,
    timers: systemTimers,
    log,
    metrics,
    elected: () => {
      if (election.value === undefined) return;
      void lead().then((led) => {
        if (!led.ok) fail(`Recovery failed: ${led.error}`);
      });
    },
    lost: fail,
  });

  const whitelist = new WhitelistFile({
    path: flags.text('whitelist'),
    disk,
    timers: systemTimers,
    log,
    changed: (hostnames) => host.submit({ kind: 'whitelist-read', hostnames }),
  });

  // Before the first agent comes; and before `/health` says that it may.
  await whitelist.start();
  if (election.value === undefined) {
    const led = await lead();
    if (!led.ok) {
      await stop(1);
      return refuse(led.error);
    }
  }
  libprocess.spawn(MASTER_PROCESS_ID, messages);
  libprocess.start();
  leadership.start();

  const files = new FilesApi();
  if (log.file !== undefined) files.attach(log.file, '/master/log');
  const verbosity = new Verbosity(systemTimers);
  const effective = flags.effective();
  const startedWallMs = systemClock.wallMs();
  mountLeaderGate(server, { leadership, isRecovered });
  server.route('/registrar(1)/registry', (request) => jsonReply(request, registryJson(registry.toProto())));
  mountProcessEndpoints(server, { metrics, log, verbosity });
  files.mount(server);
  mountSchedulerApi(server, host, metrics, identity.value.httpScheduler);
  mountOperatorEndpoints(server, {
    core,
    identity: {
      info,
      pid,
      build: buildJson(),
      startedWallMs,
      electedWallMs: () => electedWallMs ?? 0,
      cluster: flags.text('cluster'),
      logDirectory: flags.text('log_dir'),
      flags: effective,
    },
    facts: { metrics, files, verbosity, flags: effective },
    now: () => ({ wallMs: systemClock.wallMs(), monotonicMs: systemClock.monotonicMs() }),
    demand: (make) => host.demand(make),
  });
  server.open();

  log.info(`Master ${info.id} (${info.hostname}) started on ${boundIp}:${boundPort}`);
  return ok({ ip: boundIp, port: boundPort, pid, stop: () => stop(0), stopped });
}

/** As the original announces itself; `ip` also as a number in network order, which old drivers read. */
function masterInfo(place: {
  pid: string;
  hostname: string;
  ip: string;
  port: number;
  domain: DomainInfo | undefined;
}): MasterInfo {
  const octets = place.ip.split('.').map(Number);
  const ip = octets.reduce((sum, octet, index) => sum + octet * 256 ** index, 0);
  return {
    id: uuidText(systemRandom.bytes(16)),
    ip,
    port: place.port,
    pid: place.pid,
    hostname: place.hostname === '' ? hostname() : place.hostname,
    version: MESOLITE_VERSION,
    address: { hostname: place.hostname, ip: place.ip, port: place.port },
    domain: place.domain,
    // Not QUOTA_V2, although it holds: JSON clients generated before Mesos 1.9 fail on names they do not know.
    capabilities: [{ type: 'AGENT_UPDATE' }, { type: 'AGENT_DRAINING' }],
  };
}
