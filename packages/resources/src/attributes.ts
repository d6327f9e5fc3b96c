/** Attributes of an agent: named values in the order given; names may repeat. Sets are not supported, as in the original. */
import { err, ok, type Result } from '@mesolite/base';
import type { Attribute } from '@mesolite/wire';
import { formatRanges } from './value-ranges.ts';
import { formatItems } from './value-sets.ts';
import { parseValue } from './value-text.ts';

/** The attributes of `name:value;name:value` (newlines separate too). Only the first colon splits. */
export function parseAttributes(text: string): Result<Attribute[]> {
  const attributes: Attribute[] = [];
  for (const token of text.split(/[;\n]/).filter((part) => part !== '')) {
    const colon = token.indexOf(':');
    const name = token.slice(0, Math.max(colon, 0));
    const valueText = token.slice(colon + 1);
    if (colon < 0 || name === '' || valueText === '') return err(`Invalid attribute key:value pair '${token}'`);
    const parsed = parseValue(valueText);
    if (!parsed.ok) return err(`Failed to parse attribute ${name} text ${valueText} error ${parsed.error}`);
    const { type, scalar, ranges, text: textValue } = parsed.value;
    if (type === 'SCALAR') attributes.push({ name, type, scalar });
    else if (type === 'RANGES') attributes.push({ name, type, ranges });
    else if (type === 'TEXT') attributes.push({ name, type, text: textValue });
    else return err(`Bad type for attribute ${name} text ${valueText} type ${type}`);
  }
  return ok(attributes);
}

/** The object of v0 endpoints; of several attributes of one name the last is shown. */
export function attributesToV0Json(attributes: readonly Attribute[]): Record<string, number | string> {
  return Object.fromEntries(attributes.map((attribute) => [attribute.name, v0Value(attribute)]));
}

/** `[ rack=2, os=ubuntu ]`, as the log shows them. */
export function formatAttributes(attributes: readonly Attribute[]): string {
  return `[ ${attributes.map((attribute) => `${attribute.name}=${v0Value(attribute)}`).join(', ')} ]`;
}

function v0Value(attribute: Attribute): number | string {
  switch (attribute.type) {
    case 'SCALAR':
      return attribute.scalar?.value ?? 0;
    case 'RANGES':
      return formatRanges((attribute.ranges?.range ?? []).flatMap((range) => [range.begin, range.end]));
    case 'SET':
      return formatItems(attribute.set?.item ?? []);
    default:
      return attribute.text?.value ?? '';
  }
}
