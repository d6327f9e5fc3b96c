/** An agent as `/state` and `/slaves` show it. */
import { Resources, toEndpointFormat } from '@mesolite/resources';
import { AgentInfo, Resource } from '@mesolite/wire';
import type { AgentRecord } from '../../state/agents.ts';
import { agentInfoJson, type LegacyJson, protobufJson, seconds } from './legacy-parts.ts';

/** Reserved resources by reservation role. */
export function reservedByRole(total: Resources): Map<string, Resources> {
  const roles = new Map<string, Resources>();
  for (const resource of total.reserved().toProto()) {
    const role = resource.reservations?.at(-1)?.role ?? '*';
    roles.set(role, (roles.get(role) ?? Resources.empty).plus(Resources.from([resource])));
  }
  return roles;
}

export function agentJson(agent: AgentRecord): LegacyJson {
  const json = agentInfoJson(agent.info);
  json['pid'] = agent.pid;
  json['registered_time'] = seconds(agent.registeredWallMs);
  if (agent.reregisteredWallMs !== undefined) json['reregistered_time'] = seconds(agent.reregisteredWallMs);
  json['resources'] = agent.total.toV0Json();
  json['used_resources'] = Resources.sum(agent.used.values()).toV0Json();
  json['offered_resources'] = agent.offered.toV0Json();
  json['reserved_resources'] = Object.fromEntries(
    [...reservedByRole(agent.total)].map(([role, resources]) => [role, resources.toV0Json()]),
  );
  json['unreserved_resources'] = agent.total.unreserved().toV0Json();
  json['active'] = agent.active;
  json['deactivated'] = false;
  json['version'] = agent.version;
  json['capabilities'] = agent.capabilityList.flatMap(({ type }) => type ?? []);
  return json;
}

function fullForm(resources: Resources): unknown[] {
  return toEndpointFormat(resources.toProto()).map((resource) => protobufJson(Resource, resource));
}

/** As {@link agentJson}, with resources in full, which reservation and volume clients send back. */
export function agentFullJson(agent: AgentRecord): LegacyJson {
  return {
    ...agentJson(agent),
    'reserved_resources_full': Object.fromEntries(
      [...reservedByRole(agent.total)].map(([role, resources]) => [role, fullForm(resources)]),
    ),
    'unreserved_resources_full': fullForm(agent.total.unreserved()),
    'used_resources_full': fullForm(Resources.sum(agent.used.values())),
    'offered_resources_full': fullForm(agent.offered),
  };
}

export function recoveredAgentJson(info: AgentInfo): unknown {
  return protobufJson(AgentInfo, info);
}
