/**
 * Entries of the registry as a store keeps them: a key for each thing, and the message by which the original's registry
 * tells of it. Agents' resources are in the old format where it can tell them.
 */
import {
  type AgentId,
  err,
  millisecondsToNanoseconds,
  nanosecondsToMilliseconds,
  ok,
  type Result,
} from '@mesolite/base';
import { hasRefinedReservation, toPreRefinement } from '@mesolite/resources';
import {
  type AgentInfo,
  DurableFramework,
  type MessageType,
  QuotaConfig,
  Registry,
  RegistryAgent,
  RegistryGoneAgent,
  RegistryMaster,
  RegistryMinimumCapability,
  RegistryUnreachableAgent,
  RegistryWeight,
  type TimeInfo,
  toV0Json,
  WireError,
} from '@mesolite/wire';
import {
  type Deactivation,
  type FrameworkMemory,
  machineInfos,
  type RecoveredRegistry,
  type RegistryEntry,
  schedules,
} from '../core/index.ts';

/** Who led last: for people who look. */
export const MASTER_KEY = 'master/info';
const MAINTENANCE_KEY = 'maintenance';
const CAPABILITY = 'minimum-capabilities/';

/** Names in the store before the id or role. */
const PREFIXES = {
  admitted: 'agents/admitted/',
  unreachable: 'agents/unreachable/',
  gone: 'agents/gone/',
  framework: 'frameworks/',
  weight: 'weights/',
  quota: 'quota/',
} as const;

/** What masters of this version can do that older ones cannot; a store that asks for more is not theirs. */
const KNOWN_CAPABILITIES = new Set(['AGENT_DRAINING', 'QUOTA_V2']);

/** Undefined: the key is to go. */
export function storedEntry(entry: RegistryEntry): readonly [string, Uint8Array | undefined] {
  switch (entry.kind) {
    case 'admitted': {
      const { agentId, info, deactivation } = entry;
      const agent = info && { info: downgraded(info), ...outOfService(deactivation) };
      return stored(PREFIXES.admitted + agentId, RegistryAgent, agent);
    }
    case 'unreachable': {
      const { agentId, wallMs, deactivation } = entry;
      const lost = wallMs === undefined ? undefined : { ...lostAgent(agentId, wallMs), ...outOfService(deactivation) };
      return stored(PREFIXES.unreachable + agentId, RegistryUnreachableAgent, lost);
    }
    case 'gone': {
      const { agentId, wallMs } = entry;
      return stored(
        PREFIXES.gone + agentId,
        RegistryGoneAgent,
        wallMs === undefined ? undefined : lostAgent(agentId, wallMs),
      );
    }
    case 'framework':
      return stored(
        PREFIXES.framework + entry.frameworkId,
        DurableFramework,
        entry.memory && frameworkMessage(entry.memory),
      );
    case 'weight':
      return stored(PREFIXES.weight + entry.role, RegistryWeight, entry.weight && { info: entry.weight });
    case 'quota':
      return stored(PREFIXES.quota + entry.role, QuotaConfig, entry.config);
    case 'maintenance': {
      const machines = machineInfos(entry.plan).map((info) => ({ info }));
      const message = { machines: { machines }, schedules: schedules(entry.plan) };
      return stored(MAINTENANCE_KEY, Registry, machines.length === 0 ? undefined : message);
    }
  }
}

/**
 * What the store asks of every master from now on, once such an entry is in it. It is never taken back: that a master that
 * lacks it would do no harm now is not known.
 */
export function capabilityOf(entry: RegistryEntry): readonly [string, Uint8Array] | undefined {
  const capability = capabilityFor(entry);
  if (capability === undefined) return undefined;
  return [CAPABILITY + capability, RegistryMinimumCapability.encode({ capability })];
}

function capabilityFor(entry: RegistryEntry): string | undefined {
  switch (entry.kind) {
    case 'quota':
      return entry.config === undefined ? undefined : 'QUOTA_V2';
    case 'admitted':
    case 'unreachable':
      return entry.deactivation === undefined ? undefined : 'AGENT_DRAINING';
    default:
      return undefined;
  }
}

type Collected = {
  [K in keyof Required<RecoveredRegistry>]: NonNullable<RecoveredRegistry[K]>[number][];
};

/** The error names the key that cannot be understood, or what this version lacks. */
export function recoveredRegistry(contents: ReadonlyMap<string, Uint8Array>): Result<RecoveredRegistry> {
  const registry: Collected = {
    admitted: [],
    unreachable: [],
    gone: [],
    deactivated: [],
    frameworks: [],
    weights: [],
    quotas: [],
    machines: [],
    schedules: [],
  };
  for (const [key, value] of contents) {
    try {
      if (!read(registry, key, value)) return err(`'${key}' is no entry of a registry that this version knows`);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return err(`'${key}' is damaged: ${error.message}`);
    }
  }
  const asked = [...contents.keys()]
    .filter((key) => key.startsWith(CAPABILITY))
    .map((key) => key.slice(CAPABILITY.length));
  const missing = asked.filter((name) => !KNOWN_CAPABILITIES.has(name));
  if (missing.length > 0)
    return err(`it needs a master with the capabilities ${missing.join(', ')}, which this version lacks`);
  // The oldest first: those are forgotten first.
  for (const lost of [registry.unreachable, registry.gone]) lost.sort((a, b) => a.wallMs - b.wallMs);
  return ok(registry);
}

function read(registry: Collected, key: string, value: Uint8Array): boolean {
  if (key === MASTER_KEY || key.startsWith(CAPABILITY)) return true;
  if (key === MAINTENANCE_KEY) {
    const { machines, schedules: planned } = Registry.decode(value);
    registry.machines.push(...(machines?.machines ?? []).map(({ info }) => info));
    registry.schedules.push(...(planned ?? []));
    return true;
  }
  if (key.startsWith(PREFIXES.admitted)) {
    const { info, drain_info: drain, deactivated } = RegistryAgent.decode(value);
    registry.admitted.push(info);
    if (deactivated === true) registry.deactivated.push({ agentId: info.id?.value as AgentId, drain });
    return true;
  }
  if (key.startsWith(PREFIXES.unreachable)) {
    const { id, timestamp, drain_info: drain, deactivated } = RegistryUnreachableAgent.decode(value);
    const agentId = id.value as AgentId;
    registry.unreachable.push({ agentId, wallMs: milliseconds(timestamp) });
    if (deactivated === true) registry.deactivated.push({ agentId, drain });
    return true;
  }
  if (key.startsWith(PREFIXES.gone)) {
    const { id, timestamp } = RegistryGoneAgent.decode(value);
    registry.gone.push({ agentId: id.value as AgentId, wallMs: milliseconds(timestamp) });
    return true;
  }
  if (key.startsWith(PREFIXES.framework)) {
    const { info, failover_deadline: deadline, removed } = DurableFramework.decode(value);
    registry.frameworks.push({
      info,
      failoverWallMs: deadline && milliseconds(deadline),
      removedWallMs: removed && milliseconds(removed),
    });
    return true;
  }
  if (key.startsWith(PREFIXES.weight)) registry.weights.push(RegistryWeight.decode(value).info);
  else if (key.startsWith(PREFIXES.quota)) registry.quotas.push(QuotaConfig.decode(value));
  else return false;
  return true;
}

function stored<M extends object>(
  key: string,
  type: MessageType<M>,
  message: M | undefined,
): readonly [string, Uint8Array | undefined] {
  return [key, message === undefined ? undefined : type.encode(message)];
}

export function storedMaster(info: RegistryMaster['info']): readonly [string, Uint8Array] {
  return [MASTER_KEY, RegistryMaster.encode({ info })];
}

/** As the original keeps it, in one message. */
export function registryMessage(registry: RecoveredRegistry, info: RegistryMaster['info'] | undefined): Registry {
  const { admitted, unreachable, gone, weights = [], quotas = [], machines = [], schedules: planned = [] } = registry;
  const lost = ({ agentId, wallMs }: (typeof gone)[number]): RegistryGoneAgent => lostAgent(agentId, wallMs);
  const deactivated = new Map((registry.deactivated ?? []).map((one) => [one.agentId, one]));
  const capabilities = [
    ...(deactivated.size > 0 ? ['AGENT_DRAINING'] : []),
    ...(quotas.length > 0 ? ['QUOTA_V2'] : []),
  ];
  return {
    ...(info === undefined ? {} : { master: { info } }),
    agents: {
      agents: admitted.map((agent) => ({
        info: downgraded(agent),
        ...outOfService(deactivated.get(agent.id?.value as AgentId)),
      })),
    },
    unreachable: {
      agents: unreachable.map((agent) => ({ ...lost(agent), ...outOfService(deactivated.get(agent.agentId)) })),
    },
    gone: { agents: gone.map(lost) },
    machines: { machines: machines.map((machine) => ({ info: machine })) },
    schedules: [...planned],
    weights: weights.map((weight) => ({ info: weight })),
    quota_configs: [...quotas],
    minimum_capabilities: capabilities.map((capability) => ({ capability })),
  };
}

/** For `/registrar(1)/registry`. */
export function registryJson(registry: Registry): string {
  return JSON.stringify(toV0Json(JSON.parse(Registry.toJson(registry))));
}

function downgraded(info: AgentInfo): AgentInfo {
  if (info.resources === undefined || hasRefinedReservation(info.resources)) return info;
  return { ...info, resources: toPreRefinement(info.resources) };
}

/** As the registry's agents tell it, registered or not. */
function outOfService(deactivation: Deactivation | undefined): Pick<RegistryAgent, 'drain_info' | 'deactivated'> {
  return deactivation === undefined ? {} : { drain_info: deactivation.drain, deactivated: true };
}

function frameworkMessage({ info, failoverWallMs, removedWallMs }: FrameworkMemory): DurableFramework {
  const time = (wallMs: number | undefined): TimeInfo | undefined =>
    wallMs === undefined ? undefined : { nanoseconds: millisecondsToNanoseconds(wallMs) };
  return { info, failover_deadline: time(failoverWallMs), removed: time(removedWallMs) };
}

function milliseconds({ nanoseconds }: TimeInfo): number {
  return nanosecondsToMilliseconds(nanoseconds);
}

function lostAgent(agentId: AgentId, wallMs: number): RegistryGoneAgent {
  return { id: { value: agentId }, timestamp: { nanoseconds: millisecondsToNanoseconds(wallMs) } };
}
