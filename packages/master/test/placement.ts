/** Where agents are and which of them a framework wants, as golden scripts say it. */
import { parseAttributes } from '@mesolite/resources';
import type { AgentInfo, SchedulerAttributeConstraint, SchedulerOfferConstraints } from '@mesolite/wire';

/** `attributes=rack:r1;cores:8 domain=REGION/ZONE`; what is not named is not there. */
export function placeOf(options: ReadonlyMap<string, string>): Pick<AgentInfo, 'attributes' | 'domain'> {
  const attributes = parseAttributes(options.get('attributes') ?? '');
  if (!attributes.ok) throw new Error(attributes.error);
  const domain = options.get('domain');
  return { attributes: attributes.value, domain: domain === undefined ? undefined : domainOf(domain) };
}

export function domainOf(text: string): NonNullable<AgentInfo['domain']> {
  const [region = '', zone = ''] = text.split('/');
  return { fault_domain: { region: { name: region }, zone: { name: zone } } };
}

/**
 * `SELECTOR:PREDICATE:VALUE`, several with commas between: each is a group of its own. SELECTOR is HOSTNAME, REGION, ZONE
 * or the name of an attribute; PREDICATE as the protocol names it.
 */
export function constraintsOf(role: string, text: string | undefined): SchedulerOfferConstraints | undefined {
  if (text === undefined) return undefined;
  const groups = text.split(',').map((one) => ({ attribute_constraints: [constraintOf(one)] }));
  return { role_constraints: { [role]: { groups } } };
}

function constraintOf(text: string): SchedulerAttributeConstraint {
  const [name = '', predicate = '', value = ''] = text.split(':');
  const pseudo = (['HOSTNAME', 'REGION', 'ZONE'] as const).find((one) => one === name);
  return {
    selector: pseudo === undefined ? { attribute_name: name } : { pseudoattribute_type: pseudo },
    predicate: { [predicate]: predicate.endsWith('matches') ? { regex: value } : { value } },
  };
}
