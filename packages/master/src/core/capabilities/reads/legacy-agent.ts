/** An agent as `/state` and `/slaves` show it. */
import { Resources, toEndpointFormat } from '@mesolite/resources';
import { AgentInfo, DrainInfo, type LegacyJson, legacySeconds, protobufJson, Resource } from '@mesolite/wire';
import type { AgentRecord } from '../../state/agents.ts';
import type { MasterState } from '../../state/state.ts';
import { agentInfoJson } from './legacy-parts.ts';

export function agentJson(state: MasterState, agent: AgentRecord): LegacyJson {
  const deactivation = state.agents.deactivated.get(agent.id);
  const json = agentInfoJson(agent.info);
  json['pid'] = agent.pid;
  json['registered_time'] = legacySeconds(agent.registeredWallMs);
  if (agent.reregisteredWallMs !== undefined) json['reregistered_time'] = legacySeconds(agent.reregisteredWallMs);
  json['resources'] = agent.total.toV0Json();
  json['used_resources'] = Resources.sum(agent.used.values()).toV0Json();
  json['offered_resources'] = agent.offered.toV0Json();
  json['reserved_resources'] = Object.fromEntries(
    [...agent.total.reservedByRole()].map(([role, resources]) => [role, resources.toV0Json()]),
  );
  json['unreserved_resources'] = agent.total.unreserved().toV0Json();
  json['active'] = agent.active;
  json['deactivated'] = deactivation !== undefined;
  json['version'] = agent.version;
  json['capabilities'] = agent.capabilityList.flatMap(({ type }) => type ?? []);
  if (deactivation?.drain !== undefined) json['drain_info'] = protobufJson(DrainInfo, deactivation.drain);
  if (agent.drainStartWallMs !== undefined)
    json['estimated_drain_start_time_seconds'] = legacySeconds(agent.drainStartWallMs);
  return json;
}

function fullForm(resources: Resources): unknown[] {
  return toEndpointFormat(resources.toProto()).map((resource) => protobufJson(Resource, resource));
}

/** As {@link agentJson}, with resources in full, which reservation and volume clients send back. */
export function agentFullJson(state: MasterState, agent: AgentRecord): LegacyJson {
  return {
    ...agentJson(state, agent),
    'reserved_resources_full': Object.fromEntries(
      [...agent.total.reservedByRole()].map(([role, resources]) => [role, fullForm(resources)]),
    ),
    'unreserved_resources_full': fullForm(agent.total.unreserved()),
    'used_resources_full': fullForm(Resources.sum(agent.used.values())),
    'offered_resources_full': fullForm(agent.offered),
  };
}

export function recoveredAgentJson(info: AgentInfo): unknown {
  return protobufJson(AgentInfo, info);
}
