/**
 * What an agent may change and still be the same one (`--reconfiguration_policy`): nothing, or only add. The rules are the
 * original's.
 */
import { Resources } from '@mesolite/resources';
import { type AgentInfoV0, Attribute, DomainInfo, type Resource } from '@mesolite/wire';

export type ReconfigurationPolicy = 'equal' | 'additive';

/** What an agent tells of itself. */
export interface AgentIdentity {
  readonly hostname: string;
  readonly port: number;
  readonly resources: readonly Resource[];
  readonly attributes: readonly Attribute[];
  readonly domain?: DomainInfo | undefined;
}

/** What forbids that the agent of `before` goes on as `now`, or nothing. */
export function incompatibility(
  before: AgentInfoV0,
  now: AgentIdentity,
  policy: ReconfigurationPolicy,
): string | undefined {
  const obstacle = policy === 'equal' ? difference(before, now) : subtraction(before, now);
  if (obstacle === undefined) return undefined;
  return policy === 'equal'
    ? `Incompatible agent info detected: ${obstacle}`
    : `Configuration change not permitted under 'additive' policy: ${obstacle}`;
}

function difference(before: AgentInfoV0, now: AgentIdentity): string | undefined {
  const changed = (what: string, was: unknown, is: unknown): string => `${what} changed from ${was} to ${is}`;
  const place = movedPlace(before, now);
  if (place !== undefined) return place;
  const [was, is] = [Resources.from(before.resources), Resources.from(now.resources)];
  if (!was.equals(is)) return changed('Resources', was, is);
  const [had, has] = [attributesText(before.attributes ?? []), attributesText(now.attributes)];
  if (had !== has) return changed('Attributes', had, has);
  const [from, to] = [domainText(before.domain), domainText(now.domain)];
  return from === to ? undefined : changed('Domain', from, to);
}

function subtraction(before: AgentInfoV0, now: AgentIdentity): string | undefined {
  const place = movedPlace(before, now);
  if (place !== undefined) return place;
  if (before.domain !== undefined && domainText(before.domain) !== domainText(now.domain)) {
    return `Domain changed from ${domainText(before.domain)} to ${domainText(now.domain)}`;
  }
  const [was, is] = [Resources.from(before.resources), Resources.from(now.resources)];
  if (!is.contains(was)) {
    return `Resources decreased from ${was} to ${is}: missing are ${was.minus(is)}`;
  }
  for (const attribute of before.attributes ?? []) {
    const match = now.attributes.find(({ name }) => name === attribute.name);
    if (match === undefined) return `Couldn't find attribute ${Attribute.toJson(attribute)}`;
    const wrong = attributeLoss(attribute, match);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function movedPlace(before: AgentInfoV0, now: AgentIdentity): string | undefined {
  if (before.hostname !== now.hostname) return `Hostname changed from ${before.hostname} to ${now.hostname}`;
  return before.port === now.port ? undefined : `Port changed from ${before.port} to ${now.port}`;
}

/** Ranges may grow; other values stay. */
function attributeLoss(before: Attribute, now: Attribute): string | undefined {
  if (before.type !== now.type) {
    return `Type of attribute '${before.name}' changed from ${before.type} to ${now.type}`;
  }
  if (before.type === 'RANGES') {
    const wider = now.ranges?.range ?? [];
    const covered = (before.ranges?.range ?? []).every(({ begin, end }) =>
      wider.some((range) => range.begin <= begin && end <= range.end),
    );
    return covered
      ? undefined
      : `Previous value of ranges attribute '${before.name}' is not included in the current one`;
  }
  const [was, is] = [Attribute.toJson(before), Attribute.toJson(now)];
  return was === is ? undefined : `Value of attribute '${before.name}' changed from ${was} to ${is}`;
}

function domainText(domain: DomainInfo | undefined): string {
  return domain === undefined ? 'none' : DomainInfo.toJson(domain);
}

function attributesText(attributes: readonly Attribute[]): string {
  return `[${attributes
    .map((attribute) => Attribute.toJson(attribute))
    .sort()
    .join(',')}]`;
}
