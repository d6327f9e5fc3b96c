/** Where an instance runs or could run, as far as constraints care, and what its fields say as text. */
import type { Attribute, DomainInfo, Offer, ValueRange } from '@mesolite/wire';

export interface Place {
  readonly hostname: string;
  readonly region?: string | undefined;
  readonly zone?: string | undefined;
  readonly attributes: readonly Attribute[];
}

/** The agent of an offer. */
export function placeOf(offer: Pick<Offer, 'hostname' | 'domain' | 'attributes'>): Place {
  return { hostname: offer.hostname, ...domainOf(offer.domain), attributes: offer.attributes ?? [] };
}

function domainOf(domain: DomainInfo | undefined): Pick<Place, 'region' | 'zone'> {
  const fault = domain?.fault_domain;
  return { region: fault?.region.name, zone: fault?.zone.name };
}

/**
 * `hostname` or `@hostname`, `@region`, `@zone`, else the first attribute of that name, as text; nothing where the place
 * has none.
 */
export function fieldOf(place: Place, field: string): string | undefined {
  switch (field) {
    case 'hostname':
    case '@hostname':
      return place.hostname;
    case '@region':
      return place.region;
    case '@zone':
      return place.zone;
    default: {
      const attribute = place.attributes.find(({ name }) => name === field);
      return attribute === undefined ? undefined : attributeText(attribute);
    }
  }
}

/** Scalars with at most three decimals, `[1-2,5-9]` by beginning, `{a,b}` sorted, or the text itself. */
export function attributeText(attribute: Attribute): string {
  switch (attribute.type) {
    case 'SCALAR':
      return decimalText(attribute.scalar?.value ?? 0);
    case 'RANGES':
      return rangesText(attribute.ranges?.range ?? []);
    case 'SET':
      return `{${[...(attribute.set?.item ?? [])].sort().join(',')}}`;
    default:
      return attribute.text?.value ?? '';
  }
}

function rangesText(ranges: readonly ValueRange[]): string {
  const sorted = [...ranges].sort((a, b) => a.begin - b.begin);
  return `[${sorted.map(({ begin, end }) => `${begin}-${end}`).join(',')}]`;
}

/** At most three decimals, halves to the even neighbour. */
export function decimalText(value: number): string {
  const scaled = value * 1000;
  const below = Math.floor(scaled);
  const half = scaled - below === 0.5;
  const millis = half && below % 2 === 0 ? below : Math.round(scaled);
  // Adding nothing makes -0 plain.
  return String(millis / 1000 + 0);
}
